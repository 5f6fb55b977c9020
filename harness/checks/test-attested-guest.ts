// For tests: a guest that answers as a kernel with configfs-tsm does, its key service, and the emulator that runs it. Every answer
// can be replaced by the name of its request.

import { createHash } from 'node:crypto';
import type { ReportParts } from '../domain/snp/build-report.ts';
import { amdSevPlan, buildImage } from '../domain/snp/measure/build-ovmf.ts';
import { measureLaunch } from '../domain/snp/measure/launch-digest.ts';
import { parseOvmf } from '../domain/snp/measure/ovmf.ts';
import { testChain, testNow } from '../domain/snp/test-chain.ts';
import type { Answer, BootAnswer, KeyRequest, Request } from '../ports.ts';
import { absent, ran, read } from './test-observe.ts';

export const guestChain = testChain('Genoa');
export const channelKey = Buffer.from('the key that the other end proved to have');
export const firmwarePath = '/usr/share/edk2/ovmf/OVMF.amdsev.fd';
export const firmware = buildImage(amdSevPlan);
const program = '/usr/bin/qemu-system-x86_64';
const pid = 4711;
const vcpuSignature = 0x800f12;

export function launchDigest(vcpus: number): Uint8Array {
	const launch = { ovmf: parseOvmf(firmware), vcpus, vcpuSignature, guestFeatures: 1n, kernel: null };
	return Buffer.from(measureLaunch(launch).digest, 'hex');
}

export interface GuestScript {
	/** Parts of each report that are not as they should be; it gets the data that was asked for and how often a report was made. */
	readonly report?: (data: Uint8Array, count: number) => Partial<ReportParts>;
	/** Lowest level of the guest. */
	readonly floor?: number;
	/** Answers by the name of the request. */
	readonly instead?: Readonly<Record<string, Answer>>;
	/** Further arguments of the emulator's sev-snp-guest. */
	readonly sev?: string;
}

/** Answers in turn, as a function that remembers what was written before. */
export function attestedGuest({ report = () => ({}), floor = 0, instead = {}, sev = 'policy=0x30000' }: GuestScript) {
	let data: Uint8Array = new Uint8Array();
	let level = 0;
	let generation = 0;
	let count = 0;
	let nonce = 0;
	const argv = [program, '-cpu', 'EPYC-v4', '-smp', '2', '-bios', firmwarePath];
	argv.push('-machine', 'q35,confidential-guest-support=sev0', '-object', `sev-snp-guest,id=sev0,cbitpos=51,${sev}`);

	const readFile = (path: string): Answer => {
		switch (path.split('/').at(-1)) {
			case 'provider':
				return read('sev_guest\n');
			case 'privlevel_floor':
			case 'vmpl':
				return read(`${floor}\n`);
			case 'generation':
				return read(`${generation}\n`);
			case 'outblob':
			case 'report.bin':
				return bytesFile(
					guestChain.report({ vmpl: level, reportData: data, measurement: launchDigest(2), ...report(data, count++) }),
				);
			case 'auxblob':
				return read('');
			case 'cmdline':
				return read(argv.map((word) => `${word}\0`).join(''));
			case 'OVMF.amdsev.fd':
				return bytesFile(firmware);
			default:
				return absent;
		}
	};

	const perform = (request: Request): Answer => {
		switch (request.do) {
			case 'random':
				nonce++;
				return { kind: 'bytes', bytes: createHash('sha512').update(`nonce ${nonce}`).digest().subarray(0, request.length) };
			case 'channel-key':
				return { kind: 'bytes', bytes: channelKey };
			case 'now':
				return { kind: 'time', iso: new Date(testNow).toISOString() };
			case 'fetch-key':
				return { kind: 'bytes', bytes: keyBytes(request.key) };
			case 'boot':
				return boot(argv);
			case 'read-file':
				return readFile(request.path);
			case 'write-file':
				generation++;
				if ('hex' in request) {
					data = Buffer.from(request.hex, 'hex');
				} else {
					level = Number(request.text);
				}
				return read('');
			case 'exec':
				return runCommand(request.argv);
			case 'transceive':
				return absent;
		}
	};

	return (name: string, request: Request): Answer => {
		const answer = perform(request);
		return instead[name] ?? answer;
	};
}

function bytesFile(bytes: Uint8Array): Answer {
	return { kind: 'file', bytes, truncated: false };
}

function keyBytes(key: KeyRequest): Uint8Array {
	return key.want === 'vcek' ? guestChain.vcek() : key.want === 'chain' ? guestChain.chainPem(key.hierarchy) : guestChain.crl();
}

function runCommand([name = '', ...args]: readonly string[]): Answer {
	const words: Readonly<Record<string, string>> = {
		readlink: `${program}\n`,
		mktemp: '/tmp/tmp.AbCdEfGhIj\n',
		'snpguest --version': 'snpguest 0.9.1\n',
		'snpguest verify certs':
			'The AMD ARK was self-signed!\nThe AMD ASK was signed by the AMD ARK!\nThe VCEK was signed by the AMD ASK!\n',
		'snpguest verify attestation': 'VEK signed the Attestation Report!\n',
	};
	return ran(words[name] ?? words[[name, ...args.slice(0, args[0] === 'verify' ? 2 : 1)].join(' ')] ?? '');
}

function boot(argv: readonly string[]): BootAnswer {
	return {
		kind: 'boot',
		role: 'subject',
		ended: 'milestones',
		milestones: [],
		argv,
		xml: null,
		pid,
		console: new Uint8Array(),
		stderr: new Uint8Array(),
		limitMs: 1000,
		exitStatus: null,
	};
}
