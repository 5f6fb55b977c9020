// /proc/cpuinfo of x86: the first processor's record.

export interface CpuIdentity {
	/** 'AuthenticAMD', 'GenuineIntel', or whatever the CPU says. */
	readonly vendor: string;
	/** Combined family: base plus extended. */
	readonly family: number;
	/** Combined model: extended model times 16 plus base. */
	readonly model: number;
	readonly stepping: number | null;
	readonly modelName: string;
	readonly flags: ReadonlySet<string>;
}

/** Reads the first record of /proc/cpuinfo; null when vendor, family or model are not there (another architecture). */
export function parseCpuinfo(text: string): CpuIdentity | null {
	const fields = new Map<string, string>();
	for (const line of text.split('\n')) {
		if (line.trim() === '') {
			if (fields.size > 0) {
				break;
			}
			continue;
		}
		const colon = line.indexOf(':');
		if (colon > 0) {
			fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
		}
	}
	const vendor = fields.get('vendor_id');
	const family = decimal(fields.get('cpu family'));
	const model = decimal(fields.get('model'));
	if (vendor === undefined || family === null || model === null) {
		return null;
	}
	return {
		vendor,
		family,
		model,
		stepping: decimal(fields.get('stepping')),
		modelName: fields.get('model name') ?? '',
		flags: new Set((fields.get('flags') ?? '').split(/\s+/).filter((flag) => flag !== '')),
	};
}

function decimal(text: string | undefined): number | null {
	return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null;
}
