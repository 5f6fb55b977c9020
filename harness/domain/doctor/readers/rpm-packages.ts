// Names, epochs, versions and releases of packages, as rpm -q, dnf list, dnf info and a dnf download print them.

export interface ListedPackage {
	readonly name: string;
	/** Null where none was printed; that is not the same as 0. */
	readonly epoch: string | null;
	readonly version: string;
	readonly release: string;
	/** Where it was, or would be, installed from; null where that was not printed. */
	readonly repository: string | null;
	readonly line: string;
}

const architectures: ReadonlySet<string> = new Set([
	...['x86_64', 'noarch', 'aarch64', 'i386', 'i486', 'i586', 'i686', 'ppc64le', 's390x', 'src'],
]);
const architecture = new RegExp(`[.\\t](?:${[...architectures].join('|')})(?:\\s|$)`);
/** The characters of a name, a version and a release, and those between them. */
const packageForm = /^[A-Za-z0-9][\w.+~^:-]{2,320}$/;
const nameForm = /^[A-Za-z0-9][\w.+~^-]{0,127}$/;
const epochForm = /^\d{1,9}$/;
/** Where it comes from: a repository, an installed one with '@', dnf 5's hash of one or '<unknown>'. */
const repositoryForm = /^(?:[@\w][\w.@/:-]{0,127}|<unknown>)$/;
const columns = /^(\S{1,160})\s{1,160}(\S{1,160})\s{1,160}(\S{1,160})$/;
const downloaded = /^\(\d{1,6}\/\d{1,6}\): /;
/** The colons stand in a column, as those of a recipe do not. */
const infoFields: ReadonlySet<string> = new Set([
	...['Name', 'Epoch', 'Version', 'Release', 'From repo', 'From repository', 'Repository'],
]);
const infoValue = /^\S{1,128}$/;
const longestField = 32;
/** A machine has some thousands of packages, and a repository is not pasted. */
const mostPackages = 10_000;
/** dnf's words for an installed package whose origin it does not name here. */
const noRepository = /^(?:System|commandline|installed|<unknown>)$/;

/** A package where every line is of one; the fields of dnf info and rpm -qi make one as well, from one name to the next. */
export function* listedPackages(lines: readonly string[]): Generator<ListedPackage> {
	let fields = new Map<string, string>();
	let count = 0;
	for (const line of lines) {
		const one = inOneLine(line);
		if (count >= mostPackages) {
			return;
		}
		if (one !== null) {
			yield one;
			count++;
			continue;
		}
		const colon = line.indexOf(' : ');
		if (colon <= 0 || colon > longestField) {
			continue;
		}
		const [field, value] = [line.slice(0, colon).trimEnd(), line.slice(colon + 3)];
		if (!infoFields.has(field) || !infoValue.test(value)) {
			continue;
		}
		if (field === 'Name') {
			yield* described(fields);
			count++;
			fields = new Map();
		}
		// The first of each: what other programs print below is not of this package.
		fields.set(field, fields.get(field) ?? value);
	}
	yield* described(fields);
}

/** Most lines of most texts have no architecture behind a dot or a tab, which is looked for first. */
function inOneLine(line: string): ListedPackage | null {
	if (line.indexOf('\t') > 0) {
		return architecture.test(line) ? (queried(line) ?? inList(line)) : null;
	}
	const start = line[0] === '(' ? (downloaded.exec(line)?.[0].length ?? 0) : 0;
	const blank = line.indexOf(' ', start);
	const isFile = blank < 0 || line[blank + 1] === ' ';
	if (!isFile && line.indexOf(' ', blank + 2) < 0) {
		return null;
	}
	const first = blank < 0 ? line.slice(start) : line.slice(start, blank);
	const word = first.endsWith('.rpm') ? first.slice(0, -4) : first;
	const dot = word.lastIndexOf('.');
	if (dot < 0 || !architectures.has(word.slice(dot + 1)) || !packageForm.test(word)) {
		return null;
	}
	const dash = word.lastIndexOf('-', word.lastIndexOf('-', dot) - 1);
	const file = dash > 0 && isFile ? evr(word.slice(dash + 1, dot)) : null;
	if (file === null || word.lastIndexOf(':', dash) >= 0) {
		return inList(line);
	}
	return { name: word.slice(0, dash), epoch: file.epoch, version: file.version, release: file.release, repository: null, line };
}

/** `dnf list`: name and architecture, version, repository. */
function inList(line: string): ListedPackage | null {
	const [, named = '', version = '', repository = ''] = columns.exec(line) ?? [];
	const dot = named.lastIndexOf('.');
	const name = named.slice(0, Math.max(0, dot));
	const isPackage = architectures.has(named.slice(dot + 1)) && nameForm.test(name) && packageForm.test(version);
	const found = isPackage ? evr(version) : null;
	return found !== null && repositoryForm.test(repository)
		? { name, ...found, repository: repositoryName(repository), line }
		: null;
}

/** Name, epoch, version, release and architecture between tabs, as this program asks rpm for them. */
function queried(line: string): ListedPackage | null {
	const [name = '', epoch = '', version = '', release = '', arch = ''] = line.split('\t', 5);
	const isPackage = architectures.has(arch) && nameForm.test(name) && /^(?:\d{1,9}|\(none\))$/.test(epoch);
	const found = isPackage && packageForm.test(`${version}-${release}`) ? evr(`${version}-${release}`) : null;
	return found === null ? null : { name, ...found, epoch: epoch === '(none)' ? '0' : epoch, repository: null, line };
}

/** Of `[epoch:]version-release`, whose characters were looked at. */
function evr(text: string): Pick<ListedPackage, 'epoch' | 'version' | 'release'> | null {
	const colon = text.indexOf(':');
	const dash = text.indexOf('-', colon + 1);
	const epoch = colon < 0 ? null : text.slice(0, colon);
	if (dash <= colon + 1 || dash === text.length - 1 || text.includes(':', colon + 1) || text.includes('-', dash + 1)) {
		return null;
	}
	return epoch === null || epochForm.test(epoch)
		? { epoch, version: text.slice(colon + 1, dash), release: text.slice(dash + 1) }
		: null;
}

function described(fields: ReadonlyMap<string, string>): readonly ListedPackage[] {
	const [name, version, release] = [fields.get('Name'), fields.get('Version'), fields.get('Release')];
	if (name === undefined || version === undefined || release === undefined) {
		return [];
	}
	const line = `${name}-${version}-${release}`;
	const repository = repositoryName(fields.get('From repo') ?? fields.get('From repository') ?? fields.get('Repository'));
	return [{ name, epoch: fields.get('Epoch') ?? null, version, release, repository, line }];
}

/** dnf marks what is installed with '@'. */
function repositoryName(text: string | undefined): string | null {
	const name = text?.replace(/^@{1,2}/, '') ?? '';
	return name === '' || noRepository.test(name) ? null : name;
}
