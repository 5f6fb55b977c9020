// A host's kernel log: does firmware, IOMMU, secure processor and kvm_amd carry SEV-SNP together?

import type { Reading, SnpState, TextReader } from '../reading.ts';
import { readIommu } from './host-iommu.ts';
import { readKvm } from './host-kvm.ts';
import { processorWithoutSnp, withProcessor } from './host-processor.ts';
import { pspWords, readPsp } from './host-psp.ts';
import { readRmp, rmpWords } from './host-rmp.ts';
import { anyOf, areOfLog, findLast, hasPlaceholders, kernelMessages, saidBy, toSigns } from './kernel-messages.ts';

/** Who speaks of SEV in a host's kernel log; all other messages are left out before they are searched. */
const speakers = /^(?:SEV(?:-ES|-SNP)?[ :]|SVM: |kvm|ccp|AMD-Vi: |PSP driver |#PF: )/;
/** Without one of these words somewhere, a text need not be taken apart. */
const worth = /\bccp\b|kvm_amd|SEV|AMD-Vi|PSP driver|RMP violation/;
/** What only a host that may run SEV guests says. The command line is no evidence: it is what was asked for. */
const hostWords = anyOf([
	rmpWords,
	/^AMD-Vi: (?:SNP: |IOMMU SNP support|SNP enabled)/,
	/^ccp [\w:.]+: +(?:sev enabled|SEV(?:-SNP)? API:|SEV firmware update|sev command 0x)/,
	pspWords,
	/^(?:(?:kvm_amd|SVM|kvm): ){0,2}SEV(?:-ES|-SNP)? (?:enabled|disabled|unusable) \(ASIDs /,
	/^(?:(?:kvm_amd|SVM|kvm): ){0,2}SEV(?:-ES|-SNP|-ES and SEV-SNP)? supported: \d+ ASIDs/,
	/^(?:kvm_amd: )?SEV-SNP (?:requires private memory support|ciphertext hiding enabled)/,
	/^(?:(?:kvm_amd|ccp): )?PSP driver not init/,
]);
/** Drivers of AMD's bare metal, and nested ones: hardly anybody else's words, but no word on SEV. */
const hostForms =
	/^(?:ccp [\w:.]+: |AMD-Vi: |kvm_amd: |AMD Secure Memory Encryption \(SME\) active|Memory Encryption Features active: AMD SME)/;

/** drivers/firmware/dmi_scan.c: system vendor and product, board, BIOS. */
const dmiLine = /^DMI: (.{1,200})/;

export const hostKernel: TextReader = {
	kind: 'host-kernel',
	recognise(text) {
		if (!worth.test(text) || hasPlaceholders(text)) {
			return 0;
		}
		const messages = kernelMessages(text);
		if (isHost(messages)) {
			return 3;
		}
		return areOfLog(messages.filter((line) => hostForms.test(line)).length, text) ? 1 : 0;
	},
	read,
};

/** Whether these are of a host; a nested one is a virtual machine as well. */
export function isHost(messages: readonly string[]): boolean {
	return messages.some((line) => speakers.test(line) && hostWords.test(line));
}

function read(text: string): Reading {
	const lines = kernelMessages(text);
	const messages = lines.filter((line) => speakers.test(line));
	const kvm = readKvm(saidBy(messages, /^(?:kvm|SVM: |SEV(?:-ES|-SNP)? )/), lines);
	const psp = readPsp(saidBy(messages, /^(?:ccp|PSP|kvm_amd: PSP)/), kvm.snpIndex);
	// The table comes before both; a search of a log for SEV finds all three.
	const rmp = readRmp(saidBy(messages, rmpWords), psp.speaks && kvm.speaks);
	const processor = processorWithoutSnp(psp, kvm, rmp.present);
	const iommu = readIommu(saidBy(messages, /^AMD-Vi: /), psp.sevOnly && !kvm.snpEnabled);
	const findings = withProcessor(processor, [...rmp.findings, ...iommu.findings, ...psp.findings, ...kvm.findings]);
	const blocked = findings.some(({ blocks }) => blocks);
	// One piece alone is not enough: kvm_amd announces ASIDs also where the secure processor was never initialized.
	const whole = rmp.present && psp.snpReady && kvm.snpEnabled;
	const snp: SnpState = blocked ? 'unusable' : whole ? 'usable' : 'unknown';
	return {
		kind: 'host-kernel',
		snp,
		facts: { ...rmp.facts, ...iommu.facts, ...psp.facts, ...kvm.facts, dmi: findLast(lines, dmiLine)?.groups[0] ?? null },
		unconfirmed: rmp.facts.rmp === 'segmented' ? ['segmented-rmp-line'] : [],
		signs: toSigns(findings),
	};
}
