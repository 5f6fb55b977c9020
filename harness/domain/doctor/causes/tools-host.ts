// Causes that the host's tools show: snphost, sevctl, AMD's component test, SELinux.

import type { Cause } from '../reading.ts';

export const toolsHostCauses: readonly Cause[] = [
	{
		code: 'cpu-not-amd',
		meaning: 'The processor is not one of AMD, so there is no SEV of any kind.',
		isNot: 'A switch in the firmware setup: CPUID names another vendor.',
		next: 'Use a host with an AMD EPYC 7003 (Milan) or later; nothing on this one can be switched on.',
		severity: 'blocks-snp',
		rank: 10,
		lookAt: "'vendor_id' in /proc/cpuinfo, and whether this is a virtual machine",
	},
	{
		code: 'sev-off-in-bios',
		meaning:
			'The processor offers no SEV, so that SEV-ES and SEV-SNP are absent as well: memory encryption is off in the firmware setup, or it is a processor without SEV.',
		isNot: 'A matter of kvm_amd: the kernel takes SEV from CPUID and from what the firmware enabled, before kvm_amd comes.',
		next: "Enable memory encryption in the firmware setup (AMD: 'SMEE') and virtualization (AMD: 'SVM Mode'), after checking that the processor is an EPYC; a processor without SEV has nothing to switch on.",
		severity: 'blocks-snp',
		rank: 10,
		lookAt: 'CPUID 0x8000001F EAX bit 1 and MSR 0xC0010010 bit 23; bit 4 of the former after the change (snp-off-in-bios)',
	},
	{
		code: 'snp-off-in-bios',
		meaning:
			'CPUID does not announce SEV-SNP while SEV is there: the firmware setup has it off, or the processor is older than Milan.',
		isNot: 'A kernel without SNP, or kvm_amd.sev_snp=0: neither changes CPUID.',
		next: "Enable SNP in the firmware setup (AMD: 'SEV-SNP Support' and 'SNP Memory (RMP Table) Coverage'); on an EPYC 7002 or older there is none to enable.",
		severity: 'blocks-snp',
		rank: 10,
		lookAt: "CPUID 0x8000001F EAX bit 4; the kernel's line 'RMP table physical range' after the change",
	},
	{
		code: 'sme-off-in-msr',
		meaning: 'The processor can encrypt memory, but SYSCFG bit 23 (MemEncryptionModEn) is clear.',
		isNot: "A missing 'mem_encrypt=on': SNP needs the bit of the firmware, not that option.",
		next: "Enable memory encryption in the firmware setup (AMD: 'SMEE').",
		severity: 'blocks-snp',
		rank: 11,
		lookAt: 'MSR 0xC0010010 bit 23',
	},
	{
		code: 'snp-not-enabled-in-msr',
		meaning:
			'The kernel did not switch SEV-SNP on (SYSCFG bit 24): the RMP table is missing or does not cover all memory, or the IOMMU does not allow it.',
		isNot: 'A defect of the PSP: SNP INIT fails after it because of it.',
		next: "Read the host's kernel log from its beginning ('journalctl -k -b -o cat') and give it to the doctor as well: it says which of RMP, IOMMU and command line it was.",
		severity: 'blocks-snp',
		rank: 35,
		lookAt:
			"'SEV-SNP: …RMP table…' and 'AMD-Vi: SNP: …' in the kernel log; 'SNP Memory (RMP Table) Coverage' in the firmware setup; iommu= on the command line",
	},
	{
		code: 'alias-check-incomplete',
		meaning:
			'The firmware did not check memory modules for aliased addresses since the last change (AMD-SB-3015, CVE-2024-21944).',
		isNot: 'A host that cannot run SNP guests: it can, with a weaker promise.',
		next: 'Update the platform firmware (AGESA and SEV firmware) to a version with the alias check, then power the host off and on.',
		severity: 'weakens',
		rank: 42,
		lookAt: "'snphost ok' of 0.6 or later after the update; ALIAS_CHECK_COMPLETE in PLATFORM_INFO of a report",
	},
	{
		code: 'snp-not-initialised',
		meaning:
			'SNP is enabled in the processor, but the secure processor is not initialised for it (SNP_INIT was not done or failed).',
		isNot: 'A matter of the firmware setup: the bit of the processor is set.',
		next: "Look in the host's kernel log for 'SEV-SNP: failed to INIT' and load kvm_amd, which does the initialisation on newer kernels ('modprobe kvm_amd').",
		severity: 'blocks-snp',
		rank: 45,
		lookAt: 'lines of ccp in the kernel log; the version of the SEV firmware',
	},
	{
		code: 'rmp-not-initialised',
		meaning: 'The firmware says that the RMP table is not initialised.',
		isNot: "The false 'RMP is UNINIT' of snphost 0.5 with firmware 1.55 and later, which is not counted.",
		next: "Look in the host's kernel log for 'SEV-SNP: …RMP…' and run 'snphost ok' of 0.6 or later.",
		severity: 'blocks-snp',
		rank: 46,
		lookAt: 'RMP_BASE and RMP_END (MSR 0xC0010132 and 0xC0010133); SNP_PLATFORM_STATUS',
	},
	{
		code: 'tcb-not-committed',
		meaning: "The TCB that reports name is not the platform's current one: an update is provisional.",
		isNot: 'A broken host: guests run, and their reports name the older version.',
		next: "When the update is to stay, its owner can make it final with 'snphost commit'; that cannot be undone.",
		severity: 'note',
		rank: 48,
		lookAt: "'snphost show tcb'",
	},
	{
		code: 'selinux-denies-dev-sev',
		meaning: 'SELinux denied access to /dev/sev, without which no SEV guest starts.',
		isNot: 'Missing hardware: the device is there. permissive=1 means that it was let through this time.',
		next: "Check the label of the device ('ls -Z /dev/sev', sev_device_t) with 'restorecon -v /dev/sev', and report the denial against selinux-policy.",
		severity: 'blocks-snp',
		rank: 60,
		lookAt: "'ausearch -m AVC -ts boot' with the version of selinux-policy",
	},
	{
		code: 'selinux-denial',
		meaning: 'SELinux denied something to a program or domain that runs guests.',
		isNot: 'By itself the reason of a failed launch: many denials are harmless, and with permissive=1 nothing was stopped.',
		next: "Repeat the launch and compare the times with 'ausearch -m AVC -ts recent'; report the denial against selinux-policy.",
		severity: 'note',
		rank: 62,
		lookAt: "QEMU's or libvirt's text of the same minute",
	},
];
