// Kernel log text, as journalctl or dmesg prints it, to messages.

/** A dmesg or short-monotonic time stamp before the message. */
const timeStamp = /^\[\s*\d+\.\d+\]\s?/;

/** Messages, one a line, without time stamps, carriage returns and empty lines. */
export function parseKernelLog(text: string): readonly string[] {
	return text
		.split('\n')
		.map((line) => line.replace(/\r$/, '').replace(timeStamp, ''))
		.filter((line) => line.trim() !== '');
}
