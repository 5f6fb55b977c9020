// Throw-away signing keys in AMD's shape: ARK, ASK and ASVK of each product. They are made once and kept in the user's cache,
// as three RSA keys of 4096 bits take seconds; no verifier trusts them unless it is told to.

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Authority, buildIntermediate, buildRoot, knownAuthority, type SigningKey } from '../../domain/snp/build-chain.ts';
import { type SnpProduct, snpProducts } from '../../domain/snp/product.ts';
import { authoritySigner } from '../../domain/snp/signers.ts';

export interface Authorities {
	readonly ARK: Authority;
	readonly ASK: Authority;
	readonly ASVK: Authority;
	/** What the keys of chips are derived from. */
	readonly seed: Uint8Array;
}

type Role = 'ARK' | 'ASK' | 'ASVK';
const roles: readonly Role[] = ['ARK', 'ASK', 'ASVK'];

/** What is kept: private keys in PEM, the seed in hex, certificates in base64. */
interface Kept {
	readonly format: typeof format;
	readonly seed: string;
	readonly keys: Readonly<Record<Role, string>>;
	readonly certificates: Readonly<Record<SnpProduct, Readonly<Record<Role, string>>>>;
}

const format = 'snpgate.simulated-keys/1';
const fileName = 'simulated-keys-1.json';
/** As long as AMD's: 25 years. */
const validity = { notBefore: Date.UTC(2024, 0, 1), notAfter: Date.UTC(2049, 0, 1) };

export type AuthoritiesOf = (product: SnpProduct) => Authorities;

/** `directory` is where they are kept; where it cannot be written to they live as long as the process. */
export async function loadAuthorities(directory: string): Promise<AuthoritiesOf> {
	const file = join(directory, fileName);
	const kept = read(file) ?? keep(file, await make());
	return (product) => {
		const authority = (role: Role) =>
			knownAuthority(role, product, Buffer.from(kept.certificates[product][role], 'base64'), signingKey(kept.keys[role]));
		return { ARK: authority('ARK'), ASK: authority('ASK'), ASVK: authority('ASVK'), seed: Buffer.from(kept.seed, 'hex') };
	};
}

/** Null when there is none, or one that is not whole. */
function read(file: string): Kept | null {
	try {
		const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
		return kept.format === format ? kept : null;
	} catch {
		return null;
	}
}

/** Another process may do the same at this time: the first one's keys are everybody's, so that all trust one root. */
function keep(file: string, made: Kept): Kept {
	const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
	try {
		mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
		writeFileSync(draft, JSON.stringify(made), { flag: 'wx', mode: 0o600 });
		try {
			linkSync(draft, file);
			return made;
		} catch {
			const others = read(file);
			if (others === null) {
				renameSync(draft, file);
			}
			return others ?? made;
		} finally {
			rmSync(draft, { force: true });
		}
	} catch {
		// Nowhere to keep them: they live as long as this process.
		return made;
	}
}

async function make(): Promise<Kept> {
	const pair = promisify(generateKeyPair);
	const [ark, ask, asvk] = await Promise.all(roles.map(() => pair('rsa', { modulusLength: 4096 })));
	if (ark === undefined || ask === undefined || asvk === undefined) {
		throw new Error('three keys were asked for');
	}
	const keys = { ARK: pem(ark.privateKey), ASK: pem(ask.privateKey), ASVK: pem(asvk.privateKey) };
	const certificatesOf = (product: SnpProduct) => {
		const root = buildRoot(product, signingKey(keys.ARK), validity);
		const intermediates = (['ASK', 'ASVK'] as const).map((role) =>
			buildIntermediate(role, root, signingKey(keys[role]), validity),
		);
		return Object.fromEntries(
			[root, ...intermediates].map(({ role, certificate }) => [role, Buffer.from(certificate).toString('base64')]),
		) as Record<Role, string>;
	};
	const certificates = Object.fromEntries(snpProducts.map((product) => [product, certificatesOf(product)]));
	return { format, seed: randomBytes(48).toString('hex'), keys, certificates: certificates as Kept['certificates'] };
}

function pem(key: KeyObject): string {
	return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function signingKey(text: string): SigningKey {
	const key = createPrivateKey(text);
	return { publicKeyInfo: createPublicKey(key).export({ format: 'der', type: 'spki' }), sign: authoritySigner(key) };
}
