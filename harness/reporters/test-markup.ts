// A strict, small reader of XML for tests: every tag closed, every attribute quoted once, only legal characters and entities.

export interface Element {
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
	readonly children: Element[];
	text: string;
}

const name = /[A-Za-z_][\w.:-]*/y;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
/** Char of XML 1.0, section 2.2. */
const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Throws at the first thing that is not well-formed. `voids` are elements that are never closed (HTML). */
export function readMarkup(text: string, voids: readonly string[] = []): Element {
	let at = 0;
	const fail = (what: string): never => {
		throw new Error(`${what} at ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 40), at + 60))}`);
	};
	const take = (pattern: RegExp): string | null => {
		pattern.lastIndex = at;
		const found = pattern.exec(text)?.[0] ?? null;
		at += found?.length ?? 0;
		return found;
	};
	const must = (pattern: RegExp, what: string): string => take(pattern) ?? fail(`expected ${what}`);
	const decode = (raw: string): string =>
		raw.replace(/&([^;&]*;?)/g, (_, entity: string) => {
			const [word = '', end] = entity.split(/(;)/);
			return (end === ';' ? entities[word] : undefined) ?? fail(`bad entity '&${entity}'`);
		});
	const bad = illegal.exec(text);
	if (bad !== null) {
		at = bad.index;
		fail('illegal character');
	}
	take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/y);
	take(/<!doctype html>\s*/y);
	const document: Element = { name: '', attributes: new Map(), children: [], text: '' };
	const open = [document];
	while (at < text.length) {
		const top = open.at(-1) ?? fail('closed too often');
		if (take(/<!\[CDATA\[/y) !== null) {
			const end = text.indexOf(']]>', at);
			top.text += text.slice(at, end < 0 ? fail('CDATA without an end') : end);
			at = end + 3;
		} else if (take(/<\//y) !== null) {
			const closed = must(name, 'a name');
			must(/>/y, "'>'");
			if (open.pop()?.name !== closed) {
				fail(`'${closed}' was not the open element '${top.name}'`);
			}
		} else if (take(/</y) !== null) {
			const element: Element = { name: must(name, 'a name'), attributes: new Map(), children: [], text: '' };
			const attributes = element.attributes as Map<string, string>;
			while (take(/\s+(?=[\w])/y) !== null) {
				const key = must(name, 'an attribute');
				const value = take(/="[^"<]*"/y)?.slice(2, -1);
				if (attributes.has(key) || (value === undefined && voids.length === 0)) {
					fail(`attribute '${key}' twice or without a value`);
				}
				attributes.set(key, decode(value ?? ''));
			}
			top.children.push(element);
			if (must(/\s*\/?>/y, "'>'").endsWith('/>') || voids.includes(element.name)) {
				continue;
			}
			open.push(element);
			if (element.name === 'style' && voids.length > 0) {
				element.text = must(/[^<]*/y, 'style');
			}
		} else {
			const raw = must(/[^<]+/y, 'text');
			top.text += decode(raw);
			if (raw.includes(']]>')) {
				fail("']]>' in text");
			}
		}
	}
	const [root] = document.children;
	if (open.length !== 1 || document.children.length !== 1 || root === undefined || document.text.trim() !== '') {
		return fail('not exactly one closed root element');
	}
	return root;
}

/** Every element of this name, in document order. */
export function findAll(element: Element, wanted: string): readonly Element[] {
	const found = element.children.flatMap((child) => findAll(child, wanted));
	return element.name === wanted ? [element, ...found] : found;
}

/** All text in it, in document order of the elements. */
export function textOf(element: Element): string {
	return [element.text, ...element.children.map(textOf)].join(' ');
}
