// QEMU's and libvirt's words for a launch that failed, each with its cause (target/i386/sev.c, kvm-all.c, pc_sysfw.c).

interface FailureForm {
	readonly form: RegExp;
	/** Null: the line tells that a launch failed, not why. */
	readonly code: string | null;
}

/** In the order in which they are tried; a line is the first that fits. 'ret=' wants a number: source code has %d. */
const failures: readonly FailureForm[] = [
	{ form: /does not accept value 'sev-snp-guest'/, code: 'qemu-without-snp-object' },
	{ form: /invalid object type: sev-snp-guest/, code: 'qemu-without-snp-object' },
	{ form: /'sev-snp' launch security is not supported with this QEMU/, code: 'qemu-without-snp-object' },
	{ form: /does not accept value 'igvm-cfg'|invalid object type: igvm-cfg/, code: 'qemu-without-svsm-support' },
	{ form: /Property '[^']{0,80}\.(?:igvm-cfg|device-plane)' not found/, code: 'qemu-without-svsm-support' },
	{ form: /cannot set up private guest memory for [\w-]{1,32}: KVM required/, code: 'qemu-without-kvm' },
	{ form: /vm-type (?:snp|SEV-SNP) not supported by KVM/, code: 'kvm-without-snp' },
	{ form: /Could not access KVM kernel module: Permission denied/, code: 'dev-kvm-denied' },
	{ form: /Could not access KVM kernel module: /, code: 'dev-kvm-missing' },
	{ form: /[Ff]ailed to open \/dev\/sev\b|Could not open '\/dev\/sev'/, code: 'dev-sev-missing-or-denied' },
	{ form: /failed to get platform status ret=-?\d/, code: 'psp-request-failed' },
	{ form: /cbitpos check failed/, code: 'cbitpos-mismatch' },
	{ form: /reduced_phys_bits check failed/, code: 'reduced-phys-bits-mismatch' },
	{ form: /sev_(?:common_)?kvm_init: failed to initialize ret=-?\d/, code: 'sev-init-refused' },
	{ form: /SNP_LAUNCH_START ret=-5\b.{0,16}fw_error=7\b/, code: 'policy-not-allowed-by-firmware' },
	{ form: /SNP_LAUNCH_START ret=-22\b/, code: 'policy-rejected-by-kvm' },
	{ form: /SNP_LAUNCH_START ret=-25\b/, code: 'kvm-qemu-interface-mismatch' },
	{ form: /SNP_LAUNCH_START ret=-?\d/, code: 'launch-start-refused' },
	{ form: /\bsev_launch_start: LAUNCH_START ret=-?\d/, code: 'sev-launch-refused' },
	{
		form: /CPUID validation failed (?:for function|due to count mismatch)|failed update CPUID page/,
		code: 'cpuid-page-rejected',
	},
	{ form: /SNP_LAUNCH_UPDATE ret=-22\b/, code: 'no-private-memory-backend' },
	{ form: /SNP_LAUNCH_UPDATE ret=-?\d/, code: 'launch-update-refused' },
	{ form: /SNP_LAUNCH_FINISH ret=-?\d/, code: 'launch-finish-refused' },
	{
		form: /[Ff]ailed to locate SEV metadata header|SEV information block\/Firmware GUID Table block not found|guest firmware has no hashes table GUID|guest firmware hashes table area is invalid/,
		code: 'wrong-firmware-file',
	},
	{ form: /could not load PC BIOS '/, code: 'firmware-file-missing' },
	{
		form: /Unable to find (?:any firmware to satisfy 'efi'|'efi' firmware that is compatible with the current configuration)/,
		code: 'no-matching-firmware',
	},
	{ form: /Convert non guest_memfd backed memory region \(0xfee00000\b.{0,24}to private/, code: 'firmware-maps-apic-private' },
	{ form: /SEV-SNP does not support SMM/, code: 'smm-with-snp' },
	{ form: /SEV-SNP: Migration is not implemented/, code: 'migration-blocked' },
	// What follows from a failure above; alone, the beginning of the text was cut off.
	{ form: /sev_(?:common_)?kvm_init: failed to create encryption context/, code: null },
	{ form: /failed to initialize kvm: Operation not permitted/, code: null },
	{ form: /kvm_set_phys_mem: error registering slot/, code: null },
];

const any = new RegExp(failures.map(({ form }) => form.source).join('|'));

/** Whether some line of the text is of a failed launch. */
export function mentionsFailure(text: string): boolean {
	return any.test(text);
}

/** What the line says of a failed launch, and where in the line; null for any other line. */
export function findFailure(line: string): { readonly code: string | null; readonly at: number } | null {
	const at = line.search(any);
	if (at < 0) {
		return null;
	}
	return { code: failures.find(({ form }) => form.test(line))?.code ?? null, at };
}

/** ret and fw_error of a SEV command, as QEMU prints them. */
export function commandResult(line: string): { readonly ret: number | null; readonly fwError: number | null } {
	const number = (form: RegExp) => {
		const digits = form.exec(line)?.[1];
		return digits === undefined ? null : Number(digits);
	};
	return { ret: number(/\bret=(-?\d{1,9})\b/), fwError: number(/\bfw_err(?:or)?=(-?\d{1,9})\b/) };
}
