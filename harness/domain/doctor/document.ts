// Documents quote what tools and kernels say, and claim nothing of any machine.

/** Words before a sample. A report of a bug says 'expected results' and 'expected behaviour', which is not this. */
const sample =
	/\b(?:expected|sample|example) outputs?\b|\boutput (?:should|will|must) (?:be|look|contain)|\byou (?:should|will|can) see\b|\bshould (?:print|show|display) (?:something|the following)\b|(?:输出示例|示例输出|预期输出)/i;
const script = /^\ufeff?#!/;
const heading = /^(?:#{1,6} \S.*|={4,}|-{4,}|~{4,}|\^{4,})$/gm;
const sentence = /^\s*(?:[-*] |\d+\. )?["'`*(]{0,3}[A-Z][^\n]{0,400}\b(?:a|an|the|is|are|to|of|for|with|this|that|and|if|be)\b/;
/** As much as shows what a text is. */
const enough = 65_536;

/** A script, or a text that says that samples follow. */
export function showsSamples(text: string): boolean {
	return script.test(text) || sample.test(text.slice(0, enough));
}

/** Chapters of prose: of such a text with words of several tools nothing is claimed. */
export function isDocument(text: string): boolean {
	const start = text.slice(0, enough);
	const lines = start.split('\n').filter((line) => line.trim() !== '');
	const prose = lines.filter((line) => sentence.test(line)).length;
	return (start.match(heading)?.length ?? 0) >= 3 && prose * 3 > lines.length;
}
