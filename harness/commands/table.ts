// Every command, its options, and what is not built yet. Data only: `--help` is printed from it and loads nothing else.

interface OptionSpec {
	readonly type: 'string' | 'boolean';
	readonly multiple?: boolean;
	/** How the value is called in the help. */
	readonly value?: string;
	readonly summary: string;
}

export interface CommandSpec {
	readonly name: string;
	readonly usage: string;
	readonly summary: string;
	readonly options: Readonly<Record<string, OptionSpec>>;
	/** Whether it exits by its verdict. */
	readonly judges: boolean;
	/** Options of the contract that do not exist yet: they do not parse. */
	readonly later: readonly string[];
	/** What its exit code says, where it is neither that of a verdict nor that of something written. */
	readonly exits?: string;
}

const json: OptionSpec = { type: 'boolean', summary: 'Print one JSON document on standard output and nothing else there' };

const host: OptionSpec = {
	type: 'string',
	multiple: true,
	value: 'H',
	summary: "'local', 'sim', 'sim:WORLD', or a name in --hosts (default: local)",
};

const hosts: OptionSpec = { type: 'string', value: 'F', summary: 'Inventory of hosts' };

const selection: Readonly<Record<string, OptionSpec>> = {
	matrix: { type: 'string', value: 'F', summary: "Matrix file; without it the one of the host's release" },
	profile: { type: 'string', multiple: true, value: 'P', summary: 'Judge under this profile; the first decides' },
	set: { type: 'string', multiple: true, value: 'AXIS=VALUE', summary: 'Give an axis this value' },
	cell: { type: 'string', multiple: true, value: 'ID', summary: 'Only this cell' },
	only: { type: 'string', multiple: true, value: 'CHECK', summary: 'Only this check, by id or instance' },
	tag: { type: 'string', multiple: true, value: 'T', summary: 'Only checks with this tag' },
	host,
	hosts,
};

export const commands: readonly CommandSpec[] = [
	{
		name: 'run',
		judges: true,
		usage: 'run [SUITE…] [OPTION…]',
		summary: 'Observe a host, judge what was seen, write a bundle and a verdict',
		options: {
			...selection,
			jobs: { type: 'string', value: 'N', summary: 'Cells with guests worked on at a time (default: 1)' },
			deadline: { type: 'string', value: 'D', summary: 'End the whole run after this time, for example 30min' },
			out: { type: 'string', value: 'DIR', summary: 'The new bundle (default: reports/<run id>)' },
			json,
		},
		later: ['subject', 'shard', 'offline', 'resume', 'report', 'exit-codes', 'wait'],
	},
	{
		name: 'plan',
		judges: false,
		usage: 'plan [SUITE…] [OPTION…]',
		summary: 'Show what a run would do, and why not the rest',
		options: {
			...selection,
			format: { type: 'string', value: 'FORMAT', summary: 'table (default) or json' },
			json,
		},
		later: ['subject', 'shard', 'offline'],
	},
	{
		name: 'gate',
		judges: true,
		usage: 'gate BUNDLE… [OPTION…]',
		summary: 'The verdict over recorded bundles; refuses simulated ones',
		options: {
			profile: { type: 'string', multiple: true, value: 'P', summary: 'Only this profile; the first decides' },
			'allow-simulated': { type: 'boolean', summary: 'Judge simulated bundles too, and say so in every record' },
			json,
		},
		later: ['matrix', 'waivers'],
	},
	{
		name: 'replay',
		judges: true,
		usage: 'replay BUNDLE [--json]',
		summary: 'Judge a recorded bundle again, touching nothing',
		options: { json },
		later: [],
	},
	{
		name: 'report',
		judges: false,
		usage: 'report BUNDLE --format FORMAT [--out F]',
		summary: 'Write a recorded bundle as html, junit or markdown',
		options: {
			format: { type: 'string', value: 'FORMAT', summary: 'html, junit or markdown' },
			out: { type: 'string', value: 'F', summary: 'File to write (default: standard output)' },
		},
		later: ['allow-simulated'],
	},
	{
		name: 'doctor',
		judges: true,
		usage: 'doctor [--host H | --from F…] [--permissions] [--codes] [--json]',
		summary: 'From logs and outputs of tools to one cause and one next step',
		options: {
			from: {
				type: 'string',
				multiple: true,
				value: 'F',
				summary: 'A text of the machine, known by its content; each with its own --from',
			},
			host: { type: 'string', multiple: true, value: 'H', summary: "Look at this machine: 'local' (default), 'sim:WORLD'" },
			codes: { type: 'boolean', summary: 'List every cause: what it means, what it is not, what to do' },
			permissions: { type: 'boolean', summary: 'List what needs root, a device or a socket, and which checks are lost without' },
			json,
		},
		later: [],
	},
	{
		name: 'capture',
		judges: false,
		usage: 'capture [--host H] [--out DIR]',
		summary: 'Read everything that a check or the doctor can ask of a host into a directory',
		options: {
			host,
			hosts,
			out: { type: 'string', value: 'DIR', summary: 'New or empty directory (default: capture-<time>)' },
		},
		later: [],
	},
	{
		name: 'verify',
		judges: true,
		usage: 'verify report F --certs PATH… [OPTION…]',
		summary: 'Is an attestation report genuine, and is it acceptable?',
		options: {
			certs: {
				type: 'string',
				multiple: true,
				value: 'PATH',
				summary: 'Certificates: PEM, DER, a certificate table, or a directory',
			},
			crl: { type: 'string', multiple: true, value: 'PATH', summary: 'Revocation lists, PEM or DER' },
			'require-crl': { type: 'boolean', summary: 'Without a revocation list of this time the answer is unknown' },
			'trust-root': {
				type: 'string',
				multiple: true,
				value: 'PATH',
				summary: "A root that replaces AMD's pinned ones; marks the answer as simulated",
			},
			expect: {
				type: 'string',
				value: 'FILE',
				summary: "What is expected, in YAML; 'snpgate schema expect' prints the language",
			},
			'report-data': { type: 'string', value: 'HEX', summary: 'REPORT_DATA, 64 bytes' },
			measurement: { type: 'string', value: 'HEX', summary: 'The launch digest, 48 bytes' },
			'host-data': { type: 'string', value: 'HEX', summary: 'HOST_DATA, 32 bytes' },
			policy: { type: 'string', value: 'HEX', summary: 'The whole policy' },
			vmpl: { type: 'string', value: 'N', summary: 'VMPL, 0 to 3' },
			'min-tcb': { type: 'string', value: 'K=V,…', summary: 'Floor of the reported TCB: fmc, bl, tee, snp, ucode' },
			'allow-debug': { type: 'boolean', summary: 'Accept a policy that lets the host read the guest' },
			'allow-provisional': { type: 'boolean', summary: 'Accept firmware that is not committed' },
			at: { type: 'string', value: 'ISO-DATE', summary: 'The time at which everything must be valid (default: now)' },
			codes: { type: 'boolean', summary: 'List every reason with its meaning, and read nothing' },
			offline: { type: 'boolean', summary: "Never ask AMD's key service for what is missing" },
			json,
		},
		later: [],
	},
	{
		name: 'inspect',
		judges: false,
		usage: 'inspect report|certificates F [--json]',
		summary: 'Show what a file says, decoded',
		options: { json },
		later: [],
	},
	{
		name: 'measure',
		judges: false,
		usage: 'measure ovmf F [OPTION…]',
		summary: 'The launch digest that a guest must have, and what it is made of',
		options: {
			vcpus: { type: 'string', value: 'N', summary: 'Number of vCPUs (default: 1)' },
			'vcpu-signature': {
				type: 'string',
				value: 'HEX|NAME',
				summary: "CPUID 1 EAX of the guest's CPU, or a CPU model of QEMU (default: EPYC-v4)",
			},
			'guest-features': { type: 'string', value: 'HEX', summary: 'SEV_FEATURES of the vCPUs (default: 0x1)' },
			kernel: { type: 'string', value: 'F', summary: 'Kernel of a direct boot with kernel-hashes=on' },
			initrd: { type: 'string', value: 'F', summary: 'Its initrd' },
			append: { type: 'string', value: 'S', summary: 'Its command line' },
			json,
		},
		later: ['igvmmeasure-compat', 'native-zero'],
	},
	{
		name: 'kds',
		judges: false,
		usage: 'kds prefetch [--report F…] [--product P…] | kds status [--json]',
		summary: "Fetch what verifying will need of AMD's key service, or show what is kept of it",
		options: {
			report: {
				type: 'string',
				multiple: true,
				value: 'F',
				summary: 'All for this report: its VCEK, the chain, the revocation list',
			},
			product: { type: 'string', multiple: true, value: 'P', summary: 'Chains and revocation lists of Milan, Genoa or Turin' },
			json,
		},
		later: [],
		exits: 'Exit: 0 when all was had or shown, 2 usage or configuration, 3 when something could not be had.',
	},
	{
		name: 'schema',
		judges: false,
		usage: 'schema suite|matrix|hosts|expect',
		summary: 'JSON Schema of a file, for editors',
		options: {},
		later: [],
	},
	{
		name: 'evr',
		judges: false,
		usage: 'evr A B',
		summary: 'Compare two RPM versions: prints -1, 0 or 1',
		options: {},
		later: [],
	},
];

/** Commands of the contract that do not exist yet. */
export const laterCommands: readonly string[] = [
	'board',
	'diff',
	'howto',
	'merge',
	'pack',
	'prefetch',
	'prove',
	'repro',
	'sweep',
];
