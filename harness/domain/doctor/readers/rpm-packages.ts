// Names, epochs, versions and releases of packages, as rpm -q, dnf list, dnf info and a dnf download print them.

import { compareEvr, parseEvr } from '../../rpm/evr.ts';

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

const arch = '(?:x86_64|noarch|aarch64|i[3-6]86|ppc64le|s390x|src)';
const word = '[\\w.+~^-]';
const fileName = new RegExp(
	`^(?:\\(\\d{1,6}/\\d{1,6}\\): )?([A-Za-z0-9]${word}{0,127})-(?:(\\d{1,9}):)?([\\w.+~^]{1,64})-([\\w.+~^]{1,96})\\.${arch}(?:\\.rpm)?(?:\\s{2,}.*)?$`,
);
const listed = new RegExp(
	`^([A-Za-z0-9]${word}{0,127})\\.${arch}\\s+(?:(\\d{1,9}):)?([\\w.+~^]{1,64})-([\\w.+~^]{1,96})\\s+([@\\w][\\w.@/:-]{0,127})$`,
);
/** Name, epoch, version, release and architecture between tabs, as this program asks rpm for them. */
const queried = new RegExp(
	`^([A-Za-z0-9]${word}{0,127})\\t(\\d{1,9}|\\(none\\))\\t([\\w.+~^]{1,64})\\t([\\w.+~^]{1,96})\\t${arch}(?:\\t|$)`,
);
/** Lines of files have it; the others are spared two expressions. */
const withArch = new RegExp(`\\.${arch}\\b`);
const infoField = /^(Name|Epoch|Version|Release|From repo|From repository|Repository)\s*: (\S{1,128})$/;
/** dnf's words for an installed package whose origin it does not name here. */
const noRepository = /^(?:System|commandline|installed)$/;

/** A package where every line is of one; the fields of dnf info and rpm -qi make one as well, from one name to the next. */
export function* listedPackages(lines: readonly string[]): Generator<ListedPackage> {
	let fields: Readonly<Record<string, string>> = {};
	for (const line of lines) {
		if (!/[.:]/.test(line)) {
			continue;
		}
		const isNamed = withArch.test(line);
		const inList = isNamed ? listed.exec(line) : null;
		const [, name, epoch, version, release] = (isNamed ? fileName.exec(line) : null) ?? inList ?? queried.exec(line) ?? [];
		if (name !== undefined && version !== undefined && release !== undefined) {
			const repository = repositoryName(inList?.[5]);
			yield { name, epoch: epoch === '(none)' ? '0' : (epoch ?? null), version, release, repository, line };
			continue;
		}
		const [, field, value] = infoField.exec(line) ?? [];
		if (field === undefined || value === undefined) {
			continue;
		}
		if (field === 'Name') {
			yield* described(fields);
			fields = {};
		}
		// The first of each: what other programs print below is not of this package.
		fields = { [field]: value, ...fields };
	}
	yield* described(fields);
}

function described(fields: Readonly<Record<string, string>>): readonly ListedPackage[] {
	const { Name, Epoch, Version, Release } = fields;
	if (Name === undefined || Version === undefined || Release === undefined) {
		return [];
	}
	const from = fields['From repo'] ?? fields['From repository'] ?? fields.Repository;
	return [
		{
			name: Name,
			epoch: Epoch ?? null,
			version: Version,
			release: Release,
			repository: repositoryName(from),
			line: `${Name}-${Version}-${Release}`,
		},
	];
}

/** dnf marks what is installed with '@'. */
function repositoryName(text: string | undefined): string | null {
	const name = text?.replace(/^@{1,2}/, '') ?? '';
	return name === '' || noRepository.test(name) ? null : name;
}

export function isFedora({ release }: ListedPackage): boolean {
	return /\.fc\d{2,3}(?:\.|$)/.test(release);
}

/**
 * Where SEV-SNP came in upstream (facts/fedora-stack.md 4.3, 5 and 6), and the cause of an older one.
 */
const floors: readonly { readonly name: RegExp; readonly floor: string; readonly code: string }[] = [
	{ name: /^qemu(?:-kvm|-kvm-core|-system-x86|-system-x86-core|-common)?$/, floor: '9.1.0-1', code: 'qemu-before-snp' },
	{ name: /^libvirt(?:-daemon|-daemon-driver-qemu|-libs|-daemon-kvm)?$/, floor: '10.5.0-1', code: 'package-below-floor' },
	{ name: /^kernel(?:-core)?$/, floor: '6.11.0-1', code: 'package-below-floor' },
];

/**
 * The code of what is wrong with a package's version, or null. Only packages of Fedora are judged: others carry features
 * back to older versions. A release candidate's release starts with '0.', so that it is older than '1', or its version ends in '~rcN'.
 */
export function versionCause(one: ListedPackage): string | null {
	const rule = floors.find(({ name }) => name.test(one.name));
	if (rule === undefined || !isFedora(one) || compareEvr(parseEvr(`${one.version}-${one.release}`), parseEvr(rule.floor)) >= 0) {
		return null;
	}
	return rule.code === 'qemu-before-snp' && /^9\.1\.0(?:~rc|$)/.test(one.version) ? 'qemu-release-candidate' : rule.code;
}
