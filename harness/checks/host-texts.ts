// What a host and its tools say of SEV-SNP, as the texts that the doctor reads: the requests, and the texts in their answers.

import type { PastedText } from '../domain/doctor/diagnose.ts';
import { decodeText } from '../language/observations.ts';
import type { Answer, MachineRequest } from '../ports.ts';

const parameters = '/sys/module/kvm_amd/parameters';
const tools = ['snphost ok', 'virsh domcapabilities', 'virt-host-validate qemu'] as const;

/** Title to request; the title is what people see where a file's name would stand. */
export const hostTextRequests: Readonly<Record<string, MachineRequest>> = {
	'journalctl -k -b': { do: 'exec', argv: ['journalctl', '-k', '-b', '-o', 'cat', '--no-pager'] },
	dmesg: { do: 'exec', argv: ['dmesg'] },
	'snphost ok': { do: 'exec', argv: ['snphost', 'ok'] },
	'virsh domcapabilities': { do: 'exec', argv: ['virsh', '-c', 'qemu:///system', 'domcapabilities', '--machine', 'q35'] },
	'virt-host-validate qemu': { do: 'exec', argv: ['virt-host-validate', 'qemu'] },
	sev: { do: 'read-file', path: `${parameters}/sev` },
	sev_es: { do: 'read-file', path: `${parameters}/sev_es` },
	sev_snp: { do: 'read-file', path: `${parameters}/sev_snp` },
};

export interface HostTexts {
	/** Texts for the readers: the kernel's log (with the module's parameters), and what each tool said. */
	readonly texts: readonly PastedText[];
	/** What could not be had, and why: one line each. */
	readonly silent: readonly string[];
}

/** The texts in the answers, by the titles of the requests. */
export function hostTexts(answers: ReadonlyMap<string, Answer>): HostTexts {
	const said = new Map([...answers].map(([title, answer]) => [title, textOf(answer)] as const));
	const text = (title: string) => {
		const found = said.get(title);
		return found !== undefined && 'text' in found && found.text.trim() !== '' ? found.text : null;
	};
	// The ring buffer may have wrapped: it stands in only where there is no journal.
	const log = text('journalctl -k -b') ?? text('dmesg');
	const shown = ['sev', 'sev_es', 'sev_snp'].flatMap((name) => {
		const value = text(name);
		return value === null ? [] : [`# cat ${parameters}/${name}\n${value.trim()}\n`];
	});
	const kernel = log === null ? [] : [{ file: "the kernel's log", text: `${log}\n${shown.join('')}` }];
	return {
		texts: [...kernel, ...tools.flatMap((file) => (text(file) === null ? [] : [{ file, text: text(file) ?? '' }]))],
		silent: [...(log === null ? ['journalctl -k -b', 'dmesg'] : []), ...tools]
			.filter((title) => text(title) === null)
			.map((title) => `${title}: ${why(said.get(title))}`),
	};
}

type Said = { readonly text: string } | { readonly missing: string };

function textOf(answer: Answer): Said {
	if (answer.kind === 'exec') {
		const both = `${decodeText(answer.stdout) ?? ''}${decodeText(answer.stderr) ?? ''}`;
		return answer.timedOut
			? { missing: 'did not end in time' }
			: answer.status === 127
				? { missing: 'not installed' }
				: { text: both };
	}
	if (answer.kind === 'file') {
		return { text: decodeText(answer.bytes) ?? '' };
	}
	return { missing: answer.kind === 'no-file' ? answer.errno : answer.kind === 'fault' ? answer.message : 'no text' };
}

function why(said: Said | undefined): string {
	return said === undefined ? 'not asked' : 'missing' in said ? said.missing : 'said nothing';
}
