// What a simulated tool sees of the machine that it runs on, and what it gives back.

import type { FileTree } from './files.ts';
import type { Identity } from './world.ts';

/** One record of the kernel's log. */
export interface LogLine {
	/** Seconds since the kernel started. */
	readonly at: number;
	readonly text: string;
}

export interface System {
	readonly identity: Identity;
	readonly log: readonly LogLine[];
	readonly files: FileTree;
}

export interface ToolCall {
	/** argv without the program. */
	readonly args: readonly string[];
	readonly stdin: Uint8Array;
	readonly system: System;
}

export interface ToolOutput {
	readonly status: number;
	readonly stdout: Uint8Array;
	readonly stderr: string;
}

export type Tool = (call: ToolCall) => ToolOutput;

const utf8 = new TextEncoder();

/** Output of a tool that did what was asked. */
export function printed(stdout: string | Uint8Array, stderr = '', status = 0): ToolOutput {
	return { status, stdout: typeof stdout === 'string' ? utf8.encode(stdout) : stdout, stderr };
}

/** Output of a tool that says why it could not. */
export function refused(stderr: string, status = 1): ToolOutput {
	return printed('', stderr, status);
}
