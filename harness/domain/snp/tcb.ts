// TCB_VERSION: eight bytes whose meaning depends on the product (facts/attestation.md section 1.4).

import type { SnpProduct } from './product.ts';

/** Security patch levels, each 0 to 255. `fmc` is of Turin alone. */
export interface Tcb {
	readonly fmc: number | null;
	readonly bootloader: number;
	readonly tee: number;
	readonly snp: number;
	readonly microcode: number;
}

export type TcbComponent = keyof Tcb;
/** In the order in which they are shown. */
export const tcbComponents: readonly TcbComponent[] = ['fmc', 'bootloader', 'tee', 'snp', 'microcode'];

/** Byte of each component; the others are reserved and zero. */
const layouts: Readonly<Record<SnpProduct, Readonly<Partial<Record<TcbComponent, number>>>>> = {
	Milan: { bootloader: 0, tee: 1, snp: 6, microcode: 7 },
	Genoa: { bootloader: 0, tee: 1, snp: 6, microcode: 7 },
	Turin: { fmc: 0, bootloader: 1, tee: 2, snp: 3, microcode: 7 },
};

/** The components in eight bytes, lowest address first. */
export function decodeTcb(bytes: Uint8Array, product: SnpProduct): Tcb {
	const layout = layouts[product];
	const of = (component: TcbComponent) => bytes[layout[component] ?? -1] ?? 0;
	return {
		fmc: layout.fmc === undefined ? null : of('fmc'),
		bootloader: of('bootloader'),
		tee: of('tee'),
		snp: of('snp'),
		microcode: of('microcode'),
	};
}

/** The eight bytes of these components; reserved ones are zero. */
export function encodeTcb(tcb: Tcb, product: SnpProduct): Uint8Array {
	const bytes = new Uint8Array(8);
	for (const [component, index] of Object.entries(layouts[product])) {
		bytes[index] = tcb[component as TcbComponent] ?? 0;
	}
	return bytes;
}

/** Indices of the bytes that are reserved in this product's layout and not zero. */
export function reservedTcbBytes(bytes: Uint8Array, product: SnpProduct): readonly number[] {
	const used = new Set(Object.values(layouts[product]));
	return [...bytes.keys()].filter((index) => !used.has(index) && bytes[index] !== 0);
}

/**
 * Components of `tcb` that are below `floor`. TCBs have an order by component only; a component that one of them lacks is
 * not compared.
 */
export function belowFloor(tcb: Tcb, floor: Partial<Tcb>): readonly TcbComponent[] {
	return tcbComponents.filter((component) => {
		const [value, least] = [tcb[component], floor[component]];
		return value !== null && least !== null && least !== undefined && value < least;
	});
}

/** Components that differ; one that only one of them has differs. */
export function differingComponents(a: Tcb, b: Tcb): readonly TcbComponent[] {
	return tcbComponents.filter((component) => a[component] !== b[component]);
}

/** `fmc 1, bootloader 1, tee 1, snp 4, microcode 81`; components that are null are left out. */
export function tcbText(tcb: Partial<Tcb>): string {
	return tcbComponents
		.flatMap((component) => (tcb[component] === null || tcb[component] === undefined ? [] : [`${component} ${tcb[component]}`]))
		.join(', ');
}

const tcbNames: Readonly<Record<string, keyof Tcb>> = {
	fmc: 'fmc',
	bl: 'bootloader',
	tee: 'tee',
	snp: 'snp',
	ucode: 'microcode',
};

/** Levels by AMD's short names, as command lines and expectations give them. */
export function tcbFloor(levels: Readonly<Record<string, number | undefined>>): Partial<Tcb> {
	return Object.fromEntries(
		Object.entries(levels).flatMap(([name, level]) => (level === undefined ? [] : [[tcbNames[name] ?? name, level]])),
	);
}

/** The short names, for who reads them from a command line. */
export const tcbShortNames: readonly string[] = Object.keys(tcbNames);
