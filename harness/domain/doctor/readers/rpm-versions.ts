// Which packages of Fedora are older than the first version with SEV-SNP.

import { compareEvr, type Evr } from '../../rpm/evr.ts';
import type { Sign } from '../reading.ts';
import type { ListedPackage } from './rpm-packages.ts';
import { sign } from './tool-lines.ts';

interface Floor {
	readonly evr: Evr;
	readonly code: string;
	/** dnf keeps several of it side by side, and the newest is the one that is booted. */
	readonly installOnly?: true;
}

const least = (version: string): Evr => ({ epoch: '0', version, release: '1' });
const qemu: Floor = { evr: least('9.1.0'), code: 'qemu-before-snp' };
const libvirt: Floor = { evr: least('10.5.0'), code: 'package-below-floor' };
const kernel: Floor = { evr: least('6.11.0'), code: 'package-below-floor', installOnly: true };
/** Where SEV-SNP came in upstream (facts/fedora-stack.md 4.3, 5 and 6). */
const floors: ReadonlyMap<string, Floor> = new Map([
	...['', '-kvm', '-kvm-core', '-system-x86', '-system-x86-core', '-common'].map((part) => [`qemu${part}`, qemu] as const),
	...['', '-daemon', '-daemon-driver-qemu', '-libs', '-daemon-kvm'].map((part) => [`libvirt${part}`, libvirt] as const),
	...['', '-core'].map((part) => [`kernel${part}`, kernel] as const),
]);

export function isFedora({ release }: ListedPackage): boolean {
	return /\.fc\d{2,3}(?:\.|$)/.test(release);
}

/** What is wrong with the packages' versions. Other distributions carry features back to older ones: those are not judged. */
export function versionSigns(packages: readonly ListedPackage[]): readonly Sign[] {
	const judged: { readonly one: ListedPackage; readonly floor: Floor }[] = [];
	const newest = new Map<string, { readonly one: ListedPackage; readonly floor: Floor }>();
	for (const one of packages) {
		const floor = floors.get(one.name);
		if (floor === undefined || !isFedora(one)) {
			continue;
		}
		const other = newest.get(one.name)?.one;
		if (floor.installOnly !== true) {
			judged.push({ one, floor });
		} else if (other === undefined || compareEvr(evr(one), evr(other)) > 0) {
			newest.set(one.name, { one, floor });
		}
	}
	return [...judged, ...newest.values()]
		.filter(({ one, floor }) => compareEvr(evr(one), floor.evr) < 0)
		.map(({ one, floor }) => sign(codeOf(one, floor.code), one.line));
}

/** The epoch of what is printed, and whether it is printed at all, is another matter. */
function evr({ version, release }: ListedPackage): Evr {
	return { epoch: '0', version, release };
}

/** A release candidate's release starts with '0.', so that it is older than '1', or its version ends in '~rcN'. */
function codeOf({ version }: ListedPackage, code: string): string {
	return code === 'qemu-before-snp' && /^9\.1\.0(?:~rc|$)/.test(version) ? 'qemu-release-candidate' : code;
}
