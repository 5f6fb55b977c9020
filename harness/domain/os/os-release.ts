// os-release(5): shell-like assignments, one a line.

/** Every NAME=value; quotes and backslash escapes as os-release(5) allows them. Other lines are left out. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
	const values = new Map<string, string>();
	for (const line of text.split('\n')) {
		const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
		if (match?.[1] !== undefined && match[2] !== undefined) {
			values.set(match[1], unquote(match[2].trim()));
		}
	}
	return values;
}

function unquote(value: string): string {
	const quote = value.at(0);
	if ((quote === '"' || quote === "'") && value.length >= 2 && value.endsWith(quote)) {
		const inner = value.slice(1, -1);
		return quote === '"' ? inner.replace(/\\([\\"$`])/g, '$1') : inner;
	}
	return value;
}
