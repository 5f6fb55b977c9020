// The ports: what the program asks of the world outside it, as types only.
// Adapters (machines/, guests/, sim/) implement them, commands/ joins them to the rest, and nothing else knows which is which.

/**
 * One exchange with a machine, as plain data: it is written to the bundle as it is and must survive JSON.
 * `exec` never goes through a shell; a request is read-only (and may be shared by several checks) unless `changes` is set,
 * or it is a `write-file` or a `transceive`. `on: 'host'` asks the host although the check is a guest's.
 */
export type Request =
	| {
			readonly do: 'exec';
			readonly argv: readonly string[];
			/** UTF-8 text for standard input; without it the child reads /dev/null. */
			readonly stdin?: string;
			readonly timeoutMs?: number;
			readonly changes?: true;
			readonly on?: 'host';
	  }
	| { readonly do: 'read-file'; readonly path: string; readonly on?: 'host' }
	/** One write(2) of the whole: text in UTF-8, or bytes in lower-case hexadecimal. */
	| ({ readonly do: 'write-file'; readonly path: string; readonly on?: 'host' } & (
			| { readonly text: string }
			| { readonly hex: string }
	  ))
	/** One command written to a character device in one write(2), one answer read back. `hex` is lower case. */
	| { readonly do: 'transceive'; readonly device: string; readonly hex: string; readonly timeoutMs?: number }
	/** Bytes from the controller's own generator, never from the machine: nonces are made by snpgate. */
	| { readonly do: 'random'; readonly length: number }
	/** The controller's clock. */
	| { readonly do: 'now' }
	/** The key that the other end of the channel proved to have, as the adapter saw it; see Machine.channelKey. */
	| { readonly do: 'channel-key' }
	/** Boot the cell's guest in this role, or give the boot that already happened. */
	| { readonly do: 'boot'; readonly role: GuestRole }
	/** From AMD's key service or the store of what it gave before; never from the machine. */
	| { readonly do: 'fetch-key'; readonly key: KeyRequest };

/** What AMD's key service has: the certificate of a chip at a TCB, the certificates above it, the list of revoked ones. */
export type KeyRequest =
	| {
			readonly want: 'vcek';
			readonly product: 'Milan' | 'Genoa' | 'Turin';
			/** The chip's identifier, lower-case hexadecimal: 128 digits, of Turin 16. */
			readonly hwid: string;
			/** The reported TCB; `fmc` is of Turin alone. */
			readonly tcb: {
				readonly fmc: number | null;
				readonly bootloader: number;
				readonly tee: number;
				readonly snp: number;
				readonly microcode: number;
			};
	  }
	| { readonly want: 'chain' | 'crl'; readonly product: 'Milan' | 'Genoa' | 'Turin'; readonly hierarchy: 'vcek' | 'vlek' };

export type GuestRole = 'subject' | 'control';

/** Why no answer could be had. Never a judgement of the product. */
export type FaultCode =
	| 'unreachable'
	| 'timeout'
	| 'protocol'
	| 'truncated'
	| 'not-available'
	| 'not-recorded'
	| 'not-started'
	| 'deadline'
	| 'interrupted'
	| 'kds-unavailable'
	| 'kds-throttled'
	| 'kds-unknown-chip'
	| 'kds-masked-chip'
	| 'offline';

export interface Fault {
	readonly kind: 'fault';
	readonly code: FaultCode;
	readonly message: string;
	/** The next step for the reader, a command where there is one. */
	readonly next?: string;
}

/** `status` is as the shell gives it: 126 not executable, 127 not found, 128 + n for signal n; null when its time limit ended it. */
export interface ExecAnswer {
	readonly kind: 'exec';
	readonly status: number | null;
	readonly timedOut: boolean;
	readonly stdout: Uint8Array;
	readonly stderr: Uint8Array;
	/** A stream was longer than 16 MiB and is cut there, or lacks its end for another reason. */
	readonly truncated: boolean;
}

interface FileAnswer {
	readonly kind: 'file';
	readonly bytes: Uint8Array;
	readonly truncated: boolean;
}

/** The path could not be read or written; `errno` is its name, EIO for one that is not told apart. */
interface NoFileAnswer {
	readonly kind: 'no-file';
	readonly errno: string;
}

interface BytesAnswer {
	readonly kind: 'bytes';
	readonly bytes: Uint8Array;
}

interface TimeAnswer {
	readonly kind: 'time';
	/** ISO 8601, UTC, milliseconds. */
	readonly iso: string;
}

/** A line the console must show; `ms` counts from the start of the guest's process, null when it never came. */
export interface Milestone {
	readonly name: string;
	readonly ms: number | null;
	readonly line: string | null;
}

/** What was seen of one boot. The adapter only watches: whether this is good is judged elsewhere. */
export interface BootAnswer {
	readonly kind: 'boot';
	readonly role: GuestRole;
	/** What ended the watch: every milestone seen, the time limit, the end of the guest's process, or the abort signal. */
	readonly ended: 'milestones' | 'limit' | 'exit' | 'panic';
	readonly milestones: readonly Milestone[];
	/** Argument vector of the emulator, empty where there is none. */
	readonly argv: readonly string[];
	/** libvirt domain XML where libvirt launched it. */
	readonly xml: string | null;
	/** Process id of the emulator on the host, null when it is not known or has ended. */
	readonly pid: number | null;
	/** Everything the first serial port said until the watch ended. */
	readonly console: Uint8Array;
	/** What the launcher or the emulator wrote on standard error. */
	readonly stderr: Uint8Array;
	readonly limitMs: number;
	readonly exitStatus: number | null;
}

export type Answer = ExecAnswer | FileAnswer | NoFileAnswer | BytesAnswer | TimeAnswer | BootAnswer | Fault;

/** An answer with the times the exchange took on the controller's clock (milliseconds since the epoch). */
export interface Exchange {
	readonly answer: Answer;
	readonly startedAt: number;
	readonly endedAt: number;
}

/** Requests that go to a machine; the others never reach one. */
export type MachineRequest = Extract<Request, { do: 'exec' | 'read-file' | 'write-file' | 'transceive' }>;

export interface Machine {
	/** How people know it: 'local', 'sim', or a guest's name. */
	readonly name: string;
	/** /proc/sys/kernel/random/boot_id of the machine, once known. */
	readonly bootId: string | null;
	/**
	 * The public key that the machine's end of the channel proved to have, an SSH key in the form of RFC 4253 section 6.6;
	 * null where nothing is proved (this machine itself, a serial port).
	 */
	readonly channelKey: Uint8Array | null;
	/**
	 * Performs the requests in order, in as few round trips as it can, and answers each of them in the same order.
	 * Never rejects: what could not be had is a Fault.
	 */
	perform(requests: readonly MachineRequest[], signal: AbortSignal): Promise<readonly Exchange[]>;
	/** Ends what this adapter started on the way to the machine. */
	close(): Promise<void>;
}

/** What a guest is to be. All paths and texts come from the matrix. */
export interface GuestSpec {
	/** Unique within the run and fit for a file name, for example 'f41.ga.genoa.snp.disk.f41-subject'. */
	readonly name: string;
	readonly role: GuestRole;
	readonly tee: string;
	readonly boot: string;
	readonly guestOs: string;
	/** How it is launched: the matrix's entry under `guests` for this guest-os, with the role's own settings laid over it. */
	readonly launch: GuestLaunch;
	readonly milestones: readonly { readonly name: string; readonly pattern: string }[];
	readonly limitMs: number;
}

export interface GuestLaunch {
	readonly with: 'qemu' | 'libvirt';
	readonly kernel?: string | undefined;
	readonly initrd?: string | undefined;
	readonly append?: string | undefined;
	/** A pflash code image and the variable store it starts from; without it the emulator's default firmware. */
	readonly firmware?: { readonly code: string; readonly vars: string } | undefined;
	readonly tpm: 'none' | 'swtpm';
	readonly memoryMiB: number;
	readonly cpus: number;
}

export type GuestNews =
	| { readonly news: 'console'; readonly line: string }
	| { readonly news: 'milestone'; readonly name: string; readonly ms: number };

export interface RunningGuest {
	readonly boot: BootAnswer;
	/** The way in, or the reason that there is none. */
	readonly machine: Machine | Fault;
}

export interface GuestControl {
	/**
	 * Boots one guest and returns when its last milestone was seen, its process ended, its limit passed, or the signal came.
	 * A fault is: could not even try (no emulator, no image). Never rejects.
	 */
	boot(spec: GuestSpec, tell: (news: GuestNews) => void, signal: AbortSignal): Promise<RunningGuest | Fault>;
	/** Ends the guest and everything that was started for it. Safe to call twice, and for a guest that never started. */
	stop(name: string): Promise<void>;
}

export interface KeyService {
	/**
	 * DER of one certificate, PEM of a chain (intermediate, then root) or DER of a revocation list, as `bytes`.
	 * What could not be had is a fault; never rejects.
	 */
	fetch(request: KeyRequest, signal: AbortSignal): Promise<Exchange>;
}

export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
}

export interface Random {
	bytes(length: number): Uint8Array;
}
