// QEMU's and libvirt's words for a launch that failed, each with its cause (target/i386/sev.c, kvm-all.c, pc_sysfw.c).

import { isSourceCode } from './pasted-text.ts';
import { isSpoken } from './qemu-spoken.ts';

interface FailureForm {
	readonly form: RegExp;
	/** Null: the line tells that a launch failed, and the doctor has no cause for it. */
	readonly code: string | null;
	/** No SNP guest starts here, however it is defined. */
	readonly host?: true;
	/** Follows from another failure; alone, the beginning of the text was cut off. */
	readonly follows?: true;
}

const init = 'sev_(?:common_|snp_|guest_)?(?:kvm_)?init';

/** In the order in which they are tried. Where QEMU prints a value the form wants one: source code and manuals have none. */
const failures: readonly FailureForm[] = [
	{ form: /KVM_SET_USER_MEMORY_REGION2 failed, slot=\d/, code: null },
	{
		form: /Parameter '[\w-]{1,32}' does not accept value 'sev-snp-guest'|invalid object type: sev-snp-guest/,
		code: 'qemu-without-snp-object',
		host: true,
	},
	{ form: /'sev-snp' launch security is not supported with this QEMU/, code: 'qemu-without-snp-object' },
	{ form: /SEV launch security is not supported with this QEMU/, code: 'domcaps-without-sev' },
	{
		form: /Invalid value for attribute 'type' in element 'launchSecurity': 'sev-snp'|unsupported launch security type 'sev-snp'/,
		code: 'libvirt-without-snp',
	},
	{
		form: /Parameter '[\w-]{1,32}' does not accept value 'igvm-cfg'|invalid object type: igvm-cfg/,
		code: 'qemu-without-svsm-support',
	},
	{ form: /Property '[^']{0,80}\.(?:igvm-cfg|device-plane)' not found/, code: 'qemu-without-svsm-support' },
	{ form: /cannot set up private guest memory for [\w-]{1,32}: KVM required/, code: 'qemu-without-kvm' },
	{ form: /vm-type (?:snp|SEV-SNP) not supported by KVM/, code: 'kvm-without-snp', host: true },
	{ form: /KVM does not support guest_memfd/, code: 'kernel-without-guest-memfd' },
	{ form: /Could not access KVM kernel module: Permission denied/, code: 'dev-kvm-denied' },
	{ form: /Could not access KVM kernel module: [A-Z]/, code: 'dev-kvm-missing' },
	{ form: /[Ff]ailed to open \/dev\/sev(?![-\w])|Could not open '\/dev\/sev'/, code: 'dev-sev-missing-or-denied' },
	{ form: /failed to get platform status ret=-?\d/, code: 'psp-request-failed' },
	{ form: /cbitpos check failed, host '\d/, code: 'cbitpos-mismatch' },
	{ form: /reduced_phys_bits check failed, [^']{1,80}'-?\d/, code: 'reduced-phys-bits-mismatch' },
	{ form: new RegExp(`${init}: failed to initialize ret=-25\\b`), code: 'kvm-qemu-interface-mismatch' },
	{ form: new RegExp(`${init}: failed to initialize ret=-?\\d`), code: 'sev-init-refused' },
	{
		form: new RegExp(
			`${init}: host kernel does not support the requested SEV configuration|host kernel does not support requested KVM_X86_\\w{1,32} VM type`,
		),
		code: 'kvm-qemu-interface-mismatch',
	},
	{ form: /guest policy requires SEV-ES, but host SEV-ES support unavailable/, code: 'firmware-without-sev-es' },
	{ form: /SNP_LAUNCH_START ret=-5\b.{0,16}fw_error=7\b/, code: 'policy-not-allowed-by-firmware' },
	{ form: /SNP_LAUNCH_START ret=-22\b/, code: 'policy-rejected-by-kvm' },
	{ form: /SNP_LAUNCH_START ret=-25\b/, code: 'kvm-qemu-interface-mismatch', host: true },
	{ form: /SNP_LAUNCH_START ret=-?\d/, code: 'launch-start-refused' },
	{ form: /\bsev_launch_start: LAUNCH_START ret=-?\d/, code: 'sev-launch-refused' },
	{
		form: /CPUID validation failed (?:for function 0x[0-9a-f]|due to count mismatch)|SEV-SNP: failed update CPUID page/,
		code: 'cpuid-page-rejected',
	},
	{ form: /SNP_LAUNCH_UPDATE ret=-22\b/, code: 'no-private-memory-backend' },
	{ form: /SNP_LAUNCH_UPDATE ret=-?\d/, code: 'launch-update-refused' },
	{ form: /SNP_LAUNCH_FINISH ret=-?\d/, code: 'launch-finish-refused' },
	{
		form: /[Ff]ailed to locate SEV metadata header|SEV information block\/Firmware GUID Table block not found(?: in pflash rom)?|guest firmware has no hashes table GUID|guest firmware hashes table area is invalid/,
		code: 'wrong-firmware-file',
	},
	{ form: /could not load PC BIOS '[^'%]/, code: 'firmware-file-missing' },
	{
		form: /Unable to find (?:any firmware to satisfy 'efi'|'efi' firmware that is compatible with the current configuration)/,
		code: 'no-matching-firmware',
	},
	{ form: /Convert non guest_memfd backed memory region \(0xfee00000\b.{0,24}to private/, code: 'firmware-maps-apic-private' },
	{ form: /SEV-SNP does not support SMM/, code: 'smm-with-snp' },
	{ form: /SEV-SNP: Migration is not implemented/, code: 'migration-blocked' },
	{ form: new RegExp(`${init}: failed to create encryption context`), code: null, follows: true },
	{ form: /failed to initialize (?:kvm|KVM): Operation not permitted/, code: null, follows: true },
	{ form: /kvm_set_phys_mem: error registering slot/, code: null, follows: true },
	// Other reasons that QEMU has, or will have: no cause, but the reason is there.
	{ form: new RegExp(`\\b${init}: [\\w'"]`), code: null },
];

const any = new RegExp(failures.map(({ form }) => form.source).join('|'), 'g');
/** A launch says a few of them; what repeats without end says nothing more. */
const mostFailures = 200;
/** No message is longer. */
const longestMessage = 1_024;
/** A line may have a message quoted and another one spoken; more are not looked at. */
const mostInLine = 8;

export interface Failure {
	readonly code: string | null;
	readonly host: boolean;
	/** The reason is said elsewhere. */
	readonly follows: boolean;
	readonly line: string;
	/** Where in the line the message is. */
	readonly at: number;
	/** Where in the text. */
	readonly offset: number;
}

/** The failures that are spoken in the text, in their order; one a line. */
export function* findFailures(text: string, from = 0): Generator<Failure> {
	const pattern = new RegExp(any);
	let tries = 0;
	let lineOfTries = -1;
	let found = 0;
	pattern.lastIndex = from;
	for (let match = pattern.exec(text); match !== null && found < mostFailures; match = pattern.exec(text)) {
		const { index } = match;
		const start = text.lastIndexOf('\n', index) + 1;
		const newline = text.indexOf('\n', index);
		const end = newline < 0 ? text.length : newline;
		tries = lineOfTries === start ? tries + 1 : 0;
		lineOfTries = start;
		const line = text.slice(start, end);
		if (isSpoken(line, index - start, index - start + match[0].length) && !isSourceCode(line)) {
			yield { ...classify(line.slice(index - start, index - start + longestMessage)), line, at: index - start, offset: index };
			pattern.lastIndex = end;
			found++;
		} else if (tries >= mostInLine) {
			pattern.lastIndex = end;
		}
	}
}

function classify(message: string): Pick<Failure, 'code' | 'host' | 'follows'> {
	const known = failures.find(({ form }) => form.test(message));
	return { code: known?.code ?? null, host: known?.host === true, follows: known?.follows === true };
}

/** The code of a message that stands alone, as the monitor's errors do. */
export function failureCode(message: string): string | null {
	return failures.find(({ form }) => form.test(message))?.code ?? null;
}

/** ret and fw_error of a SEV command, as QEMU prints them. */
export function commandResult(line: string): { readonly ret: number | null; readonly fwError: number | null } {
	const number = (form: RegExp) => {
		const digits = form.exec(line)?.[1];
		return digits === undefined ? null : Number(digits);
	};
	return { ret: number(/\bret=(-?\d{1,9})\b/), fwError: number(/\bfw_err(?:or)?=(-?\d{1,9})\b/) };
}
