// XML as libvirt writes it: two blanks a level, single quotes, an empty element closed at once.

export interface Element {
	readonly name: string;
	readonly attributes?: Readonly<Record<string, string>>;
	/** Text, or elements. */
	readonly content?: string | readonly Element[];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' };

/** The element and all in it, one line each, ending in a line feed. */
export function renderXml({ name, attributes = {}, content = [] }: Element, depth = 0): string {
	const indent = '  '.repeat(depth);
	const head = `${indent}<${name}${Object.entries(attributes)
		.map(([key, value]) => ` ${key}='${escapeXml(value)}'`)
		.join('')}`;
	if (content.length === 0) {
		return `${head}/>\n`;
	}
	return typeof content === 'string'
		? `${head}>${escapeXml(content)}</${name}>\n`
		: `${head}>\n${content.map((child) => renderXml(child, depth + 1)).join('')}${indent}</${name}>\n`;
}

function escapeXml(text: string): string {
	return text.replace(/[&<>'"]/g, (char) => entities[char] ?? char);
}
