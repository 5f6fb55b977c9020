// A one-socket EPYC 9354 (Genoa) whose firmware setup is ready for SEV-SNP. Facts sections are of facts/fedora-stack.md.

import type { Cpu, SevPlatform } from '../world.ts';

/** Flags of a Zen 4 server as /proc/cpuinfo shows them; the last ones are those of section 4.4. */
const flags = [
	'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx mmxext',
	'fxsr_opt pdpe1gb rdtscp lm constant_tsc rep_good amd_lbr_v2 nopl xtopology nonstop_tsc cpuid extd_apicid aperfmperf rapl pni',
	'pclmulqdq monitor ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand lahf_lm cmp_legacy svm',
	'extapic cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw ibs skinit wdt tce topoext perfctr_core perfctr_nb bpext',
	'perfctr_llc mwaitx cpb cat_l3 cdp_l3 hw_pstate ssbd mba perfmon_v2 ibrs ibpb stibp ibrs_enhanced vmmcall fsgsbase bmi1 avx2',
	'smep bmi2 erms invpcid cqm rdt_a avx512f avx512dq rdseed adx smap avx512ifma clflushopt clwb avx512cd sha_ni avx512bw',
	'avx512vl xsaveopt xsavec xgetbv1 xsaves cqm_llc cqm_occup_llc cqm_mbm_total cqm_mbm_local user_shstk avx512_bf16 clzero',
	'irperf xsaveerptr rdpru wbnoinvd amd_ppin cppc arat npt lbrv svm_lock nrip_save tsc_scale vmcb_clean flushbyasid',
	'decodeassists pausefilter pfthreshold avic v_vmsave_vmload vgif x2avic v_spec_ctrl vnmi avx512vbmi umip pku ospke',
	'avx512_vbmi2 gfni vaes vpclmulqdq avx512_vnni avx512_bitalg avx512_vpopcntdq la57 rdpid overflow_recov succor smca fsrm',
	'flush_l1d debug_swap sme sev sev_es sev_snp',
].flatMap((line) => line.split(' '));

export const epyc9354: Cpu = {
	vendor: 'AuthenticAMD',
	// 0x19 / 0x10 to 0x1f is Genoa (section 4.4; attestation.md 3: seen 19/11/01).
	family: 0x19,
	model: 0x11,
	stepping: 1,
	modelName: 'AMD EPYC 9354 32-Core Processor',
	microcode: 0x0a101154,
	cores: 32,
	threads: 64,
	flags,
	encryptedMemory: {
		// Bits 0 to 5: SME, SEV, page-flush MSR, SEV-ES, SEV-SNP, VMPL (section 4.4). No other bit is known here.
		eax: 0x3f,
		// C-bit 51, 5 bits of physical address less, 4 VMPLs: what the transcripts of snphost show.
		ebx: 51 | (5 << 6) | (4 << 12),
		// 1006 encrypted guests; below ASID 100 they are SEV-ES or SEV-SNP: setup value 100 of section 4.1.
		ecx: 1006,
		edx: 100,
	},
};

export const genoaPlatform: SevPlatform = {
	// 256 GiB of memory need (max_pfn << 4) + 0x4000 bytes (section 4.4). Not on a 2 MiB boundary, as on the Genoa of the transcript.
	rmp: { start: 0x2fd0_0000, end: 0x706f_ffff },
	iommuSnp: true,
	device: '0000:09:00.5',
	// Above the kernel's floor of 1.51 (section 4.1), below 1.55.38 where snphost 0.5.0 misreads the RMP (attestation.md 4).
	api: { major: 1, minor: 55, build: 32 },
	// The Genoa example of attestation.md 2.
	tcb: { bootloader: 10, tee: 0, snp: 23, microcode: 84 },
	// Made up; its first bytes look like a DER header, as those of a real chip did (virtee/snpguest issue 38).
	chipId: `02ea${'51'.repeat(62)}`,
	// attestation.md 1: version 3 came with the alias check, version 5 with ABI 1.58.
	reportVersion: 3,
	memory: { ecc: true, aliasCheckComplete: true },
	cspId: 'CN=cc-simulated.example',
	// attestation.md 4.3: nothing of QEMU 9.1 does.
	givesCertificates: false,
	// Fedora's defaults (section 4.2).
	kvmAmd: { sev: true, sevEs: true, sevSnp: true },
	memlock: 8_388_608,
};
