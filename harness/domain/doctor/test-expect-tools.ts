// For the test of the corpus' `expect`: attestation, TPM, SELinux, packages and the SVSM's console.

import { cause, list, type Seen, type Table } from './test-expect.ts';

export const snpguest: Table = {
	class: cause,
	// A failure is a cause; without one nothing was proven (design section 1), so that it is never 'pass' and never accepted.
	overall: ({ code }) => (code === null ? null : 'fail'),
	accept: ({ code }) => (code === null ? null : false),
	chain_ok: 'chainOk',
	tcb_ok: 'tcbOk',
	chip_id_ok: 'chipIdOk',
	signature_ok: 'signatureOk',
	key: 'key',
	status: 'status',
	version: 'version',
	guest_svn: 'guestSvn',
	abi_minor: 'abiMinor',
	vmpl: 'vmpl',
	smt: 'smt',
	debug: 'debug',
	measurement: 'measurement',
	all_zero: 'allZero',
};

const bankOf = ({ fact }: Seen) => Object.keys(fact('pcrs') ?? {}).join();
const pcrsOf = (seen: Seen) => seen.fact('pcrs', bankOf(seen));

export const tpm: Table = {
	manufacturer: 'manufacturer',
	vendor: 'vendor',
	revision: 'revision',
	hardware: 'hardware',
	bank: bankOf,
	pcrs: pcrsOf,
	// A file's name: the values of the same PCRs in it are others.
	differs_from: (seen) => {
		const mine = Object.entries(pcrsOf(seen) ?? {});
		const theirs = new Map(Object.entries(pcrsOf(seen.other(String(seen.wanted))) ?? {}));
		const differ = mine.length > 0 && mine.every(([index, value]) => theirs.has(index) && theirs.get(index) !== value);
		return differ ? seen.wanted : null;
	},
	verdict: 'verdict',
	firmware: 'firmware',
	driver: 'driver',
	system: 'system',
	subsystem: 'subsystem',
	libraries: 'libraries',
	exit_status: 'exitStatus',
};

export const avc: Table = {
	avc: 'avc',
	relevant: 'relevant',
	scontext_type: 'scontextType',
	tcontext_type: 'tcontextType',
	permissive: 'permissive',
	comm: 'comm',
};

export const rpm: Table = {
	// The expectation names some of the packages.
	pkgs: ({ fact, wanted }) =>
		Object.fromEntries(
			list(fact('packages'))
				.map((_, at) => [fact('packages', at, 'name'), `${fact('packages', at, 'version')}-${fact('packages', at, 'release')}`])
				.filter(([name]) => String(name) in Object(wanted)),
		),
	fedora: 'fedora',
	name: ({ fact }) => fact('packages', 0, 'name'),
	epoch: ({ fact }) => Number(fact('packages', 0, 'epoch')),
	version: ({ fact }) => fact('packages', 0, 'version'),
	release: ({ fact }) => fact('packages', 0, 'release'),
	from_repo: ({ fact }) => fact('packages', 0, 'repository'),
	entries: ({ fact }) =>
		list(fact('changed')).map((_, at) => ({
			flags: fact('changed', at, 'flags'),
			attr: fact('changed', at, 'attribute'),
			path: fact('changed', at, 'path'),
		})),
	gate_fail: ({ fact }) => list(fact('damaged')).length > 0,
	rows: 'rows',
	columns: 'columns',
};

export const svsm: Table = { class: cause, firmware_launched: 'firmwareLaunched' };
