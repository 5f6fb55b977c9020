// How a guest's kernel is asked for an attestation report: configfs-tsm (Linux 6.7), in a directory of this request alone, so
// that another's request is noticed and not disturbed (facts/attestation.md section 4.1). Nothing is asked twice: many failures
// take the guest's key to the firmware (VMPCK) away until it boots again.

import { createHash } from 'node:crypto';
import { type Batch, Inconclusive, type Observations, type Observing } from '../language/kind.ts';
import { execAnswer, execText, fileBytes, rawBytes } from '../language/observations.ts';
import { guestDeviceScript } from './guest-device.ts';

const reports = '/sys/kernel/config/tsm/report';
/** Bytes of a nonce; the other half of REPORT_DATA binds the channel. */
const nonceLength = 32;
/** Writes that count in the attribute 'generation': the level and the data. */
const ownWrites = 2;

/** Where the report is to come from. `below`: one level below what the guest may ask for, which must be refused. */
export type Level = 'floor' | 'below';

/**
 * Asks for one report. Names begin with `prefix`, so that a check can ask for several. REPORT_DATA is a nonce of this program
 * and the SHA-256 of the key that the channel's other end proved to have, zeros where it proved none (design section 8.1).
 * Returns all answers so far.
 */
export function* requestReport(prefix: string, level: Level = 'floor'): Generator<Batch, Observations, Observations> {
	const seen = yield {
		[`${prefix}nonce`]: { do: 'random', length: nonceLength },
		[`${prefix}channel`]: { do: 'channel-key' },
	};
	const data = reportData(seen, prefix);
	if (data === null) {
		return seen;
	}
	const directory = `${reports}/snpgate-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`;
	const made = yield {
		[`${prefix}mkdir`]: { do: 'exec', argv: ['mkdir', directory], changes: true },
		[`${prefix}provider`]: { do: 'read-file', path: `${directory}/provider` },
		[`${prefix}floor`]: { do: 'read-file', path: `${directory}/privlevel_floor` },
		[`${prefix}before`]: { do: 'read-file', path: `${directory}/generation` },
	};
	const answer = made.get(`${prefix}mkdir`);
	if (answer?.kind !== 'exec' || answer.status !== 0) {
		if (answer?.kind === 'exec' && isAbsent(Buffer.from(answer.stderr).toString())) {
			yield* requestByDevice(prefix, data);
		}
		return seen;
	}
	const floor = smallNumber(made, `${prefix}floor`);
	const wanted = floor === null ? null : level === 'floor' ? floor : floor - 1;
	if (wanted !== null && wanted >= 0) {
		yield {
			[`${prefix}level`]: { do: 'write-file', path: `${directory}/privlevel`, text: `${wanted}\n` },
			[`${prefix}inblob`]: { do: 'write-file', path: `${directory}/inblob`, hex: Buffer.from(data).toString('hex') },
			[`${prefix}outblob`]: { do: 'read-file', path: `${directory}/outblob` },
			[`${prefix}auxblob`]: { do: 'read-file', path: `${directory}/auxblob` },
			[`${prefix}after`]: { do: 'read-file', path: `${directory}/generation` },
		};
	}
	yield { [`${prefix}rmdir`]: { do: 'exec', argv: ['rmdir', directory], changes: true } };
	return seen;
}

/** Kernels before 6.7 have no such file system, but the device; there only an interpreter can ask it. */
function* requestByDevice(prefix: string, data: Uint8Array): Observing {
	yield {
		[`${prefix}device`]: {
			do: 'exec',
			argv: ['python3', '-c', guestDeviceScript, Buffer.from(data).toString('hex')],
			changes: true,
		},
	};
}

function isAbsent(stderr: string): boolean {
	return /No such file or directory/.test(stderr);
}

/** The 64 bytes that were asked for; null when nonce or channel could not be had. */
function reportData(observations: Observations, prefix: string): Uint8Array | null {
	const [nonce, channel] = [observations.get(`${prefix}nonce`), observations.get(`${prefix}channel`)];
	if (nonce?.kind !== 'bytes' || channel?.kind !== 'bytes') {
		return null;
	}
	const binding = channel.bytes.length === 0 ? Buffer.alloc(32) : createHash('sha256').update(channel.bytes).digest();
	return Buffer.concat([nonce.bytes, binding]);
}

function smallNumber(observations: Observations, name: string): number | null {
	const answer = observations.get(name);
	const text = answer?.kind === 'file' ? Buffer.from(answer.bytes).toString().trim() : '';
	return /^\d$/.test(text) ? Number(text) : null;
}

/** A report as the guest gave it, not judged yet. */
export interface CollectedReport {
	readonly report: Uint8Array;
	/** The certificate table of the host's; empty when it gives none. */
	readonly table: Uint8Array;
	readonly data: Uint8Array;
	/** The other end of the channel proved a key, which the report is bound to. */
	readonly bound: boolean;
	/** The level that was asked for. */
	readonly level: number;
	readonly by: 'configfs-tsm' | '/dev/sev-guest';
}

/** Why a guest gives no report: the product's failure, with the errno's own reason (facts/attestation.md section 4.1). */
export interface NoReport {
	readonly code: string;
	readonly message: string;
	readonly actual: string;
}

const refusals: Readonly<Record<string, readonly [code: string, message: string]>> = {
	ENXIO: ['no-report-provider', 'the kernel has no provider of reports: sev-guest is not loaded, or this is no SEV-SNP guest'],
	EINVAL: ['report-refused', 'the firmware refused the request (invalid parameter or key)'],
	ENOTTY: ['vmpck-wiped', "an earlier error took the guest's key to the firmware away; only a new boot brings it back"],
	EIO: ['report-sequence', 'the sequence counter of the messages ran over, or the buffer for certificates is too small'],
	EBADMSG: ['report-not-authentic', "the firmware's answer did not decrypt, and the guest's key to it is gone"],
	ENOENT: ['no-report-interface', 'the kernel has neither configfs-tsm nor the device of sev-guest'],
	EFBIG: ['report-too-big', 'the report is larger than the interface gives'],
};

/** The report, or why there is none. Throws Inconclusive where the guest cannot be blamed. */
export function readReport(observations: Observations, prefix: string): CollectedReport | NoReport {
	const data = reportData(observations, prefix);
	if (data === null) {
		rawBytes(observations, `${prefix}nonce`);
		rawBytes(observations, `${prefix}channel`);
		throw new Inconclusive('protocol', 'nonce or channel key are of the wrong form');
	}
	const bound = data.subarray(nonceLength).some((byte) => byte !== 0);
	const made = execAnswer(observations, `${prefix}mkdir`);
	if (made.status !== 0) {
		const stderr = execText(observations, `${prefix}mkdir`, 'stderr').trim();
		if (isAbsent(stderr)) {
			return readFromDevice(observations, prefix, data, bound);
		}
		const errno = /No such device or address/.test(stderr) ? 'ENXIO' : null;
		if (errno === null) {
			throw new Inconclusive('report-request', `the directory for a request could not be made: ${stderr}`);
		}
		return noReport(errno);
	}
	const level = smallNumber(observations, `${prefix}floor`);
	if (level === null) {
		throw new Inconclusive('unrecognised-output', "'privlevel_floor' is no number");
	}
	for (const name of ['level', 'inblob', 'outblob']) {
		const answer = fileBytes(observations, prefix + name);
		if ('errno' in answer) {
			return unreadable(answer.errno);
		}
	}
	requireOwnGeneration(observations, prefix);
	const [report, table] = [fileBytes(observations, `${prefix}outblob`), fileBytes(observations, `${prefix}auxblob`)];
	return {
		report: 'errno' in report ? new Uint8Array() : report,
		table: 'errno' in table ? new Uint8Array() : table,
		data,
		bound,
		level,
		by: 'configfs-tsm',
	};
}

/** A throttled host and a busy interface are nobody's failure; they may be gone next time. */
function unreadable(errno: string): NoReport {
	if (errno === 'ETIMEDOUT') {
		throw new Inconclusive(
			'throttled',
			'the host throttled the request for over a minute; the guest lost its key to the firmware',
		);
	}
	if (errno === 'EBUSY' || errno === 'ENOMEM' || errno === 'EACCES') {
		throw new Inconclusive('report-request', `the report could not be asked for (${errno})`);
	}
	return noReport(errno);
}

function noReport(errno: string): NoReport {
	const [code, message] = refusals[errno] ?? ['report-refused', 'the report was refused'];
	return { code, message, actual: errno };
}

/** Another writer in our directory, or none of our writes: the report is not the answer to our data. */
function requireOwnGeneration(observations: Observations, prefix: string): void {
	const [before, after] = [smallGeneration(observations, `${prefix}before`), smallGeneration(observations, `${prefix}after`)];
	if (before === null || after === null || after - before !== ownWrites) {
		throw new Inconclusive(
			'generation-conflict',
			`the request was disturbed: expected generation ${(before ?? 0) + ownWrites}, found ${after ?? 'none'}`,
		);
	}
}

function smallGeneration(observations: Observations, name: string): number | null {
	const answer = observations.get(name);
	const text = answer?.kind === 'file' ? Buffer.from(answer.bytes).toString().trim() : '';
	return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** The script prints the answer in hex, or one line that says what went wrong. */
function readFromDevice(
	observations: Observations,
	prefix: string,
	data: Uint8Array,
	bound: boolean,
): CollectedReport | NoReport {
	const { status } = execAnswer(observations, `${prefix}device`);
	const [stdout, stderr] = [
		execText(observations, `${prefix}device`).trim(),
		execText(observations, `${prefix}device`, 'stderr').trim(),
	];
	if (status === 127) {
		return noReport('ENOENT');
	}
	const errno = /^errno (E[A-Z]+)/.exec(stderr)?.[1];
	if (errno !== undefined) {
		return unreadable(errno);
	}
	if (status !== 0 || !/^(?:[0-9a-f]{2})+ \d$/.test(stdout)) {
		throw new Inconclusive('unrecognised-output', `the device answered '${(stderr || stdout).slice(0, 120)}'`);
	}
	const [hex = '', level = '0'] = stdout.split(' ');
	return { report: Buffer.from(hex, 'hex'), table: new Uint8Array(), data, bound, level: Number(level), by: '/dev/sev-guest' };
}
