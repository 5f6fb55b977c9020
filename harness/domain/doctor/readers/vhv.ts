// virt-host-validate. Its lines of LXC and others are about other things; its advice on the IOMMU breaks SNP.

import type { Sign, TextReader } from '../reading.ts';
import { plainText, quoteLine } from './pasted-text.ts';
import { isWritten } from './written-text.ts';

interface HostCheck {
	readonly driver: string;
	readonly name: string;
	readonly result: string;
	readonly detail: string;
}

/** Longer lines are not of this tool. */
const longestLine = 512;
// Pasted as comments the lines start with '#', as quotations with '>'.
const driver = /^[\s#>|]{0,16}(QEMU|LXC|BHYVE|CH|Xen|PARALLELS)\s{0,4}:\s{0,4}Checking /;
const verdict = /:\s{0,4}(PASS|FAIL|WARN|NOTE)\b\s{0,4}(?:\((.*)\))?\s*$/;

export const vhv: TextReader = {
	kind: 'vhv',
	recognise(text) {
		return parseChecks(text).length > 0 && !isWritten(plainText(text)) ? 3 : 0;
	},
	read(text) {
		const checks = parseChecks(text);
		const qemu = checks.filter((check) => check.driver === 'QEMU');
		const failures = (name: string) => checks.filter((check) => check.driver === name && check.result === 'FAIL');
		const secureGuest = qemu.find(({ name }) => name === 'for secure guest support');
		return {
			kind: 'vhv',
			// It looks for /dev/sev and a module parameter, and has been wrong about both: no verdict rests on it.
			snp: 'unknown',
			facts: {
				secureGuest: secureGuest?.result ?? null,
				secureGuestReason:
					secureGuest === undefined ? null : (reasons.find(({ form }) => form.test(secureGuest.detail))?.reason ?? null),
				iommu: qemu.find(({ name }) => /\bIOMMU\b/.test(name))?.result ?? null,
				qemuFail: failures('QEMU').length,
				lxcFail: failures('LXC').length,
				failed: failures('QEMU').map(({ name }) => name),
			},
			signs: qemu.filter(({ result }) => result === 'FAIL' || result === 'WARN').flatMap(signsOf),
		};
	},
};

/** What a check that did not pass says; `about` is matched against the check, `form` against its explanation. */
const reasons: readonly {
	readonly reason: string;
	readonly about: RegExp;
	readonly form: RegExp;
	readonly code: string | null;
}[] = [
	{
		reason: 'disabled-in-firmware',
		about: /secure guest/,
		form: /^AMD Secure Encrypted Virtualization.*disabled in firmware/,
		code: 'vhv-sev-off-in-firmware',
	},
	{
		reason: 'disabled-in-kernel',
		about: /secure guest/,
		form: /^AMD Secure Encrypted Virtualization.*disabled in kernel/,
		code: 'vhv-sev-parameter-off',
	},
	{
		reason: 'not-in-kernel',
		about: /secure guest/,
		form: /^AMD Secure Encrypted Virtualization not supported by the currently used kernel/,
		code: 'kernel-without-sev',
	},
	{ reason: 'unknown-platform', about: /secure guest/, form: /^Unknown if this platform has Secure Guest support/, code: null },
	{ reason: 'no-ivrs', about: /IOMMU/, form: /^No ACPI IVRS table found/, code: 'iommu-off-in-firmware' },
	{ reason: 'iommu-advice', about: /IOMMU/, form: /\biommu=pt\b/, code: 'iommu-pt-advice' },
	{ reason: 'no-virtualization', about: /hardware virtualization/, form: /.*/, code: 'virtualization-off-in-firmware' },
	{ reason: 'no-dev-kvm', about: /\/dev\/kvm exists/, form: /.*/, code: 'dev-kvm-missing' },
	{ reason: 'dev-kvm-denied', about: /\/dev\/kvm is accessible/, form: /.*/, code: 'dev-kvm-denied' },
];

function signsOf({ name, detail }: HostCheck): readonly Sign[] {
	const code = reasons.find(({ about, form }) => about.test(name) && form.test(detail))?.code ?? null;
	return code === null ? [] : [{ code, evidence: quoteLine(`${name}: ${detail}`) }];
}

function parseChecks(text: string): readonly HostCheck[] {
	const plain = plainText(text);
	if (!plain.includes('Checking ')) {
		return [];
	}
	return plain
		.split('\n')
		.filter((line) => line.length <= longestLine && line.includes('Checking '))
		.flatMap((line) => {
			const start = driver.exec(line);
			const end = verdict.exec(line);
			if (start === null || end === null) {
				return [];
			}
			const name = line.slice(start[0].length, end.index).trim();
			return [{ driver: start[1] ?? '', name, result: end[1] ?? '', detail: end[2] ?? '' }];
		});
}
