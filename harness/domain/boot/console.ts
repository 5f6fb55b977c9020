// What a guest's first serial port says, read as lines: milestones in their order, and a kernel panic.

/** Longest line that is matched and shown; the rest of a longer one is passed over. */
const longestLine = 2_048;

const esc = '\u001b';
const bel = '\u0007';
// ECMA-48: CSI and OSC sequences, the strings DCS, SOS, PM and APC, then any other escape with one final byte.
const escapes = new RegExp(
	[
		`${esc}(?:`,
		'\\[[0-?]*[ -/]*[@-~]?',
		`|\\][^${bel}${esc}]*(?:${bel}|${esc}\\\\|$)`,
		`|[PX^_][^${esc}]*(?:${esc}\\\\|$)`,
		'|[ -/]*[0-~]?',
		')',
	].join(''),
	'g',
);
const controls = /(?![\t\n])\p{Cc}/gu;
// The same set in a form that is searched much faster: most texts have none.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const anyControl = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

/**
 * The text without what only a terminal understands: escape sequences, also one that is cut off at the end, and control
 * characters but tab and line feed.
 */
export function stripTerminal(text: string): string {
	return anyControl.test(text) ? text.replace(escapes, '').replace(controls, '') : text;
}

// printk puts the time and, where the kernel is built so, the caller before its words.
const panic = /^(?:\[ *\d+\.\d+\])?(?:\[ *[TC]\d+\])? *Kernel panic - not syncing\b/;
const panicEnd = /---\[ end Kernel panic/;

/** The line with which a kernel that gives up says so, or null; `bytes` are everything that a console said. */
export function findPanic(bytes: Uint8Array): string | null {
	return new ConsoleWatcher([]).push(bytes).lines.find((line) => panic.test(line)) ?? null;
}

interface MilestonePattern {
	readonly name: string;
	/** A regular expression, matched against one line without terminal escapes. */
	readonly pattern: string;
}

interface SeenMilestone {
	readonly name: string;
	/** The line as far as it is known; it grows until its end has come. */
	line: string;
}

interface ConsoleNews {
	/** Lines that these bytes completed, empty ones left out. */
	readonly lines: readonly string[];
	/** Milestones that were reached with these bytes. */
	readonly reached: readonly string[];
}

/** Watches one console. Milestones count only in their order; a line that is not complete yet (a prompt) can be one. */
export class ConsoleWatcher {
	readonly #expected: readonly { readonly name: string; readonly pattern: RegExp }[];
	readonly #decoder = new TextDecoder('utf-8');
	readonly #seen: SeenMilestone[] = [];
	/** Milestones that the line under way has reached. */
	#fresh: SeenMilestone[] = [];
	#raw = '';
	#panicked = false;
	#panicEnded = false;

	/** @throws SyntaxError when a pattern is not a regular expression */
	constructor(milestones: readonly MilestonePattern[]) {
		this.#expected = milestones.map(({ name, pattern }) => ({ name, pattern: new RegExp(pattern) }));
	}

	/** Milestones reached so far, in their order. */
	get seen(): readonly SeenMilestone[] {
		return this.#seen;
	}

	/** Every milestone was reached. */
	get complete(): boolean {
		return this.#seen.length === this.#expected.length;
	}

	/** The line of the last milestone has come to its end, so that nothing more of it is to be waited for. */
	get settled(): boolean {
		return this.#fresh.length === 0;
	}

	get panicked(): boolean {
		return this.#panicked;
	}

	/** The kernel has said all that it says of its panic. */
	get panicEnded(): boolean {
		return this.#panicEnded;
	}

	push(bytes: Uint8Array): ConsoleNews {
		const lines: string[] = [];
		const reached: string[] = [];
		// Firmware moves the cursor and ends lines with CR; a CR alone starts the line anew, which is a new line here.
		const [first = '', ...rest] = this.#decoder.decode(bytes, { stream: true }).split(/[\r\n]/);
		this.#raw += first.slice(0, longestLine - this.#raw.length);
		for (const next of rest) {
			const line = this.#look(reached);
			this.#fresh = [];
			if (line.trim() !== '') {
				lines.push(line);
			}
			this.#raw = next.slice(0, longestLine);
		}
		this.#look(reached);
		return { lines, reached };
	}

	/** Matches the line under way and returns it as it is shown. */
	#look(reached: string[]): string {
		const line = stripTerminal(this.#raw);
		for (let next = this.#expected[this.#seen.length]; next?.pattern.test(line); next = this.#expected[this.#seen.length]) {
			const milestone = { name: next.name, line };
			this.#seen.push(milestone);
			this.#fresh.push(milestone);
			reached.push(next.name);
		}
		for (const milestone of this.#fresh) {
			milestone.line = line;
		}
		this.#panicked ||= panic.test(line);
		this.#panicEnded ||= panicEnd.test(line);
		return line;
	}
}
