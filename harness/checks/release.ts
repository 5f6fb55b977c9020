// The host runs the Fedora release that the matrix is about.

import { z } from 'zod';
import { parseOsRelease } from '../domain/os/os-release.ts';
import { osReleaseRequest } from '../language/host-requests.ts';
import { defineKind } from '../language/kind.ts';
import { decodeText, fileBytes } from '../language/observations.ts';

export const release = defineKind({
	kind: 'release',
	summary: 'The host runs the release of the matrix',
	target: 'host',
	params: z.strictObject({ distribution: z.enum(['fedora']).describe('ID in os-release') }),
	expectation: ({ distribution }, place) => ({ id: distribution, version: place.release }),
	*observe() {
		yield { 'os-release': osReleaseRequest };
	},
	judge(observations, { id, version }) {
		const file = fileBytes(observations, 'os-release');
		const text = file instanceof Uint8Array ? decodeText(file) : null;
		const values = text === null ? null : parseOsRelease(text);
		const actualId = values?.get('ID');
		if (values === null || actualId === undefined) {
			return {
				outcome: 'error',
				reason: { code: 'unrecognised-output', message: "'/etc/os-release' could not be read or has no ID" },
			};
		}
		// Rawhide's os-release carries the number it will become; VARIANT and VERSION name it (os-release of fedora-release).
		const isRawhide =
			/rawhide/i.test(values.get('VERSION') ?? '') || /rawhide/i.test(values.get('REDHAT_BUGZILLA_PRODUCT_VERSION') ?? '');
		const actualVersion = isRawhide ? 'rawhide' : (values.get('VERSION_ID') ?? 'without VERSION_ID');
		const expected = `ID=${id}, VERSION_ID=${version}`;
		const actual = `ID=${actualId}, VERSION_ID=${actualVersion} (${values.get('PRETTY_NAME') ?? 'no PRETTY_NAME'})`;
		if (actualId === id && actualVersion === String(version)) {
			return { outcome: 'passed', expected, actual };
		}
		return {
			outcome: 'failed',
			reason: { code: 'wrong-release', message: `This host is not Fedora ${version}` },
			expected,
			actual,
		};
	},
});
