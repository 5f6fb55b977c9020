// A recorded bundle in the form that reporters take.

import { type Bundle, BundleError } from '../evidence/bundle-reader.ts';
import { viewExchange } from '../evidence/view.ts';
import type { RunReport } from '../reporters/report.ts';

/** `complete` is said by the caller while the bundle is still being written; otherwise it is whether it is sealed. */
export function reportOf(bundle: Bundle, complete: boolean = bundle.sealed): RunReport {
	if (bundle.results === null) {
		throw new BundleError(`'${bundle.directory}' has no results.json: its run was killed. 'snpgate replay' judges what it saw.`);
	}
	return {
		run: bundle.run,
		plan: bundle.plan,
		results: bundle.results,
		complete,
		evidence: (id) => {
			const record = bundle.exchanges.get(id);
			return record === undefined ? null : viewExchange(record, bundle.blob);
		},
	};
}
