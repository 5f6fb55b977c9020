// HTML that cannot be injected into: a tagged template whose values are escaped unless they are markup themselves.

export interface Markup {
	readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Values may stand in text and in double-quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
	return { markup: strings.reduce((text, string, index) => `${text}${render(values[index - 1] ?? '')}${string}`) };
}

function render(value: Value): string {
	if (typeof value === 'string' || typeof value === 'number') {
		return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
	}
	return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

export const nothing: Markup = { markup: '' };

/** UTF-8 bytes, as the page will have them. */
export function sizeOf({ markup }: Markup): number {
	return Buffer.byteLength(markup);
}
