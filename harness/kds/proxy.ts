// Which proxy the environment names, as other programs on the same machine understand it.

export type Environment = Readonly<Record<string, string | undefined>>;

/** In the form that Node's agents take. */
export interface ProxySettings {
	readonly http_proxy?: string;
	readonly https_proxy?: string;
	readonly no_proxy?: string;
}

/** Settings, or the sentence that says what is wrong with them: Node would pass over such a proxy and go without one. */
export function readProxy(env: Environment): ProxySettings | { readonly problem: string } {
	const settings: Record<string, string> = {};
	for (const name of ['http_proxy', 'https_proxy'] as const) {
		const value = env[name] ?? env[name.toUpperCase()] ?? '';
		if (value === '') {
			continue;
		}
		// curl and others take 'host:port' for an HTTP proxy.
		const text = value.includes('://') ? value : `http://${value}`;
		const url = URL.parse(text);
		if (url === null || !['http:', 'https:'].includes(url.protocol)) {
			// The value may hold a password and is not repeated.
			const found = url === null ? 'something else' : `'${url.protocol}//'`;
			return { problem: `'${name}' names no proxy that can be used: expected 'http://HOST:PORT', got ${found}` };
		}
		settings[name] = text;
	}
	const not = env.no_proxy ?? env.NO_PROXY;
	return { ...settings, ...(not === undefined ? {} : { no_proxy: not }) };
}
