// Where in a line a message is spoken by QEMU, libvirt or what wraps them, and not quoted by a sentence or a program.

/** Further back in a line nobody is looked for who says what follows. */
const furthest = 2_048;

const time = '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[^ ]{0,16}';
/** Of a journal, of syslog, of a container's log, of a console. */
const logPrefix = new RegExp(
	`^[ \\t]{0,64}(?:\\[[^\\]\\n]{1,64}\\] ?|${time} (?:std(?:out|err) [FP] )?|(?:[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?|${time}) [\\w.-]{1,64} [\\w./@-]{1,64}(?:\\[\\d{1,7}\\])?: )?`,
);
/** QEMU says '__func__: ' before some messages, and of others this is all that a careless paste kept. */
const functionName = /^(?:-accel kvm: )?[a-z]{2,16}_\w{2,64}: $/;

/** What may stand before a speaker: another one's colon, a quoted member of a log, a time, a level. A sentence does not. */
const place = `(?:^[ \\t]{0,64}|: |[=:] ?["']|[\\]|>)] |[Z\\d] |\\b[A-Z]{4,8} {1,8})`;
const emulator = '(?:/[^\\s"\'=]{0,256}/)?qemu(?:-system-\\w{1,16}|-kvm)?';
const others =
	'[Ee]rror|ERROR|ctr|virsh|virt-install|-accel kvm|[\\w.]{0,64}[Ll]ibvirt[\\w.]{0,32}|internal error|operation failed|unsupported configuration|XML error';
const speaker = new RegExp(`${place}(?:${emulator}|${others}) ?: `);
const emulatorSpeaks = new RegExp(`${place}${emulator}: `, 'm');

/** A sentence goes on where a message ends. */
const sentence = /^[,;]?\s[a-z]{1,16}\s[a-z]{1,16}\b/;

/** Whether what stands from `at` to `end` of the line is a message that somebody speaks there. */
export function isSpoken(line: string, at: number, end: number): boolean {
	const before = line.slice(Math.max(0, at - furthest), at);
	if (at <= furthest) {
		const rest = before.replace(logPrefix, '');
		if (functionName.test(rest) || (rest === '' && !sentence.test(line.slice(end, end + 40)))) {
			return true;
		}
	}
	return speaker.test(before);
}

/** Whether QEMU says anything in the text. */
export function emulatorSays(text: string): boolean {
	return text.includes('qemu') && emulatorSpeaks.test(text);
}
