// Causes in the host's kernel itself: kvm_amd, guest memory, and the reverse map table at run time.

import type { Cause } from '../reading.ts';

export const kvmCauses: readonly Cause[] = [
	{
		code: 'empty-asid-range',
		meaning:
			'kvm_amd has not a single address space identifier (ASID) for SEV-SNP guests, whatever word stands before the range.',
		isNot: "It is not 'enabled' because the line says so: a range whose end is below its start holds nothing.",
		next: "Give SEV-SNP identifiers again: lower or remove 'kvm_amd.ciphertext_hiding_asids' where ciphertext hiding is on, else set the share in the firmware setup (AMD: 'SEV-ES ASID Space Limit').",
		severity: 'blocks-snp',
		rank: 50,
		lookAt: "/sys/module/kvm_amd/parameters, and whether the log says 'SEV-SNP ciphertext hiding enabled'.",
	},
	{
		code: 'kvm-amd-sev-snp-off',
		meaning:
			'kvm_amd runs without SEV-SNP: one of its parameters is off, or the kernel took the feature back before kvm_amd came.',
		isNot:
			'It is not the firmware setup, as long as the log shows nothing of the RMP, the IOMMU or the secure processor failing.',
		next: "Remove 'kvm_amd.sev=0', 'kvm_amd.sev_es=0' and 'kvm_amd.sev_snp=0' from the command line and from /etc/modprobe.d and load kvm_amd again; if the parameter is not off, read the log from its beginning for the RMP and the IOMMU.",
		severity: 'blocks-snp',
		rank: 51,
		lookAt: '/sys/module/kvm_amd/parameters/sev, sev_es and sev_snp; the log from the beginning of the boot.',
	},
	{
		code: 'kernel-without-guest-memfd',
		meaning: 'The kernel was built without private guest memory, which every SEV-SNP guest needs.',
		isNot: 'It is not the firmware: kvm_amd has its identifiers and refuses at the launch.',
		next: 'Boot a kernel with guest_memfd for SEV-SNP (CONFIG_KVM_AMD_SEV with CONFIG_KVM_PRIVATE_MEM or what replaced it); the kernels of Fedora 41 and later have it.',
		severity: 'blocks-snp',
		rank: 52,
		lookAt: 'The configuration of the running kernel.',
	},
	{
		code: 'out-of-tree-snp-kernel',
		meaning: "This kernel is one of AMD's own from before SEV-SNP went into Linux 6.11, which newer QEMU and libvirt do not fit.",
		isNot: 'It is not a failure of the host; guests of that time may well run on it.',
		next: 'Boot a kernel of version 6.11 or newer.',
		severity: 'weakens',
		rank: 53,
		lookAt: "The lines 'SEV-SNP enabled (ASIDs …)' of kvm_amd under the new kernel.",
	},
	{
		code: 'kvm-amd-without-snp',
		meaning:
			'kvm_amd announces SEV and SEV-ES and says nothing of SEV-SNP: the kernel is older than 6.11, or SEV-SNP is off below it.',
		isNot: "It is not 'kvm_amd.sev_snp=0': with that, a kernel that knows SEV-SNP says 'disabled'.",
		next: "Boot a kernel of version 6.11 or newer; if it is one, switch SEV-SNP on in the firmware setup (AMD: 'SEV-SNP Support' and 'SNP Memory (RMP Table) Coverage').",
		severity: 'blocks-snp',
		rank: 54,
		lookAt: 'uname -r; lines of the RMP and of AMD-Vi; bit 4 of CPUID 0x8000001F EAX.',
	},
	{
		code: 'rmpupdate-failed',
		meaning:
			'While the host ran, an entry of the reverse map table (RMP) could not be changed or read; the page is lost or a guest crashed.',
		isNot: 'It is not a refusal to start: the host can look healthy and the next guest may run.',
		next: 'Update the kernel (6.11 release candidates lost memory at the edges of the RMP, repaired in 88a921aa3c6b), boot again, and watch the log while guests come and go.',
		severity: 'weakens',
		rank: 58,
		lookAt:
			"The 'e820: update' and 'Reserving start/end of RMP table' lines around the page's address; memory in 'SEV-SNP: Leaking PFN range'.",
	},
	{
		code: 'rmp-violation',
		meaning: 'While the host ran, something touched a page that the reverse map table (RMP) gives to a guest or to firmware.',
		isNot: 'It is not an update that was refused, and not a setting: the table did what it is for.',
		next: 'Update the kernel and boot again; if it stays, report the whole trace with the lines on the page, and keep what maps guest memory in the host (huge pages, kexec, drivers out of tree) out of the next try.',
		severity: 'weakens',
		rank: 59,
		lookAt: "The trace below the line, and the page's entry in 'SEV-SNP: PFN …, RMP entry'.",
	},
];
