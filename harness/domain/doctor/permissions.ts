// What a request needs beyond an ordinary user, and why: a table by program or path, joined with what the checks ask.

/** What is done on a host: a program with its arguments, or a file that is read. */
export type Need = { readonly argv: readonly string[] } | { readonly path: string };

/** A need with the checks that make it. */
export interface Asking {
	readonly need: Need;
	/** Ids, with the kind of each. */
	readonly checks: readonly { readonly id: string; readonly kind: string }[];
	/** Whether the doctor asks it as well. */
	readonly doctor: boolean;
}

/** One capability with everything that is lost without it. */
export interface Permission {
	readonly capability: string;
	readonly why: string;
	readonly needs: readonly Need[];
	/** Ids of checks, in the order of the suites. */
	readonly checks: readonly string[];
	readonly doctor: boolean;
}

type Subject =
	/** `on` is the beginning of one of the arguments. */
	{ readonly program: string; readonly on?: string } | { readonly under: string };

interface Row {
	readonly capability: string;
	readonly why: string;
	readonly subjects: readonly Subject[];
	/** Kinds whose checks ask this only after a first answer, so that their first request does not show it. */
	readonly kinds?: readonly string[];
}

/** The first row with a subject that fits has the word. */
const rows: readonly Row[] = [
	{
		capability: 'root and the cpuid driver',
		why: "CPUID is read from /dev/cpu/0/cpuid, which 'modprobe cpuid' makes and root may read",
		subjects: [{ program: 'dd', on: 'if=/dev/cpu/' }],
	},
	{
		capability: 'root, /dev/sev and the msr driver',
		why: "it asks the AMD Secure Processor through /dev/sev and reads model specific registers ('modprobe msr')",
		subjects: [{ program: 'snphost' }],
	},
	{
		capability: 'the journal',
		why: "kernel messages are shown to root and to the groups 'systemd-journal', 'adm' and 'wheel'",
		subjects: [{ program: 'journalctl' }],
	},
	{
		capability: "the kernel's ring buffer",
		why: 'it stands in where there is no journal; where kernel.dmesg_restrict is 1 it needs root',
		subjects: [{ program: 'dmesg' }],
	},
	{
		capability: 'the libvirt socket',
		why: "qemu:///system is open to root and, on Fedora, to the group 'libvirt'; the daemon or its socket must be active",
		subjects: [{ program: 'virsh' }],
	},
	{
		capability: 'the devices of KVM',
		why: 'it looks at /dev/kvm and at the devices and cgroups of this machine as the user who runs it',
		subjects: [{ program: 'virt-host-validate' }],
	},
	{
		capability: '/dev/sev',
		why: 'any user may look at the device, but a container sees it only when it is passed in',
		subjects: [{ program: 'stat', on: '/dev/sev' }],
	},
	{
		capability: 'rpm database readable',
		why: 'any user may read it on Fedora; a container or another distribution has one of its own or none',
		subjects: [{ program: 'rpm' }],
		kinds: ['package'],
	},
	{
		capability: 'QEMU executable',
		why: 'it lists the properties of an object and starts no guest; any user may run it, /dev/kvm is not needed',
		subjects: [{ program: 'qemu-system-x86_64' }],
	},
	{
		capability: 'selinuxfs visible',
		why: 'any user may ask; a container does not see how the host enforces',
		subjects: [{ program: 'getenforce' }],
	},
	{
		capability: 'sysfs of the host',
		why: 'any user may read these; a module that is not loaded shows none of its parameters',
		subjects: [{ under: '/sys/' }],
	},
	{
		capability: 'any user',
		why: 'it is open to everybody; in a container some of it is the container, not the host',
		subjects: [
			{ program: 'head', on: '/proc/cpuinfo' },
			{ program: 'uname' },
			{ program: 'stat', on: '/usr/' },
			{ under: '/proc/' },
			{ under: '/etc/os-release' },
		],
	},
];

/** A suite that was changed may ask what the table does not know: that is said, not guessed. */
const unknown: Row = { capability: 'not known', why: 'the table of capabilities has no row for this', subjects: [] };

/** Groups what is asked by the capability it needs, in the order of the table; what has no row comes last. */
export function joinPermissions(askings: readonly Asking[]): readonly Permission[] {
	const placed = askings.map((asking) => ({ asking, row: findRow(asking.need) }));
	const all = askings.flatMap(({ checks }) => checks);
	return [...rows, unknown].flatMap((row): readonly Permission[] => {
		const own = placed.filter((candidate) => candidate.row === row).map(({ asking }) => asking);
		if (own.length === 0) {
			return [];
		}
		const first = new Set(own.flatMap(({ checks }) => checks.map(({ id }) => id)));
		const lost = all.filter(({ id, kind }) => first.has(id) || row.kinds?.includes(kind) === true).map(({ id }) => id);
		return [
			{
				capability: row.capability,
				why: row.why,
				needs: own.map(({ need }) => need),
				checks: [...new Set(lost)],
				doctor: own.some(({ doctor }) => doctor),
			},
		];
	});
}

function findRow(need: Need): Row {
	return rows.find(({ subjects }) => subjects.some((subject) => fits(subject, need))) ?? unknown;
}

function fits(subject: Subject, need: Need): boolean {
	if ('path' in need) {
		return 'under' in subject && need.path.startsWith(subject.under);
	}
	if ('under' in subject) {
		return false;
	}
	const [program, ...rest] = need.argv;
	const { on } = subject;
	return program === subject.program && (on === undefined || rest.some((argument) => argument.startsWith(on)));
}
