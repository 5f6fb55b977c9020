// For tests: revocation lists with one fault each, over chains that are good, for verifiers to find.

import { sign } from 'node:crypto';
import { derTag } from '../der/der.ts';
import { writeInteger, writeOid, writeSequence, writeValue } from '../der/write.ts';
import { authorityKeyUsage, buildRevocationList, crlNumber, type ExtensionParts, pssSha384 } from '../x509/build.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { extensionOid } from '../x509/constraints.ts';
import { authoritySigner } from './signers.ts';
import { type TestChain, testChain, testNow } from './test-chain.ts';
import { authorityKey, type CaseParts, flipped, type PeerCase, peerCase, rebuilt } from './test-peer-case.ts';

/** A chain whose intermediate is looked up in a list. */
export interface ListCase extends PeerCase {
	/** DER; null where there is none. */
	readonly list: Uint8Array | null;
}

interface Fault extends Omit<CaseParts, 'product' | 'signedWith'> {
	readonly list: Uint8Array | null;
}

const day = 24 * 3600 * 1000;
const pkcs1 = writeSequence(writeOid('1.2.840.113549.1.1.12'), writeValue(derTag.null));

/** A list of the root's with these extensions, otherwise as the root gives it. */
function listWith({ root }: TestChain, ...extensions: readonly ExtensionParts[]): Uint8Array {
	const times = { thisUpdate: testNow - day, nextUpdate: testNow + day };
	const parts = { algorithm: pssSha384({ trailer: true }), issuer: root.name, ...times, revoked: [], extensions };
	return buildRevocationList(parts, root.key.sign);
}

function faults(product: PeerCase['product'], own: 'ask' | 'asvk', other: 'ask' | 'asvk'): readonly Fault[] {
	const chain = testChain(product);
	const { privateKey, publicKeyInfo } = authorityKey();
	const stranger = testChain(product, { name: 'stranger' });
	const neighbour = testChain(product === 'Milan' ? 'Genoa' : 'Milan');
	const end = testNow + 20 * day;
	const notForLists = (der: Uint8Array) => [
		...[...parseCertificate(der).extensions].flatMap(([oid, { critical, value }]) =>
			oid === extensionOid.keyUsage ? [] : [{ oid, critical, value }],
		),
		authorityKeyUsage({ signsRevocations: false }),
	];
	return [
		{ kind: 'an empty list', list: chain.crl() },
		{ kind: 'a list of the intermediate', list: chain.crl({ revoked: [chain[own].serial] }) },
		{ kind: 'a list of the intermediate among others', list: chain.crl({ revoked: [0n, 7n, chain[own].serial, 1n << 80n] }) },
		{ kind: "a list of the other hierarchy's intermediate", list: chain.crl({ revoked: [chain[other].serial] }) },
		{ kind: 'a list of another number', list: chain.crl({ revoked: [chain[own].serial + 1n] }) },
		{ kind: 'a list of leaves, whose number is 0', list: chain.crl({ revoked: [0n] }) },
		{ kind: 'a list of the root', list: chain.crl({ revoked: [chain.root.serial] }) },
		{ kind: 'a list that is over', list: chain.crl({ thisUpdate: testNow - 9 * day, nextUpdate: testNow - 2 * day }) },
		{ kind: 'a list that is not yet', list: chain.crl({ thisUpdate: testNow + day }) },
		{ kind: 'a list in its first second', list: chain.crl({ thisUpdate: testNow }) },
		{ kind: 'a list in its last second', list: chain.crl({ nextUpdate: end }), at: end },
		{ kind: 'a list a second after its last', list: chain.crl({ nextUpdate: end }), at: end + 1000 },
		{ kind: 'a list without an end', list: chain.crl({ nextUpdate: null }) },
		{ kind: 'no list', list: null },
		{ kind: "a neighbour's list", list: neighbour.crl() },
		{ kind: "a stranger's list of the same name", list: stranger.crl() },
		{ kind: 'a list with a flipped bit', note: 'in its signature', list: flipped(chain.crl(), -9) },
		{ kind: 'a list with a flipped bit', note: 'in its time', list: flipped(chain.crl(), 220) },
		{ kind: 'a byte behind a list', list: Buffer.concat([chain.crl(), Buffer.of(0)]) },
		{ kind: 'no list but something else', list: Buffer.from('this is no list') },
		{
			kind: 'a list with an extension that is not known',
			list: listWith(chain, crlNumber(1n), { oid: strange, value: writeInteger(1) }),
		},
		{
			kind: 'a list with a critical extension that is not known',
			list: listWith(chain, crlNumber(1n), { oid: strange, critical: true, value: writeInteger(1) }),
		},
		{
			kind: 'a list of what is new only',
			list: listWith(chain, crlNumber(2n), { oid: '2.5.29.27', critical: true, value: writeInteger(1) }),
		},
		{
			kind: 'a root that may not sign lists',
			list: chain.crl(),
			root: (der) => rebuilt(der, { extensions: notForLists(der) }, chain.root.key.sign),
		},
		{
			kind: 'a list signed with PKCS #1 v1.5',
			root: (der) => rebuilt(der, { publicKeyInfo }, authoritySigner(privateKey)),
			intermediate: (der) => rebuilt(der, {}, authoritySigner(privateKey)),
			list: buildRevocationList(
				{
					algorithm: pkcs1,
					issuer: chain.root.name,
					...{ thisUpdate: testNow - day, nextUpdate: testNow + day },
					...{ revoked: [], extensions: [crlNumber(1n)] },
				},
				(bytes) => sign('sha384', bytes, privateKey),
			),
		},
	];
}

const strange = '1.3.6.1.4.1.99999.1';

/** Every list, of every product and hierarchy. */
export function listFaults(): readonly ListCase[] {
	return (['Milan', 'Genoa', 'Turin'] as const).flatMap((product) =>
		(['VCEK', 'VLEK'] as const).flatMap((signedWith) => {
			const [own, other] = signedWith === 'VCEK' ? (['ask', 'asvk'] as const) : (['asvk', 'ask'] as const);
			return faults(product, own, other).map(({ list, ...fault }) => ({ ...peerCase({ ...fault, product, signedWith }), list }));
		}),
	);
}
