// For the test of the corpus' `expect`: kernel logs, and the host's own tools.

import { list, type Table } from './test-expect.ts';

export const hostKernel: Table = {
	// Both words say that the text is too short to tell.
	rmp: { is: ({ fact }) => fact('rmp'), reads: (wanted) => (wanted === 'absent-in-excerpt' ? 'unknown' : wanted) },
	sev_api: 'sevApi',
	snp_api: 'snpApi',
	asids: ({ fact }) => ({ sev: fact('asids', 'sev'), sev_es: fact('asids', 'sevEs'), sev_snp: fact('asids', 'sevSnp') }),
	sev_es: ({ fact }) => fact('asidStates', 'sevEs'),
	sev_snp: ({ fact }) => fact('asidStates', 'sevSnp'),
	sev_es_usable: ({ fact }) => fact('asidsUsable', 'sevEs'),
	// A count that was not said is left out by the corpus, and null in our facts.
	legacy_asid_count: ({ fact }) =>
		Object.fromEntries(
			[
				['sev', fact('legacyAsidCounts', 'sev')],
				['sev_es', fact('legacyAsidCounts', 'sevEs')],
				['sev_snp', fact('legacyAsidCounts', 'sevSnp')],
			].filter(([, count]) => count !== null),
		),
	iommu_snp_line: ({ fact }) => fact('iommuSnp') !== null,
	iommu_efr: 'iommuEfr',
	iommu_snpsup_bit63: ({ fact }) => Number(fact('iommuSnpSupported')),
	ciphertext_hiding: 'ciphertextHiding',
	rmpupdate_failed: ({ fact }) =>
		list(fact('rmpUpdatesFailed')).map((_, index) => ({
			pfn: fact('rmpUpdatesFailed', index, 'pfn'),
			pg_level: fact('rmpUpdatesFailed', index, 'pgLevel'),
			ret: fact('rmpUpdatesFailed', index, 'ret'),
		})),
	// The only line of a kernel log's deny list that the doctor knows; checks/suites.test.ts has the list itself.
	deny_list_hit: ({ fact }) => Number(fact('rmpUpdateFailures')) > 0,
	fw_floor_1_51_met: 'firmwareFloorMet',
	// A PCI function has colons; firmware's own device is called 'psp'.
	device: ({ fact }) =>
		String(fact('sevDevice')).includes(':') ? fact('sevDevice') : `${fact('sevDevice')} without PCI address`,
	sev_init_failed: ({ fact }) => fact('sevInitFailure', 'error') !== undefined,
	error: ({ fact }) => fact('sevInitFailure', 'error'),
	rc: ({ fact }) => fact('sevInitFailure', 'rc'),
	fw_update: 'firmwareUpdated',
	ccp_devices: 'ccpDevices',
	sev_device: 'sevDevice',
	kvm_amd_loads: 'kvmAmdLoads',
	guest_memfd_missing: 'guestMemfdMissing',
	module_param_sev_snp: 'parameterSevSnp',
};

export const guestKernel: Table = {
	tee: 'tee',
	snp: ({ fact }) => fact('tee') === 'sev-snp',
	vmpl: 'vmpl',
	vmpck: 'vmpck',
	svsm: 'svsm',
	cpuid_entries: 'cpuidEntries',
	sev_guest_driver: 'sevGuestDriver',
	report_version: 'reportVersion',
	tpm_driver: 'tpmDriver',
	tpm_version: 'tpmVersion',
};

export const snphost: Table = {
	counts: ({ fact }) => ({ PASS: fact('counts', 'pass'), FAIL: fact('counts', 'fail'), SKIP: fact('counts', 'skip') }),
	fails: 'failed',
	skips: 'skipped',
	overall: ({ fact }) => (list(fact('failed')).length === 0 ? 'pass' : 'fail'),
	fw: 'firmware',
	cbit: 'cBit',
	phys_bits: 'reducedPhysicalBits',
	min_sev_asid: 'minSevAsid',
	vmpls: 'vmpls',
	rmp_addr: ({ fact }) => list(fact('rmpRange')).map(Number),
	rmp_init: 'rmpInitialized',
	tcb_match: 'tcbMatch',
	platform_tcb: ({ fact }) => ({
		ucode: fact('platformTcb', 'microcode'),
		snp: fact('platformTcb', 'snp'),
		tee: fact('platformTcb', 'tee'),
		bl: fact('platformTcb', 'bootLoader'),
	}),
	format: 'format',
	// sevctl does not say its name: the list of tests is what there is.
	tool: ({ fact }) => fact('tool') ?? fact('testList'),
	verdicts: 'verdicts',
};
