/** The form of every JSON document of a bundle, and of `--json`: the same value is the same bytes. */
export function formatDocument(value: unknown): string {
	return `${JSON.stringify(value, null, 1)}\n`;
}
