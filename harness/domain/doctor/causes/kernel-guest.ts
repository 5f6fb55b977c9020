// Causes that a guest's own kernel log shows.

import type { Cause } from '../reading.ts';

export const guestCauses: readonly Cause[] = [
	{
		code: 'guest-not-snp',
		meaning: 'The guest runs under another protection than SEV-SNP.',
		isNot: 'It says nothing of what the host could do: the guest was not launched as SEV-SNP.',
		next: "Launch the guest as SEV-SNP: launchSecurity type 'sev-snp' in libvirt, the object 'sev-snp-guest' in QEMU.",
		severity: 'blocks-snp',
		rank: 100,
		lookAt: "The domain's XML or QEMU's command line, and the host's kernel log.",
	},
	{
		code: 'guest-panic',
		meaning: "The guest's kernel panicked.",
		isNot: 'It is not a failed launch: firmware and kernel did start.',
		next: "Read the lines before the panic on the guest's first serial port; a root that cannot be mounted is the image or the command line, a page fault early in boot may be the firmware or the kernel.",
		severity: 'weakens',
		rank: 101,
		lookAt: "The guest's log from its beginning, and the host's log of the same minute for RMPUPDATE failures.",
	},
];
