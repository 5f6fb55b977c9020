// What the CPU models of QEMU answer to CPUID Fn0000_0001 EAX: family, model and stepping in target/i386/cpu.c, builtin_x86_defs,
// as of QEMU 10.1. A version of a model ('-v2') changes features and never these three. A guest with the host's own CPU has the
// host's value instead, stepping and all.

interface CpuModel {
	readonly name: string;
	/** Versions 1 to this one; 0 for a model that has none. */
	readonly versions: number;
	readonly family: number;
	readonly model: number;
	readonly stepping: number;
}

const models: readonly CpuModel[] = [
	{ name: 'EPYC', versions: 5, family: 0x17, model: 0x01, stepping: 2 },
	{ name: 'EPYC-IBPB', versions: 0, family: 0x17, model: 0x01, stepping: 2 },
	{ name: 'EPYC-Rome', versions: 5, family: 0x17, model: 0x31, stepping: 0 },
	{ name: 'EPYC-Milan', versions: 3, family: 0x19, model: 0x01, stepping: 1 },
	{ name: 'EPYC-Genoa', versions: 2, family: 0x19, model: 0x11, stepping: 0 },
	{ name: 'EPYC-Turin', versions: 1, family: 0x1a, model: 0x00, stepping: 0 },
];

/** Signatures of 32 bits by the names that `-cpu` takes. */
export const cpuSignatures: ReadonlyMap<string, number> = new Map(
	models.flatMap(({ name, versions, ...identity }) => {
		const numbered = Array.from({ length: versions }, (_, index) => `${name}-v${index + 1}`);
		return [name, ...numbered].map((each) => [each, cpuSignature(identity)] as const);
	}),
);

/** CPUID Fn0000_0001 EAX of a family of at least 0x0f, with its extensions: AMD publication 25481. */
export function cpuSignature({ family, model, stepping }: Pick<CpuModel, 'family' | 'model' | 'stepping'>): number {
	return ((family - 0xf) << 20) | ((model >> 4) << 16) | (0xf << 8) | ((model & 0xf) << 4) | stepping;
}
