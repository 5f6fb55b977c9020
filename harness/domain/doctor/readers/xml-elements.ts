// Elements of libvirt's XML in a pasted text: whole documents, fragments, cut ones, with a shell's words around them.
// Not an XML parser: no entities, no namespaces, no validity; what is no tag is passed over.

export interface XmlElement {
	readonly name: string;
	readonly parent: XmlElement | null;
	/** Names from the outermost element to this one, joined with '/'. */
	readonly path: string;
	readonly attributes: ReadonlyMap<string, string>;
	/** Character data directly inside, trimmed. */
	text: string;
	/** The end tag was seen (or none is needed): nothing inside was cut off. */
	closed: boolean;
}

/** libvirt nests to about ten; deeper elements are of no interest here. */
const deepest = 32;
/** A document of capabilities has some 5,000 elements; what comes after these is not read. */
const most = 12_000;
const nameStart = /[A-Za-z_]/;
const nameForm = /^[\w:.-]{1,128}/;
const attributeForm = /([\w:.-]{1,128})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')/g;

/** Whether a text is XML from its beginning, and not something else that speaks of elements. */
export function isXml(text: string): boolean {
	return /^\s*<(?!!--|details\b|summary\b)/.test(text);
}

/** A form of an element as a tool prints it, at the start of its line: after a quote or a word it is of prose or a program. */
export function ownElement(form: string): RegExp {
	return new RegExp(`^[ \\t]{0,256}(?:${form})`, 'm');
}

/** The elements, outer ones before inner ones. One pass over the text. */
export function scanXml(text: string): readonly XmlElement[] {
	const elements: XmlElement[] = [];
	const open: XmlElement[] = [];
	let dataFrom = 0;
	for (let at = text.indexOf('<'); at >= 0 && elements.length < most; at = text.indexOf('<', at + 1)) {
		const first = text[at + 1] ?? '';
		if (first === '!' && text.startsWith('<!--', at)) {
			const end = text.indexOf('-->', at);
			if (end < 0) {
				break;
			}
			at = end;
			dataFrom = end + 3;
			continue;
		}
		const closing = first === '/';
		if (!closing && !nameStart.test(first)) {
			continue;
		}
		const end = endOfTag(text, at + 1);
		if (end < 0) {
			continue;
		}
		const inner = open.at(-1);
		// libvirt never mixes text and elements: the first text that is not blank is all of it.
		if (inner !== undefined && inner.text === '') {
			inner.text = text.slice(dataFrom, at).trim();
		}
		dataFrom = end + 1;
		const tag = text.slice(at + (closing ? 2 : 1), end);
		if (closing) {
			close(open, tag.trim());
		} else {
			openElement(tag, open, elements);
		}
		at = end;
	}
	return elements;
}

/** The elements whose path is `path` or ends with it: a fragment starts anywhere. */
export function findElements(elements: readonly XmlElement[], path: string): readonly XmlElement[] {
	const named = byName(elements).get(path.slice(path.lastIndexOf('/') + 1)) ?? [];
	return named.filter((element) => element.path === path || element.path.endsWith(`/${path}`));
}

const names = new WeakMap<readonly XmlElement[], ReadonlyMap<string, readonly XmlElement[]>>();

/** Of one list a dozen paths are asked for. */
function byName(elements: readonly XmlElement[]): ReadonlyMap<string, readonly XmlElement[]> {
	const known = names.get(elements) ?? Map.groupBy(elements, ({ name }) => name);
	names.set(elements, known);
	return known;
}

/** A '<' inside a tag, quoted or not, is not XML: that tag was cut off, and the next one starts there. */
function endOfTag(text: string, from: number): number {
	let quote = '';
	for (let at = from; at < text.length; at++) {
		const character = text[at] ?? '';
		if (character === '<') {
			return -1;
		}
		if (quote !== '') {
			quote = character === quote ? '' : quote;
		} else if (character === '"' || character === "'") {
			quote = character;
		} else if (character === '>') {
			return at;
		}
	}
	return -1;
}

function openElement(tag: string, open: XmlElement[], elements: XmlElement[]): void {
	const name = nameForm.exec(tag)?.[0];
	if (name === undefined) {
		return;
	}
	const attributes = new Map<string, string>();
	for (const [, key = '', double, single] of tag.includes('=') ? tag.matchAll(attributeForm) : []) {
		attributes.set(key, double ?? single ?? '');
	}
	const parent = open.at(-1) ?? null;
	const empty = tag.endsWith('/');
	const element: XmlElement = {
		name,
		parent,
		path: parent === null ? name : `${parent.path}/${name}`,
		attributes,
		text: '',
		closed: empty,
	};
	elements.push(element);
	if (!empty && open.length < deepest) {
		open.push(element);
	}
}

/** Ends the innermost open element of that name; those inside it were never ended. */
function close(open: XmlElement[], name: string): void {
	const at = open.findLastIndex((element) => element.name === name);
	if (at >= 0) {
		for (const element of open.splice(at)) {
			element.closed = element.name === name;
		}
	}
}
