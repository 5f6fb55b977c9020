// What the YAML parser finds, in words that say what to write instead.

import type { YAMLError } from 'yaml';

/** `offset` is where a person would look for it in the text. */
export function explainSyntax(
	{ code, message, pos }: YAMLError,
	text: string,
): { offset: number; message: string; hint: string | null } {
	const [offset] = pos;
	if (message.startsWith('Block scalar header')) {
		// `version: >= 9.1` starts a folded text; the error is at the character after '>'.
		const [rest = ''] = /^[^\r\n#]*/.exec(text.slice(offset - 1, offset + 80)) ?? [];
		return { offset: offset - 1, message: "Text that starts with '>' or '|' needs quotes", hint: `Write "${rest.trim()}"` };
	}
	if (message.endsWith('block scalar indicator >')) {
		// The same between brackets, where the text ends sooner.
		const [rest = ''] = /^[^\r\n#,\]}]*/.exec(text.slice(offset, offset + 80)) ?? [];
		return { offset, message: "Text that starts with '>' needs quotes", hint: `Write "${rest.trim()}"` };
	}
	switch (code) {
		case 'BLOCK_AS_IMPLICIT_KEY':
			return {
				offset,
				message: "A second ': ' on one line",
				hint: "Put text that has ': ' in it in quotes, or the inner mapping on its own lines",
			};
		case 'BAD_SCALAR_START':
			return { offset, message, hint: 'Put it in quotes' };
		case 'TAB_AS_INDENT':
			return { offset, message, hint: 'Indent with spaces' };
		case 'MULTIPLE_DOCS':
			return {
				offset,
				message: 'A second document: a file holds one',
				hint: "Remove what follows the line '---', or put it in a file of its own",
			};
		case 'RESOURCE_EXHAUSTION':
			return { offset, message: 'Nested too deeply', hint: null };
		case 'TAG_RESOLVE_FAILED':
			return {
				offset,
				message: `Tags have no meaning here: '${text.slice(offset, pos[1])}'`,
				hint: 'Remove it; what must be text is put in quotes',
			};
		case 'MISSING_CHAR':
			return { offset, message: message.replace(/^Missing closing (["'])quote$/, 'A text in $1 does not end'), hint: null };
		default:
			return { offset, message, hint: null };
	}
}
