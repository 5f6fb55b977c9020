// Kernel log text, as journalctl, dmesg, syslog or a console prints it, to messages.

const dayTime = '\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?';
const isoTime = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?';
/** What dmesg -d adds: the time since the message before. */
const since = '(?: <[ \\t]*[+-]?\\d+\\.\\d+>)?';

/** Priority of printk and syslog, dmesg -x; talosctl puts the node before it. */
const level = '(?:<\\d{1,3}>|(?:[\\w.:-]{1,64}: )?(?:kern|user|daemon|syslog) *: *\\w+ *: ?)?';
/** RFC 5424: version, time, host, program, process, message, structured data. */
const syslog = `\\d ${isoTime} [\\w.:-]+ kernel \\S+ \\S+ (?:-|\\[[^\\]]*\\]) ?`;
/** Of a day or a month, in the reader's language. */
const name = '[^\\s\\d<[:]{2,6}';
const date = [
	// journalctl and syslog; journalctl -o short-full, with a day and a zone; -o short-unix.
	`(?:${name}|\\d{1,2}\\u6708) [ \\d]\\d ${dayTime} `,
	`${name} \\d{4}-\\d\\d-\\d\\d ${dayTime} (?:[A-Z]{2,5}|[+-]\\d\\d(?::?\\d\\d)?) `,
	'\\d{9,11}\\.\\d{6} ',
	// ISO 8601: short-iso, dmesg with a comma, a container runtime, which adds its stream.
	`${isoTime}${since} (?:std(?:out|err) [FP] )?`,
	`\\[${isoTime}\\]:? `,
	// dmesg -T, and the first line of a minute of dmesg -e.
	`\\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d ${dayTime} \\d{4}${since}\\] ?`,
	'\\[[A-Z][a-z]{2} ?\\d{1,2} \\d\\d:\\d\\d\\] ',
].join('|');
/** printk's time, or what has passed since the last one, and the caller where the kernel is built so (CONFIG_PRINTK_CALLER). */
const timeStamp = `(?:\\[[ \\t]*[+-]?\\d+\\.\\d+${since}\\](?:\\[ *[TC]\\d+\\])?\\s?)?`;
/** The journal's identifier of the kernel; other programs keep theirs, so that their words are not taken for its. */
const identifier = '(?:(?:(?!Booting )[\\w.-]+ )?kernel(?:\\[\\d+\\])?: )?';
const prefix = new RegExp(`^${level}(?:${syslog}|${date})?${timeStamp}${identifier}${timeStamp}`);
/** Each of these forms has one of these characters; most lines of most texts have none. */
const prefixMark = /[[<:]/;

/** One line without the log's prefixes. */
export function withoutLogPrefix(line: string): string {
	return prefixMark.test(line) ? line.replace(prefix, '') : line;
}

/** Messages, one a line, without the log's prefixes, carriage returns and empty lines. */
export function parseKernelLog(text: string): readonly string[] {
	const messages: string[] = [];
	for (const raw of text.split('\n')) {
		const message = withoutLogPrefix(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
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
