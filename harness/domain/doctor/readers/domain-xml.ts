// Domain XML: how a guest would be launched, and what of it cannot work with SEV-SNP.

import type { Reading, Sign } from '../reading.ts';
import { quoteLine } from './pasted-text.ts';
import { allowsDebug, hasReservedBit, parsePolicy, policyText } from './snp-policy.ts';
import { findElements, type XmlElement } from './xml-elements.ts';

/** A definition is a wish: it never says that the host can do it. */
export function readDomainXml(elements: readonly XmlElement[]): Reading {
	const one = (path: string) => findElements(elements, path)[0];
	const security = one('launchSecurity');
	const loader = one('os/loader');
	const type = security?.attributes.get('type') ?? null;
	const isSnp = type === 'sev-snp';
	const policy = parsePolicy(one('launchSecurity/policy')?.text ?? '');
	const loaderType = loader?.attributes.get('type') ?? null;
	const tpm = one('tpm/backend')?.attributes.get('type') ?? null;
	const smm = one('features/smm')?.attributes.get('state') ?? null;
	const nvram = one('os/nvram') !== undefined;
	return {
		kind: 'libvirt',
		snp: 'unknown',
		facts: {
			type,
			policy: policyText(policy),
			policyBit17: isSnp && policy !== null ? hasReservedBit(policy) : null,
			debug: isSnp && policy !== null ? allowsDebug(policy) : null,
			cbitpos: number(one('launchSecurity/cbitpos')),
			reducedPhysBits: number(one('launchSecurity/reducedPhysBits')),
			authorKey: yesNo(security?.attributes.get('authorKey')),
			vcek: yesNo(security?.attributes.get('vcek')),
			kernelHashes: yesNo(security?.attributes.get('kernelHashes')),
			firmware: one('domain/os')?.attributes.get('firmware') ?? null,
			loader: loader?.text || null,
			loaderType,
			stateless: yesNo(loader?.attributes.get('stateless')),
			nvram,
			tpm,
			// libvirt starts every TPM that it knows on the host; an SVSM's TPM has no element.
			tpmIsSvsm: tpm === null ? null : false,
			smm: smm === null ? null : smm === 'on',
		},
		signs: isSnp
			? snpSigns({ policy, flash: loaderType === 'pflash' || nvram, loader: loader?.text ?? '', tpm, smm: smm === 'on' })
			: [],
	};
}

interface SnpDefinition {
	readonly policy: bigint | null;
	readonly flash: boolean;
	readonly loader: string;
	readonly tpm: string | null;
	readonly smm: boolean;
}

function snpSigns({ policy, flash, loader, tpm, smm }: SnpDefinition): readonly Sign[] {
	const signs: Sign[] = [];
	if (policy !== null && !hasReservedBit(policy)) {
		signs.push({ code: 'policy-without-bit-17', evidence: `<policy>${policyText(policy)}</policy>` });
	}
	if (policy !== null && allowsDebug(policy)) {
		signs.push({ code: 'debug-policy', evidence: `<policy>${policyText(policy)}</policy>` });
	}
	if (flash) {
		signs.push({ code: 'pflash-with-snp', evidence: quoteLine(`sev-snp with firmware in flash: ${loader || 'nvram'}`) });
	}
	if (smm) {
		signs.push({ code: 'smm-with-snp', evidence: "<smm state='on'/>" });
	}
	if (tpm !== null) {
		signs.push({ code: 'host-tpm-in-snp-guest', evidence: quoteLine(`<tpm> with <backend type='${tpm}'/>`) });
	}
	return signs;
}

function yesNo(value: string | undefined): boolean | null {
	return value === 'yes' ? true : value === 'no' ? false : null;
}

function number(element: XmlElement | undefined): number | null {
	return element !== undefined && /^\d{1,9}$/.test(element.text) ? Number(element.text) : null;
}
