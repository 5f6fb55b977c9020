// Errors of Node's sockets, TLS and proxies in words, each with what to do, and whether trying again may help.

export interface Failure {
	/** One clause. */
	readonly problem: string;
	readonly next: string;
	readonly again: boolean;
}

interface NetworkError extends Error {
	readonly code?: string;
	readonly address?: string;
	readonly port?: number;
	/** Of a proxy that did not open its tunnel. */
	readonly statusCode?: number;
}

const viaProxy = "Where the way out is a proxy, name it with 'https_proxy'.";

const known: Readonly<Record<string, Omit<Failure, 'again'> & { readonly again?: false }>> = {
	ENOTFOUND: { problem: 'its name is not known here', next: `Look at the resolver. ${viaProxy}`, again: false },
	EAI_AGAIN: { problem: 'its name could not be looked up', next: `Look at the resolver. ${viaProxy}` },
	ECONNREFUSED: { problem: 'the connection was refused', next: viaProxy },
	ECONNRESET: { problem: 'the connection was cut off', next: viaProxy },
	EPIPE: { problem: 'the connection was cut off', next: viaProxy },
	ETIMEDOUT: { problem: 'the connection timed out', next: viaProxy },
	EHOSTUNREACH: { problem: 'there is no way to it', next: viaProxy },
	ENETUNREACH: { problem: 'there is no network to it', next: viaProxy },
	EPROTO: { problem: 'the other side does not speak TLS', next: `See who answers at this address. ${viaProxy}`, again: false },
};

const certificateCode = /CERT|ISSUER|LEAF_SIGNATURE|ALTNAME/;

export function explainFailure(error: NetworkError): Failure {
	const code = error.code ?? '';
	const at = error.address === undefined ? '' : ` (${error.address}${error.port === undefined ? '' : `:${error.port}`})`;
	const found = known[code];
	if (found !== undefined) {
		return { problem: `${found.problem}${at}`, next: found.next, again: found.again ?? true };
	}
	if (code === 'ERR_PROXY_TUNNEL') {
		return tunnelFailure(error.statusCode);
	}
	if (certificateCode.test(code)) {
		const next = "Where a company's proxy opens TLS, name its authority: NODE_EXTRA_CA_CERTS=/path/ca.pem";
		return { problem: `its TLS certificate is not trusted here (${code})`, next, again: false };
	}
	if (code.startsWith('HPE_')) {
		return { problem: `what came is no HTTP (${code})`, next: 'See who answers at this address.', again: false };
	}
	// Other messages may repeat a proxy's address with its password; the code says enough.
	return { problem: `the connection failed (${code || error.name})`, next: viaProxy, again: true };
}

function tunnelFailure(status: number | undefined): Failure {
	const next =
		status === 407
			? "Give the proxy its user and password: https_proxy='http://USER:PASSWORD@HOST:PORT'"
			: "Ask who runs the proxy to let this host through, or name it in 'no_proxy' where there is a direct way.";
	const problem = status === undefined ? 'the proxy opened no tunnel' : `the proxy opened no tunnel (status ${status})`;
	return { problem, next, again: status === undefined || status >= 500 };
}
