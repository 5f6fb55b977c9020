// For the test of the corpus' `expect`: libvirt, firmware descriptors and QEMU.

import { findCause } from './causes/index.ts';
import { selectDescriptors } from './readers/select-descriptors.ts';
import { cause, type Seen, type Table } from './test-expect.ts';

export const domcaps: Table = {
	machine: 'machine',
	sev: 'sev',
	sectypes: 'sectypes',
	launchSecurity: 'launchSecurity',
	cbitpos: 'cbitpos',
	reducedPhysBits: 'reducedPhysBits',
	maxGuests: 'maxGuests',
	maxESGuests: 'maxESGuests',
	tdx: 'tdx',
	firmware_efi: 'firmwareEfi',
};

export const fwdesc: Table = {
	valid: 'valid',
	snp: 'snp',
	sev: 'sev',
	device: 'device',
	mode: 'mode',
	format: 'format',
	masked_when: mask,
};

/** Not of the text, but of two directories: the descriptor counts alone, and not beside an empty file of its name in /etc. */
function mask({ file, text }: Seen): string | null {
	const name = file.replace(/^fwdesc-/, '');
	const own = { directory: '/usr/share/qemu/firmware', name, text };
	const empty = { directory: '/etc/qemu/firmware', name, text: '' };
	const counts = selectDescriptors([own]).length === 1 && selectDescriptors([own, empty]).length === 0;
	return counts ? `${empty.directory}/${name} is empty` : null;
}

export const libvirt: Table = {
	type: 'type',
	snp: ({ fact }) => fact('type') === 'sev-snp',
	policy_bit17: 'policyBit17',
	bootable: ({ code }) => code === null || findCause(code).severity !== 'blocks-snp',
	authorKey: 'authorKey',
	vcek: 'vcek',
	cbitpos: 'cbitpos',
	reducedPhysBits: 'reducedPhysBits',
	firmware: 'firmware',
	loader: 'loader',
	loader_type: 'loaderType',
	tpm: 'tpm',
	tpm_is_svsm: 'tpmIsSvsm',
	keys: 'keys',
	api: 'api',
};

export const vhv: Table = {
	secure_guest: 'secureGuest',
	reason: 'secureGuestReason',
	iommu: 'iommu',
	lxc_fail: 'lxcFail',
	qemu_fail: 'qemuFail',
};

export const qmp: Table = {
	ok: 'ok',
	class: 'class',
	version: 'version',
	prerelease: 'prerelease',
	ge_9_1: 'atLeast91',
	has_sev_snp_guest: 'hasSevSnpGuest',
	has_sev_guest: 'hasSevGuest',
	has_igvm_cfg: 'hasIgvmCfg',
};

export const qemu: Table = {
	class: cause,
	slot: 'slot',
	start: 'start',
	flags: 'flags',
	guest_memfd: 'guestMemfd',
	ret: 'ret',
	fw_error: 'fwError',
	errno: 'errno',
	via: 'via',
	launch_state: 'launchState',
};
