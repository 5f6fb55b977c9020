// Which firmware descriptors count, of all directories together.

import { type FirmwareDescriptor, firmwareDescriptor } from './firmware-descriptor.ts';
import { jsonObjects } from './json-objects.ts';

interface DescriptorFile {
	readonly directory: string;
	readonly name: string;
	readonly text: string;
}

interface SelectedDescriptor {
	readonly directory: string;
	readonly name: string;
	/** Null when the file is not a descriptor: libvirt passes over it too. */
	readonly descriptor: FirmwareDescriptor | null;
}

/**
 * The descriptors that count, in the order in which they are tried. A file in the user's directory hides one of the same
 * name in /etc, and that one in /usr; an empty file hides without putting anything in its place. Names decide the order,
 * byte by byte, whatever the directory (docs/interop/firmware.json).
 */
export function selectDescriptors(files: readonly DescriptorFile[]): readonly SelectedDescriptor[] {
	const byName = new Map<string, DescriptorFile>();
	for (const file of files.filter(({ name }) => name.endsWith('.json') && !name.startsWith('.'))) {
		const other = byName.get(file.name);
		if (other === undefined || precedence(file.directory) < precedence(other.directory)) {
			byName.set(file.name, file);
		}
	}
	return [...byName.values()]
		.filter(({ text }) => text !== '')
		.sort((left, right) => (left.name < right.name ? -1 : 1))
		.map(({ directory, name, text }) => {
			const [value] = jsonObjects(text);
			return { directory, name, descriptor: value === undefined ? null : firmwareDescriptor(value) };
		});
}

/** The lower one hides the higher one. */
function precedence(directory: string): number {
	return directory.startsWith('/usr/') ? 2 : directory.startsWith('/etc/') ? 1 : 0;
}
