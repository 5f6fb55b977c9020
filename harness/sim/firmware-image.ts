// The firmware image of a simulated host: an OVMF for SEV by its tables, with no program in it.

import { amdSevPlan, buildImage } from '../domain/snp/measure/build-ovmf.ts';
import type { World } from './world.ts';

/** 4 MiB, as Fedora's OVMF.amdsev.fd. */
const pages = 1024;
const images = new Map<string, Uint8Array>();

/** The same version is the same image, and so has the same launch digest. */
export function firmwareImage({ guests }: World): Uint8Array {
	const version = guests.firmwareVersion;
	const image = images.get(version) ?? buildImage({ ...amdSevPlan, pages, fill: Buffer.from([0xff]) });
	if (!images.has(version)) {
		image.set(Buffer.from(version), 0);
		images.set(version, image);
	}
	return image;
}
