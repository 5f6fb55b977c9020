// Engine 'evr': the package's own epoch, version and release, ordered by rpm.

import { compareEvr, type Evr } from '../rpm/evr.ts';
import { type Parsed, parseBounds, type Scale } from './bounds.ts';

/** All three parts, in the characters that Fedora's packaging guidelines allow: a missing one would silently match too much. */
const FULL = /^(\d+):([\w.+~^]+)-([\w.+~^]+)$/;

const scale: Scale<Evr> = {
	parse(text) {
		const [, epoch, version, release] = FULL.exec(text) ?? [];
		return epoch === undefined || version === undefined || release === undefined ? null : { epoch, version, release };
	},
	compare: compareEvr,
	form: 'a full EPOCH:VERSION-RELEASE with epoch 0 where a package has none, for example \'evr: ">= 2:9.1.0-1"\'',
};

// Epochs are 32-bit numbers, so real packages lie between these two.
const LOWEST: Evr = { epoch: '0', version: '0', release: '0' };
const HIGHEST: Evr = { epoch: '4294967296', version: '0', release: '0' };

/** A predicate over installed EVRs, or one sentence that says what is wrong with the range. */
export function parseEvrRange(text: string): Parsed<(installed: Evr) => boolean> {
	const range = parseBounds(text, scale);
	// Bounds leave no holes: what admits both ends admits all between.
	if (range.ok && range.value(LOWEST) && range.value(HIGHEST)) {
		return { ok: false, message: `'${text}' admits every version and so cannot fail: raise the lower bound` };
	}
	return range;
}
