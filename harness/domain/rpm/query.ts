// Asking the rpm database for one package, and reading what it answers.

/** An installed package. Every field is one line of printable text. */
export interface Nevra {
	readonly name: string;
	/** Digits; '0' for a package without an epoch. */
	readonly epoch: string;
	readonly version: string;
	readonly release: string;
	readonly arch: string;
}

export interface InstalledPackage extends Nevra {
	/** Null where the package names none. */
	readonly vendor: string | null;
}

/** EPOCHNUM and not EPOCH: the latter is '(none)' when unset. rpm itself turns \t and \n into tab and newline. */
const FORMAT = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{VENDOR}\\n';

/** What rpm prints for a tag that a package does not have. */
const UNSET = '(none)';

/** Argument vector that asks for `label`: a NAME, or NAME-VERSION-RELEASE.ARCH for one build of a multi-install package. */
export function rpmQuery(label: string): string[] {
	return ['rpm', '-q', '--qf', FORMAT, label];
}

/** How an rpm process ended. `status` as a shell has it: 127 not found, 126 not executable, null for a signal. */
interface RpmAnswer {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

type RpmFinding =
	/** At least one. */
	| { readonly found: 'installed'; readonly packages: readonly InstalledPackage[] }
	| { readonly found: 'not-installed' }
	/** There is no rpm to ask. */
	| { readonly found: 'no-rpm' }
	/** `text` is the first thing that rpm was not expected to say. */
	| { readonly found: 'unrecognised'; readonly text: string };

/** Reads the answer to `rpmQuery(label)`, where every package found must have the name `name`. Strict: nothing is guessed. */
export function parseRpmAnswer({ status, stdout, stderr }: RpmAnswer, name: string, label: string): RpmFinding {
	if (status === 127 || status === 126) {
		return { found: 'no-rpm' };
	}
	// With a database it cannot open, rpm says 'error: …' here and goes on to call the package not installed.
	const complaint = /^error: .*$/m.exec(stderr);
	if (complaint !== null) {
		return { found: 'unrecognised', text: complaint[0] };
	}
	// The exit status of a query is the number of packages it did not find.
	if (status === 1 && stdout === `package ${label} is not installed\n`) {
		return { found: 'not-installed' };
	}
	if (status !== 0) {
		return { found: 'unrecognised', text: `exit ${status ?? 'by a signal'}: ${firstLine(stdout) || firstLine(stderr)}` };
	}
	const lines = (stdout.endsWith('\n') ? stdout.slice(0, -1) : stdout).split('\n');
	const packages: InstalledPackage[] = [];
	for (const line of lines) {
		const read = parseLine(line);
		if (read === null || read.name !== name) {
			return { found: 'unrecognised', text: line };
		}
		packages.push(read);
	}
	return { found: 'installed', packages };
}

/** Version and release hold no '-' and no blank (rpm refuses to build such a package), which keeps NEVRAs unambiguous. */
const LINE = /^([^\s\p{Cc}]+)\t(\d{1,10})\t([^\s\p{Cc}-]+)\t([^\s\p{Cc}-]+)\t([^\s\p{Cc}]+)\t([^\p{Cc}]+)$/u;

function parseLine(line: string): InstalledPackage | null {
	const [, name, epoch, version, release, arch, vendor] = LINE.exec(line) ?? [];
	if (
		name === undefined ||
		epoch === undefined ||
		version === undefined ||
		release === undefined ||
		arch === undefined ||
		vendor === undefined
	) {
		return null;
	}
	return { name, epoch, version, release, arch, vendor: vendor === UNSET ? null : vendor };
}

function firstLine(text: string): string {
	return text.split('\n', 1)[0] ?? '';
}

/** NAME-[EPOCH:]VERSION-RELEASE, with the epoch where it is not 0: `qemu-system-x86-core-2:7.2.0-1`. */
export function packageLabel({ name, epoch, version, release }: Nevra): string {
	return `${name}-${Number(epoch) === 0 ? '' : `${epoch}:`}${version}-${release}`;
}
