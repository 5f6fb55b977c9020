// An expectation from its text: what a report is validated against, or every reason why it is none.

import { defaultExpectation, type Expectation, type TrustedKeys } from '../domain/snp/expectation.ts';
import type { PlatformBit } from '../domain/snp/platform-info.ts';
import type { PolicyBit } from '../domain/snp/policy.ts';
import { tcbFloor } from '../domain/snp/tcb.ts';
import { type Expect, expectSchema } from './expect.ts';
import { inOrder, type Problem } from './problems.ts';
import { readSource } from './source.ts';
import { validate } from './validate.ts';

interface LoadedExpect {
	/** Null when there is any problem. */
	readonly expect: Expect | null;
	readonly problems: readonly Problem[];
}

/** Reads an expectation. `path` is the name of the file in problems. */
export function loadExpect(text: string, path: string): LoadedExpect {
	const { source, problems: syntax } = readSource(text, path);
	const { data, problems: values } = validate(expectSchema, source);
	const problems = inOrder([...syntax, ...values]);
	return { expect: problems.length > 0 ? null : data, problems };
}

const bytes = (digits: string) => Buffer.from(digits, 'hex');

/**
 * What a report is judged by. `digestOfKey` gives the digest of a key in a file that the expectation names; it is only asked
 * for those.
 */
export function toExpectation(expect: Expect, digestOfKey: (file: string) => Uint8Array): Expectation {
	const measurement = expect.measurement;
	const [major = 0, minor = 0, build = 0] = expect['min-firmware']?.split('.').map(Number) ?? [];
	const [abiMajor = 0, abiMinor = 0] = expect['min-abi']?.split('.').map(Number) ?? [];
	const data = expect['report-data'] ?? expect['report-data-prefix'];
	return {
		...defaultExpectation,
		...(data === undefined ? {} : { reportData: bytes(data) }),
		...(measurement === undefined ? {} : { measurements: [measurement].flat().map(bytes) }),
		...given('hostData', expect['host-data'], bytes),
		...given('reportId', expect['report-id'], bytes),
		...given('reportIdMa', expect['report-id-ma'], bytes),
		...given('chipId', expect['chip-id'], bytes),
		...given('familyId', expect['family-id'], bytes),
		...given('imageId', expect['image-id'], bytes),
		...given('signingKey', expect['signing-key'], (key) => (key === 'vcek' ? 'VCEK' : 'VLEK') as 'VCEK' | 'VLEK'),
		...given('products', expect.product, (products) => products),
		...given('minVersion', expect['min-report-version'], (version) => version),
		...given('vmpl', expect.vmpl, (level) => level),
		...given('policy', expect.policy, BigInt),
		...given('policyBits', expect['policy-bits'], (bits) => camelCased<PolicyBit>(bits)),
		...given('minAbi', expect['min-abi'], () => ({ major: abiMajor, minor: abiMinor })),
		...given('minTcb', expect['min-tcb'], (floors) =>
			Object.fromEntries(
				Object.entries(floors).flatMap(([level, floor]) => (floor === undefined ? [] : [[level, tcbFloor(floor)]])),
			),
		),
		...given('minFirmware', expect['min-firmware'], () => ({ major, minor, build })),
		allowProvisional: expect.provisional === 'allowed',
		committedVersion: expect['committed-version'] === 'required',
		allowDebug: expect.debug === 'allowed',
		allowMigrationAgent: expect['migration-agent'] === 'allowed',
		...given('platformBits', expect.platform, (bits) => camelCased<PlatformBit>(bits)),
		refuseUnknownPlatformBits: expect['unknown-platform-bits'] === 'refused',
		...given('minGuestSvn', expect['min-guest-svn'], (svn) => svn),
		...given('idKey', expect['id-key'], (keys) => trustedKeys(keys, digestOfKey)),
		...given('authorKey', expect['author-key'], (keys) => trustedKeys(keys, digestOfKey)),
		...given('mitigations', expect.mitigations, ({ launch, current }) => ({
			...(launch === undefined ? {} : { launch: BigInt(launch) }),
			...(current === undefined ? {} : { current: BigInt(current) }),
		})),
		...given('certificateTable', expect['certificate-table'], (guids) => guids),
	};
}

/** The property, or nothing where nothing was said: an absent expectation is not an undefined one. */
function given<Name extends string, From, To>(
	name: Name,
	value: From | undefined,
	convert: (value: From) => To,
): { [key in Name]?: To } {
	return value === undefined ? {} : ({ [name]: convert(value) } as { [key in Name]: To });
}

function camelCased<Name extends string>(bits: Readonly<Record<string, boolean | undefined>>): Partial<Record<Name, boolean>> {
	const camel = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
	return Object.fromEntries(
		Object.entries(bits).flatMap(([name, value]) => (value === undefined ? [] : [[camel(name), value]])),
	) as Partial<Record<Name, boolean>>;
}

function trustedKeys(keys: NonNullable<Expect['id-key']>, digestOfKey: (file: string) => Uint8Array): TrustedKeys {
	return keys === 'required'
		? { digests: [] }
		: { digests: [...(keys.digests ?? []).map(bytes), ...(keys.files ?? []).map(digestOfKey)] };
}
