// Kernel log text, as journalctl, dmesg, syslog or a console prints it, to messages.

const level = '(?:<\\d{1,3}>|(?:kern|user|daemon|syslog) *: *\\w+ *: ?)?';
/** journalctl's and syslog's day and time, ISO 8601 (also dmesg's, with a comma), or `dmesg -T`. */
const date = [
	'(?:[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? ',
	'|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)? ',
	'|\\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\\] ?)?',
].join('');
/** printk's time and, where the kernel is built so, its caller (CONFIG_PRINTK_CALLER), before the message. */
const timeStamp = '(?:\\[ *\\d+\\.\\d+\\](?:\\[ *[TC]\\d+\\])?\\s?)?';
/** The journal's identifier of the kernel; other programs keep theirs, so that their words are not taken for its. */
const identifier = '(?:(?:(?!Booting )[\\w.-]+ )?kernel(?:\\[\\d+\\])?: )?';
const prefix = new RegExp(`^${level}${date}${timeStamp}${identifier}${timeStamp}`);
/** Each of these forms has one of these characters; most lines of most texts have none. */
const prefixMark = /[[<:]/;

/** Messages, one a line, without the log's prefixes, carriage returns and empty lines. */
export function parseKernelLog(text: string): readonly string[] {
	const messages: string[] = [];
	for (const raw of text.split('\n')) {
		const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
		const message = prefixMark.test(line) ? line.replace(prefix, '') : line;
		if (message.trim() !== '') {
			messages.push(message);
		}
	}
	return messages;
}

/** The first thing that every Linux kernel says: a log without it has lost its beginning, and proves nothing by silence. */
export function hasBeginning(lines: readonly string[]): boolean {
	return lines.some((line) => line.startsWith('Linux version '));
}
