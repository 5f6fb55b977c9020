// The file tree of a booted guest (facts/fedora-stack.md 10, facts/svsm-vtpm-igvm.md 2.1, 2.2).

import { createFileTree } from './file-tree.ts';
import type { FileEntry, FileTree } from './files.ts';
import type { GuestFacts, GuestTpm } from './guest-facts.ts';
import { type AskReport, reportRequest } from './guest-reports.ts';
import { sshHostKeyLine } from './ssh-host-key.ts';
import { sysFile, systemFiles } from './system-files.ts';
import type { Cpu, World } from './world.ts';

/** The tree; what only an SNP guest or only a guest with a TPM has, is there in those alone. */
export function guestFiles(world: World, guest: GuestFacts, hostKey: Uint8Array, ask: AskReport | null): FileTree {
	const { vmpl } = guest;
	return createFileTree({
		...systemFiles(guest.identity, guestCpu(world.cpu, guest)),
		'/sys/kernel/config': { type: 'directory' },
		'/etc/ssh/ssh_host_ed25519_key.pub': { type: 'file', content: sshHostKeyLine(hostKey, guest.identity.hostName) },
		...(vmpl === null || ask === null
			? {}
			: ({
					'/dev/sev-guest': { type: 'device' },
					'/sys/devices/system/cpu/sev/vmpl': sysFile(`${vmpl}\n`),
					'/sys/kernel/config/tsm/report': { type: 'directory', make: () => reportRequest(ask, vmpl) },
				} satisfies Readonly<Record<string, FileEntry>>)),
		...tpmFiles(guest.tpm),
	});
}

/** The processor that `-cpu EPYC-v4` shows: the host's, with the hypervisor's mark and without its own encryption features. */
function guestCpu(host: Cpu, { cpus }: GuestFacts): Cpu {
	const hidden = new Set(['sme', 'sev', 'sev_es', 'sev_snp', 'debug_swap', 'svm']);
	const flags = [...host.flags.filter((flag) => !hidden.has(flag)), 'hypervisor'];
	// EPYC-v4 is family 0x17 model 1 whatever runs below it (facts/attestation.md: signature 0x800f12).
	return {
		...host,
		family: 0x17,
		model: 1,
		stepping: 2,
		modelName: 'AMD EPYC Processor',
		cores: cpus,
		threads: cpus,
		flags,
		microcode: 0x0100_0065,
	};
}

function tpmFiles(tpm: GuestTpm): Readonly<Record<string, FileEntry>> {
	if (tpm === 'none') {
		return {};
	}
	const { device, bus, driver } =
		tpm === 'svsm'
			? { device: 'platform/tpm-svsm', bus: 'platform', driver: 'tpm-svsm' }
			: { device: 'platform/MSFT0101:00', bus: 'acpi', driver: 'tpm_crb' };
	const real = `/sys/devices/${device}`;
	return {
		'/dev/tpm0': { type: 'device', mode: 0o660, group: 'tss' },
		'/dev/tpmrm0': { type: 'device', mode: 0o660, group: 'tss' },
		'/sys/class/tpm/tpm0': { type: 'link', to: `../../devices/${device}/tpm/tpm0` },
		[`${real}/driver`]: { type: 'link', to: `../../../bus/${bus}/drivers/${driver}` },
		[`${real}/tpm/tpm0/device`]: { type: 'link', to: `../../../${device.replace('platform/', '')}` },
		[`${real}/tpm/tpm0/tpm_version_major`]: sysFile('2\n'),
		[`/sys/bus/${bus}/drivers/${driver}`]: { type: 'directory' },
		...(tpm === 'svsm'
			? { '/sys/bus/platform/devices/tpm-svsm': { type: 'link', to: '../../../devices/platform/tpm-svsm' } satisfies FileEntry }
			: {}),
	};
}
