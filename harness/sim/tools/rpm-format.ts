// The query format of rpm: literals with escapes, %{TAG} with an optional width, and [arrays]. Errors are worded as rpm 4.18 to 4.20.

import type { Package } from '../world.ts';

type Item = { readonly literal: string } | { readonly tag: string; readonly width: number };

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const widest = 1024;

/** The formatted package, or what is wrong with the format. */
export function formatPackage(format: string, pack: Package): { readonly text: string } | { readonly error: string } {
	const items = parseFormat(format);
	if (typeof items === 'string') {
		return { error: items };
	}
	let text = '';
	for (const item of items) {
		if ('literal' in item) {
			text += item.literal;
			continue;
		}
		const value = tagValue(item.tag, pack);
		if (value === null) {
			// rpm names the tag even where it is the format behind the colon that it does not know; none is simulated.
			return { error: `unknown tag: "${item.tag.split(':')[0]}"` };
		}
		const width = Math.min(Math.abs(item.width), widest);
		text += item.width < 0 ? value.padEnd(width) : value.padStart(width);
	}
	return { text };
}

function parseFormat(format: string): readonly Item[] | string {
	const items: Item[] = [];
	let inArray = false;
	for (let index = 0; index < format.length; ) {
		const char = format.charAt(index);
		if (char === '\\') {
			const escaped = format.charAt(index + 1);
			if (escaped === '') {
				return 'escaped char expected after \\';
			}
			items.push({ literal: escapes[escaped] ?? escaped });
			index += 2;
		} else if (char === '%' && format.charAt(index + 1) === '%') {
			items.push({ literal: '%' });
			index += 2;
		} else if (char === '%') {
			const field = parseField(format, index);
			if (typeof field === 'string') {
				return field;
			}
			items.push(field);
			index = field.end;
		} else if (char === '}' || (char === '[' && inArray) || (char === ']' && !inArray)) {
			return `unexpected ${char}`;
		} else if (char === '[' || char === ']') {
			// Every tag here has one value, so an array is gone through once.
			inArray = char === '[';
			index += 1;
		} else {
			items.push({ literal: char });
			index += 1;
		}
	}
	return inArray ? '] expected at end of array' : items;
}

function parseField(
	format: string,
	percent: number,
): { readonly tag: string; readonly width: number; readonly end: number } | string {
	const width = /^[-\d]*/.exec(format.slice(percent + 1, percent + 17))?.[0] ?? '';
	const open = percent + 1 + width.length;
	const char = format.charAt(open);
	if (char === '' || char === '%') {
		return 'missing { after %';
	}
	if (char !== '{' || (width !== '' && !/^-?\d+$/.test(width))) {
		return 'invalid field width';
	}
	const close = format.indexOf('}', open);
	if (close < 0) {
		return 'missing } after %{';
	}
	const tag = format.slice(open + 1, close);
	return tag === '' ? 'empty tag name' : { tag, width: Number(width), end: close + 1 };
}

/** Only tags that the world has facts for; an unset one prints '(none)'. */
function tagValue(tag: string, pack: Package): string | null {
	const { name, epoch, version, release, arch, vendor } = pack;
	const evr = `${epoch === null ? '' : `${epoch}:`}${version}-${release}`;
	switch (tag.toUpperCase()) {
		case 'NAME':
			return name;
		case 'EPOCH':
			return epoch === null ? '(none)' : String(epoch);
		case 'EPOCHNUM':
			return String(epoch ?? 0);
		case 'VERSION':
			return version;
		case 'RELEASE':
			return release;
		case 'ARCH':
			return arch;
		case 'VENDOR':
			return vendor;
		case 'EVR':
			return evr;
		case 'NVR':
			return `${name}-${version}-${release}`;
		case 'NVRA':
			return `${name}-${version}-${release}.${arch}`;
		case 'NEVR':
			return `${name}-${evr}`;
		case 'NEVRA':
			return `${name}-${evr}.${arch}`;
		case 'OS':
			return 'linux';
		default:
			return null;
	}
}
