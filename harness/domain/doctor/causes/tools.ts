// Causes that tools show: those of host and guest, of packages, and of the tools themselves.

import type { Cause } from '../reading.ts';
import { toolsGuestCauses } from './tools-guest.ts';
import { toolsHostCauses } from './tools-host.ts';

export const toolsCauses: readonly Cause[] = [
	...toolsHostCauses,
	...toolsGuestCauses,
	{
		code: 'package-not-installed',
		meaning: 'A package of the SEV-SNP stack is not installed.',
		isNot: 'A defect of the platform.',
		next: "Install it ('dnf install NAME'), or take it out of the selection when another package provides the same.",
		severity: 'tool',
		rank: 85,
		lookAt: "'rpm -q --whatprovides' for the file that is needed",
	},
	{
		code: 'package-below-floor',
		meaning: 'A package of Fedora is older than the first version with SEV-SNP (libvirt 10.5.0, kernel 6.11).',
		isNot: 'A statement on distributions that carry features back to older versions: those are not judged.',
		next: "Update it ('dnf upgrade NAME') and restart what runs of it.",
		severity: 'blocks-snp',
		rank: 71,
		lookAt: "'rpm -q --changes NAME' and the version that runs",
	},
	{
		code: 'package-files-changed',
		meaning: 'A file of a package of the SEV-SNP stack is not as it was packaged.',
		isNot: 'A changed configuration file, owner or time stamp: those are not counted.',
		next: "Reinstall the package ('dnf reinstall NAME'); 'rpm -qf FILE' names it.",
		severity: 'weakens',
		rank: 72,
		lookAt: 'who put the file there: a local build of OVMF or QEMU is the usual reason',
	},
	{
		code: 'not-root',
		meaning: 'The tool was not permitted to look, so that its failures say nothing of the platform.',
		isNot: 'A host without SNP: MSRs and /dev/sev are readable by root only.',
		next: "Run it again as root ('sudo snphost ok', after 'modprobe msr').",
		severity: 'tool',
		rank: 200,
		lookAt: "'snpgate doctor --permissions'",
	},
	{
		code: 'msr-unreadable',
		meaning: 'The tool could not read model-specific registers, so that its failures of those tests say nothing.',
		isNot: 'A switch that is off: the register was not read.',
		next: "Load the driver ('modprobe msr') and run it again as root.",
		severity: 'tool',
		rank: 201,
		lookAt: '/dev/cpu/0/msr',
	},
	{
		code: 'tool-crashed',
		meaning: 'The tool stopped with an error of its own, so that what it did not say is unknown.',
		isNot: 'A pass, although no line says FAIL.',
		next: 'Update the tool and run it again; report the line to its maintainers when it stays.',
		severity: 'tool',
		rank: 202,
		lookAt: 'the version of the tool',
	},
	{
		code: 'tool-missing',
		meaning: 'The tool is not installed.',
		isNot: 'A failed test: none was run.',
		next: "Install it ('dnf install snphost' on the host, 'dnf install snpguest' in the guest).",
		severity: 'tool',
		rank: 203,
		lookAt: "'rpm -q snphost snpguest'",
	},
	{
		code: 'no-init',
		meaning: 'The SVSM has no user module to start, which is harmless: the guest goes on.',
		isNot: "A guest that did not start: 'Launching Firmware' is the line to look at.",
		next: "Nothing, unless the IGVM file was meant to have a user module; then build it with '/init' in its file system.",
		severity: 'note',
		rank: 210,
		lookAt: "the guest kernel's log after it",
	},
];
