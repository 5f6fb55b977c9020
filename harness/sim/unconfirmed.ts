// Texts and forms of the simulated tools that neither a transcript nor a cited fact nor a real tool in the lab confirms.
// The list may only shrink: a test pins its length.

interface Unconfirmed {
	readonly tool: string;
	readonly form: string;
}

export const unconfirmed: readonly Unconfirmed[] = [
	{ tool: 'getenforce', form: 'its one word' },
	{ tool: 'journalctl', form: 'an unknown boot id' },
	{ tool: 'rpm', form: 'a wrong query format exits with 0 in rpm 4.20 as it does in 4.18' },
	{ tool: 'qemu-system-x86_64', form: "properties 'device-plane' and 'igvm-cfg' in -machine help" },
	{ tool: 'qemu-system-x86_64', form: 'build in brackets behind --version' },
	{
		tool: 'qemu-system-x86_64',
		form: "'vm-type' of a refused sev or sev-es guest, and an IGVM file or firmware that is not there",
	},
	{ tool: 'virsh', form: '--version, and all of its errors' },
	{ tool: 'virt-install', form: '--version, and its usage error' },
	{ tool: 'snphost', form: 'usage error, --version, colours, and the messages of tests that fail other than SNP' },
	{ tool: 'snpguest', form: 'errors for files that are not there or hold something else' },
	{ tool: '/proc/cpuinfo', form: 'values of bugs and power management' },
	{ tool: '/sys/fs/cgroup/misc.capacity', form: "its keys 'sev' and 'sev_es'" },
	{ tool: 'firmware descriptor', form: "body of the descriptor that maps the firmware as 'memory'" },
	{ tool: 'guest console', form: 'SeaBIOS, the path of the boot entry, and lines of systemd' },
	{ tool: 'SVSM console', form: "the tag '[SVSM]' before the lines of its TPM" },
];
