// What the far side of a framed shell says, as bytes, cut into frames. Lines, each at most 1 KiB:
//
//   @TOKEN SEQ WORD…         a frame's head; WORD 'body NAME' opens a stream, 'sum NAME CRC COUNT' closes it
//   base64                   the bytes of the open stream, in as many lines as base64(1) likes
//
// Output of commands travels as base64 only, and '@' is no letter of base64: nothing a command prints can look like a head.
// Anything else is noise (a kernel message on the same wire, an echo) and is passed over; noise that damaged a stream
// shows in its checksum.

/** One head line of this session, with the stream that it closes, if it closes one. */
export interface Frame {
	readonly seq: number;
	readonly words: readonly string[];
	readonly body: Uint8Array;
}

const longestLine = 1024;
const head = /^@([0-9a-f]+) (\d{1,9}) ([ -~]+)$/;
const base64Line = /^[A-Za-z0-9+/]+={0,2}$/;
const none = new Uint8Array();

/** Reads frames of one session out of a stream that arrives in any pieces. Holds at most one line and one stream of `bodyLimit` bytes. */
export class FrameReader {
	readonly #token: string;
	readonly #bodyLimit: number;
	#line = '';
	#tooLong = false;
	#body: string[] | null = null;
	#bodyLength = 0;
	#progress = 0;

	constructor(token: string, bodyLimit: number) {
		this.#token = token;
		this.#bodyLimit = bodyLimit;
	}

	/** Grows with every line that belongs to this session; noise does not count. */
	get progress(): number {
		return this.#progress;
	}

	/** The frames that these bytes complete, in order. */
	push(chunk: Uint8Array): Frame[] {
		const frames: Frame[] = [];
		// One letter a byte: heads and base64 are ASCII, and what is not is noise.
		const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
		let start = 0;
		for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
			this.#extend(text.slice(start, end));
			const frame = this.#takeLine();
			if (frame !== null) {
				frames.push(frame);
			}
			start = end + 1;
		}
		this.#extend(text.slice(start));
		return frames;
	}

	#extend(piece: string): void {
		if (this.#tooLong || this.#line.length + piece.length > longestLine) {
			this.#tooLong = true;
			this.#line = '';
		} else {
			this.#line += piece;
		}
	}

	#takeLine(): Frame | null {
		const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
		const tooLong = this.#tooLong;
		this.#line = '';
		this.#tooLong = false;
		if (tooLong) {
			return null;
		}
		const [, token, seq, words] = head.exec(line) ?? [];
		if (token === this.#token && seq !== undefined && words !== undefined) {
			return this.#takeHead(Number(seq), words.split(' '));
		}
		if (this.#body !== null && base64Line.test(line) && this.#bodyLength <= this.#bodyLimit) {
			this.#body.push(line);
			this.#progress++;
			this.#bodyLength += Math.floor((line.length * 3) / 4);
		}
		return null;
	}

	#takeHead(seq: number, words: string[]): Frame | null {
		const lines = this.#body ?? [];
		this.#progress++;
		this.#body = null;
		this.#bodyLength = 0;
		if (words[0] === 'body') {
			this.#body = [];
			return null;
		}
		return { seq, words, body: words[0] === 'sum' ? Buffer.from(lines.join(''), 'base64') : none };
	}
}
