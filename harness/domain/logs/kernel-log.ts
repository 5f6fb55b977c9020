// Kernel log text, as journalctl or dmesg prints it, to messages.

/** printk's time and, where the kernel is built so, its caller (CONFIG_PRINTK_CALLER), before the message. */
const timeStamp = /^\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])?\s?/;

/** Messages, one a line, without time stamps, carriage returns and empty lines. */
export function parseKernelLog(text: string): readonly string[] {
	return text
		.split('\n')
		.map((line) => line.replace(/\r$/, '').replace(timeStamp, ''))
		.filter((line) => line.trim() !== '');
}

/** The first thing that every Linux kernel says: a log without it has lost its beginning, and proves nothing by silence. */
export function hasBeginning(lines: readonly string[]): boolean {
	return lines.some((line) => line.startsWith('Linux version '));
}
