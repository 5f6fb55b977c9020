// A QEMU command line, as libvirt logs it, ps shows it or a script writes it.

import type { Fact, Sign } from '../reading.ts';
import { hasReservedBit, parsePolicy, policyText } from './snp-policy.ts';

const program = /\bqemu-(?:system-x86_64|kvm)["']?[ \t]{1,8}(?:-(?=[a-zA-Z])|\\\n)/g;
/** The directories of the program, or nothing. */
const directories = /^(?:[\w.~+@%/-]{0,512}\/)?$/;
/** Programs that run another one, and the environment that they give it. */
const wrapper = /^(?:sudo|exec|time|nohup|env|-E|[A-Z_]{1,64}=.{0,512})$/;
/** A prompt, a trace of a shell, the end of another program's sentence, or the columns of ps. */
const beforeCommand = /^$|[#$+%>❯|:\])\\]$|\s\d{1,10}\s/;
const longestPrefix = 512;
/** One option is in many a sentence; a guest needs several. */
const options =
	/\s-(?:machine|M|cpu|m|smp|accel|enable-kvm|drive|device|object|bios|name|netdev|nographic|kernel|initrd|append|blockdev|chardev|monitor|display|vga|no-reboot|no-user-config|nodefaults|S|uuid|rtc|msg|hda|cdrom|net|nic|pidfile|daemonize|serial|qmp|sandbox)\b/g;
const fewestOptions = 3;
/** Manuals leave out what does not matter to them. */
const placeholder = /\s(?:\.\.\.|…|<[\w -]{1,40}>|\[[\w ]{1,40}\])(?:\s|$)/;
const longestCommand = 65_536;

// -object sev-snp-guest,id=… and libvirt's -object '{"qom-type":"sev-snp-guest",…}'.
const object = /(?:-object\s{1,8}["']?|"qom-type":\s{0,4}")(sev-snp-guest|sev-guest)\b([^\n]{0,2048})/;
const policy = /^(?:(?!\s-).){0,1024}?[,"]policy"?[=:]\s{0,4}(0x[0-9a-fA-F]{1,16}|\d{1,20})/;
const flash = /\bif=pflash\b|[,\s]pflash0=/;
const rom = /\s-bios\s{1,8}(\S{1,512})/;

interface CommandLine {
	readonly facts: { readonly [name: string]: Fact };
	readonly signs: readonly Sign[];
}

/** The first command line of the text. Only that QEMU was asked for it, never that it works. */
export function readCommandLine(text: string): CommandLine | null {
	const command = findCommand(text);
	if (command === null) {
		return null;
	}
	const [, type = null, rest = ''] = object.exec(command) ?? [];
	const value = parsePolicy(policy.exec(rest)?.[1] ?? '');
	const isFlash = flash.test(command);
	const signs: Sign[] = [];
	if (type === 'sev-snp-guest' && value !== null && !hasReservedBit(value)) {
		signs.push({ code: 'policy-without-bit-17', evidence: `-object sev-snp-guest with policy ${policyText(value)}` });
	}
	if (type === 'sev-snp-guest' && isFlash) {
		signs.push({ code: 'pflash-with-snp', evidence: 'sev-snp-guest on a command line with firmware in flash' });
	}
	const firmware = isFlash ? 'pflash' : rom.test(command) ? 'rom' : null;
	return { facts: { object: type, firmware, bios: rom.exec(command)?.[1] ?? null, policy: policyText(value) }, signs };
}

/** With a SEV object before one without: a text may show several guests. */
function findCommand(text: string): string | null {
	let first: string | null = null;
	let end = 0;
	for (const { index } of text.includes('qemu-') ? text.matchAll(program) : []) {
		if (index < end || !isCommand(text, index)) {
			continue;
		}
		end = commandEnd(text, index);
		const command = text.slice(index, end);
		if (placeholder.test(command)) {
			continue;
		}
		if (object.test(command)) {
			return command;
		}
		first ??= Array.from(command.matchAll(options)).length >= fewestOptions ? command : null;
	}
	return first;
}

function isCommand(text: string, at: number): boolean {
	const line = text.lastIndexOf('\n', at - 1) + 1;
	const words = text.slice(Math.max(line, at - longestPrefix), at).split(/[ \t]/);
	if (!directories.test(words.pop() ?? '')) {
		return false;
	}
	while (words.length > 0 && (words.at(-1) === '' || wrapper.test(words.at(-1) ?? ''))) {
		words.pop();
	}
	return beforeCommand.test(words.join(' '));
}

/** A line goes on after a backslash; where that was lost, lines of options follow each other. */
function commandEnd(text: string, from: number): number {
	const most = Math.min(text.length, from + longestCommand);
	let end = text.indexOf('\n', from);
	while (end >= 0 && end < most) {
		const next = text.slice(end + 1, end + 65);
		if (text[end - 1] !== '\\' && !/^[ \t]*-[a-zA-Z]/.test(next)) {
			return end;
		}
		end = text.indexOf('\n', end + 1);
	}
	return end < 0 ? text.length : most;
}
