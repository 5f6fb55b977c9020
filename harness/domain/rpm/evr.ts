// EVR: [EPOCH:]VERSION[-RELEASE], compared in that order (rpm-version(7)).

import { compareVersions, type Order } from './vercmp.ts';

export interface Evr {
	/** Digits of any length; '0' where none was written. */
	readonly epoch: string;
	readonly version: string;
	/** Null where none was written. */
	readonly release: string | null;
}

/** The text is empty or has control characters, so it is no version of anything. */
export class EvrError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'EvrError';
	}
}

/**
 * Splits as rpm does: leading digits before ':' are the epoch, what follows the last '-' is the release.
 * Every printable, non-empty text is some EVR; EvrError for any other.
 */
export function parseEvr(text: string): Evr {
	if (text === '') {
		throw new EvrError("'' is no version: expected [EPOCH:]VERSION[-RELEASE], for example '2:9.1.0-1.fc41'");
	}
	const unprintable = /\p{Cc}/u.exec(text);
	if (unprintable !== null) {
		throw new EvrError(
			`A version is printable text, and character ${unprintable.index + 1} of this one is a control character: ` +
				"expected [EPOCH:]VERSION[-RELEASE], for example '2:9.1.0-1.fc41'",
		);
	}
	const epoch = /^(\d*):/.exec(text);
	const rest = epoch === null ? text : text.slice(epoch[0].length);
	const dash = rest.lastIndexOf('-');
	return {
		epoch: epoch?.[1] || '0',
		version: dash === -1 ? rest : rest.slice(0, dash),
		release: dash === -1 ? null : rest.slice(dash + 1),
	};
}

/** -1, 0 or 1 as `a` is older than, equal to or newer than `b`. Where either has no release, releases do not count. */
export function compareEvr(a: Evr, b: Evr): Order {
	const order = compareVersions(a.epoch, b.epoch) || compareVersions(a.version, b.version);
	return order !== 0 || a.release === null || b.release === null ? order : compareVersions(a.release, b.release);
}
