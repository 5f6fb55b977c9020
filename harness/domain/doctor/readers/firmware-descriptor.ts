// One firmware descriptor of QEMU (docs/interop/firmware.json): what a firmware file can do and how it is mapped.

import { isObject, type JsonObject, stringList } from './json-objects.ts';

export interface FirmwareDescriptor {
	readonly features: readonly string[];
	readonly architectures: readonly string[];
	readonly device: 'flash' | 'kernel' | 'memory' | 'igvm';
	/** Of flash: 'split' unless it says otherwise; null where nothing is said. */
	readonly mode: string | null;
	readonly filename: string;
	readonly format: string | null;
}

const devices: readonly FirmwareDescriptor['device'][] = ['flash', 'kernel', 'memory', 'igvm'];

/** Null for JSON that is not a descriptor. */
export function firmwareDescriptor(value: JsonObject): FirmwareDescriptor | null {
	const features = stringList(value.features);
	const targets = value.targets;
	const { mapping } = value;
	if (stringList(value['interface-types']) === null || features === null || !Array.isArray(targets) || !isObject(mapping)) {
		return null;
	}
	const device = devices.find((name) => name === mapping.device);
	// Newer memory mappings have an executable as flash has it; older ones only a file name.
	const executable = isObject(mapping.executable) ? mapping.executable : mapping;
	const { filename, format } = executable;
	if (device === undefined || typeof filename !== 'string' || (device === 'flash' && executable === mapping)) {
		return null;
	}
	const mode = typeof mapping.mode === 'string' ? mapping.mode : device === 'flash' ? 'split' : null;
	return {
		features,
		architectures: targets.flatMap((target: unknown) =>
			isObject(target) && typeof target.architecture === 'string' ? [target.architecture] : [],
		),
		device,
		mode,
		filename,
		format: typeof format === 'string' ? format : null,
	};
}
