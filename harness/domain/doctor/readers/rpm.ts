// What rpm and dnf print: lists, `dnf info`, downloads, `rpm -V`, packages that are not installed, tables of comparisons.

import { compareVersions } from '../../rpm/vercmp.ts';
import { rememberLast } from '../../text/remember-last.ts';
import type { Fact, TextReader } from '../reading.ts';
import { plainText } from './pasted-text.ts';
import { type ListedPackage, listedPackages } from './rpm-packages.ts';
import { isFedora, versionSigns } from './rpm-versions.ts';
import { firstOfEach, sign, toolLines } from './tool-lines.ts';
import { isWritten } from './written-text.ts';

const notInstalled = /^(?:error: )?package (\S{1,200}) is not installed$/;
const verifyLine = /^([S.?][M.?][5.?][D.?][L.?][U.?][G.?][T.?][P.?]|missing)\s{1,8}(?:([cdglr])\s{1,4})?(\/\S.*)$/;
/** Size, digest, device or link target of a file: its content. Owner, mode, time and capabilities are not. */
const contentChanged = /^[^ ]*[S5DL]|^missing$/;
const tableHeader = 'left\tright\texpected';

/** Packages without which a Fedora host runs no SNP guest, or says nothing of it. */
const ofInterest =
	/^(?:qemu|libvirt|edk2-ovmf|kernel|snphost|snpguest|sevctl|virt-install|swtpm|linux-firmware|amd-ucode-firmware)/;
/** Files that a changed copy of makes a launch or its measurement differ. */
const pathOfInterest = /qemu|libvirt|edk2|ovmf|\/lib\/modules\/|\/lib\/firmware\/amd|snphost|snpguest|swtpm/i;
const unreadable = / \(Permission denied\)$/;
const mostKept = 1_000;

interface ChangedFile {
	readonly flags: string;
	readonly attribute: string | null;
	readonly path: string;
	readonly line: string;
	/** rpm itself was not permitted to look. */
	readonly unread: boolean;
}

/** Without one of these somewhere, a text need not be taken apart: architecture, field, sentence, flags, header. */
const worth = /[.\t](?:x86_64|noarch|aarch64|i[3-6]86|ppc64le|s390x|src)\b|Release\s*:|is not installed|\/|^left\tright\t/m;

const parts = rememberLast((text: string) => {
	const lines = toolLines(text);
	return {
		packages: [...listedPackages(lines)],
		changed: lines.flatMap((line) => changedFile(line) ?? []),
		absent: lines
			.filter((line) => line.endsWith(' is not installed'))
			.flatMap((line) => {
				const name = notInstalled.exec(line)?.[1];
				return name === undefined ? [] : [{ line, name }];
			}),
		table: lines[0] === tableHeader ? lines.slice(1) : null,
	};
});

export const rpm: TextReader = {
	kind: 'rpm',
	recognise(text) {
		if (!worth.test(text)) {
			return 0;
		}
		const { packages, changed, absent, table } = parts(text);
		const score = table !== null || absent.length > 0 ? 3 : packages.length > 0 || changed.length > 0 ? 2 : 0;
		return score > 0 && isWritten(plainText(text)) ? 0 : score;
	},
	read(text) {
		const { packages, changed, absent, table } = parts(text);
		const bad = changed.filter((file) => isDamage(file));
		return {
			kind: 'rpm',
			snp: 'unknown',
			facts: {
				...packageFacts(packages),
				notInstalled: absent.map(({ name }) => name).slice(0, mostKept),
				changed: changed.slice(0, mostKept).map(({ flags, attribute, path }) => ({ flags, attribute, path })),
				damaged: bad.map(({ path }) => path).slice(0, mostKept),
				...(table === null ? {} : tableFacts(table)),
			},
			signs: firstOfEach([
				...absent.filter(({ name }) => ofInterest.test(name)).map(({ line }) => sign('package-not-installed', line)),
				...versionSigns(packages),
				...changed.filter(({ unread }) => unread).map(({ line }) => sign('not-root', line)),
				...bad.filter(({ path }) => pathOfInterest.test(path)).map(({ line }) => sign('package-files-changed', line)),
			]),
		};
	},
};

function packageFacts(packages: readonly ListedPackage[]): Readonly<Record<string, Fact>> {
	const told = new Map<string, ListedPackage>();
	for (let at = 0; at < packages.length && told.size < mostKept; at++) {
		const one = packages[at];
		if (one !== undefined) {
			told.set(one.line, one);
		}
	}
	return {
		packages: Array.from(told.values(), ({ name, epoch, version, release, repository }) => {
			return { name, epoch, version, release, repository };
		}),
		fedora: packages.length === 0 ? null : packages.every(isFedora),
	};
}

function changedFile(line: string): ChangedFile | null {
	const slash = line.indexOf(' /');
	// Nine flags or a word, blanks and a letter are before the path.
	const [, flags, attribute, path] = slash >= 7 && slash <= 24 ? (verifyLine.exec(line) ?? []) : [];
	return flags === undefined || path === undefined
		? null
		: { flags, attribute: attribute ?? null, path: path.replace(unreadable, ''), line, unread: unreadable.test(path) };
}

/** Configuration, ghosts and documentation may differ or be left out; what is installed to be run may not. */
function isDamage({ flags, attribute, unread }: ChangedFile): boolean {
	return !unread && contentChanged.test(flags) && (attribute === null || attribute === 'r');
}

/** Rows of `left`, `right` and how they compare, and those in which this program would say something else. */
function tableFacts(lines: readonly string[]): Readonly<Record<string, Fact>> {
	const rows = lines.map((line) => line.split('\t')).filter((cells) => cells.length === 3);
	const disagree = rows.filter(([left = '', right = '', expected = '']) => String(compareVersions(left, right)) !== expected);
	return {
		rows: rows.length,
		columns: tableHeader.split('\t'),
		disagree: disagree.slice(0, mostKept).map((cells) => cells.join(' ')),
	};
}
