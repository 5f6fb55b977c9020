// What virsh and virt-install say of one guest or of the node's SEV: domain XML, domlaunchsecinfo, nodesevinfo.

import type { Reading, TextReader } from '../reading.ts';
import { readDomainXml } from './domain-xml.ts';
import { plainText } from './pasted-text.ts';
import { parsePolicy, policyText } from './snp-policy.ts';
import { isWritten } from './written-text.ts';
import { isXml, ownElement, scanXml } from './xml-elements.ts';

// In a document of capabilities <domain> has no attribute.
const definition = '<(?:domain|launchSecurity)\\s[^<>]{0,1024}\\btype\\s{0,4}=';
const ownDefinition = ownElement(definition);
const anyDefinition = new RegExp(definition);
const launchInfo =
	/^[ \t#>]{0,16}(sev-(?:measurement|api-major|api-minor|build-id|policy|snp-policy))[ \t]{0,32}:[ \t]{0,8}(\S{1,256})/gm;
const nodeInfo =
	/^[ \t#>]{0,16}(pdh|cert-chain|cpu0-id|cbitpos|reduced-phys-bits|max-guests|max-es-guests)[ \t]{0,32}:[ \t]{0,8}(\S{1,16384})/gm;

export const libvirt: TextReader = {
	kind: 'libvirt',
	recognise(text) {
		const plain = plainText(text);
		const score = isDefinition(plain) || keys(plain, launchInfo).size >= 2 ? 3 : isNodeInfo(keys(plain, nodeInfo)) ? 2 : 0;
		return score > 0 && isWritten(plain) ? 0 : score;
	},
	read(text) {
		const plain = plainText(text);
		if (isDefinition(plain)) {
			return readDomainXml(scanXml(plain));
		}
		const launch = keys(plain, launchInfo);
		return launch.size > 0 ? readLaunchInfo(launch) : readNodeInfo(keys(plain, nodeInfo));
	},
};

function isDefinition(plain: string): boolean {
	return (isXml(plain) ? anyDefinition : ownDefinition).test(plain);
}

/** Two of the numbers may be in any list of settings; a key of the platform is not. */
function isNodeInfo(found: ReadonlyMap<string, string>): boolean {
	return found.size >= 2 && (found.size >= 3 || found.has('pdh') || found.has('cert-chain'));
}

function keys(text: string, form: RegExp): ReadonlyMap<string, string> {
	return new Map(Array.from(text.matchAll(form), ([, key = '', value = '']) => [key, value]));
}

/** Of a running guest; libvirt asks QEMU, and only an SNP guest has an SNP policy. */
function readLaunchInfo(values: ReadonlyMap<string, string>): Reading {
	const policy = values.get('sev-snp-policy');
	const version = ['sev-api-major', 'sev-api-minor', 'sev-build-id'].map((key) => values.get(key));
	return {
		kind: 'libvirt',
		snp: policy === undefined ? 'unknown' : 'usable',
		facts: {
			keys: [...values.keys()],
			api: version.includes(undefined) ? null : version.join('.'),
			type: policy !== undefined ? 'sev-snp' : values.has('sev-policy') ? 'sev' : null,
			policy: policyText(parsePolicy(policy ?? values.get('sev-policy') ?? '')),
			measurement: values.has('sev-measurement'),
		},
		signs: [],
	};
}

/** SEV of the node; it says nothing of SNP. */
function readNodeInfo(values: ReadonlyMap<string, string>): Reading {
	const number = (key: string) => (/^\d{1,9}$/.test(values.get(key) ?? '') ? Number(values.get(key)) : null);
	return {
		kind: 'libvirt',
		snp: 'unknown',
		facts: {
			keys: [...values.keys()],
			cbitpos: number('cbitpos'),
			reducedPhysBits: number('reduced-phys-bits'),
			maxGuests: number('max-guests'),
			maxESGuests: number('max-es-guests'),
		},
		signs: [],
		unconfirmed: ['node-sev-info-names'],
	};
}
