// Which EPYC generation a CPU is, by family and model (facts/attestation.md 3, facts/fedora-stack.md 4.4).

export type Generation = 'milan' | 'genoa' | 'turin' | 'other';

interface Range {
	readonly generation: Generation;
	readonly product: string;
	readonly family: number;
	readonly models: readonly [first: number, last: number];
}

const ranges: readonly Range[] = [
	{ generation: 'milan', product: 'Milan', family: 0x19, models: [0x00, 0x0f] },
	{ generation: 'genoa', product: 'Genoa', family: 0x19, models: [0x10, 0x1f] },
	// Bergamo and Siena are Zen 4c on Genoa's SEV firmware; AMD's key service calls them Genoa too.
	{ generation: 'genoa', product: 'Bergamo or Siena', family: 0x19, models: [0xa0, 0xaf] },
	{ generation: 'turin', product: 'Turin', family: 0x1a, models: [0x00, 0x11] },
];

export interface Product {
	readonly generation: Generation;
	/** AMD's code name, or 'unknown'. */
	readonly product: string;
}

/** The generation of a CPU; everything that is not an SNP-capable AMD server part is 'other'. */
export function findProduct(vendor: string, family: number, model: number): Product {
	const found =
		vendor === 'AuthenticAMD'
			? ranges.find((range) => range.family === family && model >= range.models[0] && model <= range.models[1])
			: undefined;
	return { generation: found?.generation ?? 'other', product: found?.product ?? 'unknown' };
}
