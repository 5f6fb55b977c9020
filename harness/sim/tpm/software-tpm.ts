// A TPM 2.0 in software: real PCRs behind real commands, as a PC Client TPM answers at locality 0 after its firmware started it.

import { headerSize, TPM_CC, TPM_ST } from '../../domain/tpm/constants.ts';
import { concat, u8, u16, u32 } from '../../domain/tpm/marshal.ts';
import { TPM_RC } from '../../domain/tpm/response-codes.ts';
import { authorize } from './authorization.ts';
import { capabilitiesOf, implementedBanks, maxCommandSize } from './capabilities.ts';
import { startPcrBanks } from './pcr-banks.ts';
import { extendPcr, isExtendHandle, isPcrHandle, readPcrs, resetPcr } from './pcr-commands.ts';
import type { TpmProfile } from './profile.ts';
import { ofHandle, ofParameter, Refusal } from './refusal.ts';
import { type RequestReader, readRequest } from './request-reader.ts';

export interface SoftwareTpm {
	/** Answers one command. Never throws: what is no command is answered with a response code. */
	transceive(command: Uint8Array): Uint8Array;
}

interface Command {
	/** TPMA_CC without the command index: nv in bit 22, the number of handles from bit 25 on. */
	readonly attributes: number;
	/** Whether its one handle is fit, or null for a command without handles. A handle is authorised, and nothing else is. */
	readonly takes: ((handle: number) => boolean) | null;
	run(parameters: RequestReader, handle: number): Uint8Array;
}

const changesOneHandle = 0x0240_0000;

export function createSoftwareTpm(profile: TpmProfile): SoftwareTpm {
	const commands = commandsOf(profile);
	return {
		transceive(command) {
			try {
				return perform(commands, command);
			} catch (error) {
				if (error instanceof Refusal) {
					return errorResponse(error.code);
				}
				throw error;
			}
		},
	};
}

function commandsOf(profile: TpmProfile): ReadonlyMap<number, Command> {
	const implemented = implementedBanks(profile);
	const pcrs = startPcrBanks(implemented.filter((name) => profile.banks[name] === 'active'));
	const commands = new Map<number, Command>([
		[
			TPM_CC.PCR_Reset,
			{ attributes: changesOneHandle, takes: isPcrHandle, run: (parameters, handle) => resetPcr(parameters, pcrs, handle) },
		],
		[TPM_CC.GetCapability, { attributes: 0, takes: null, run: (parameters) => getCapability(parameters) }],
		[TPM_CC.PCR_Read, { attributes: 0, takes: null, run: (parameters) => readPcrs(parameters, pcrs, implemented) }],
		[
			TPM_CC.PCR_Extend,
			{
				attributes: changesOneHandle,
				takes: isExtendHandle,
				run: (parameters, handle) => extendPcr(parameters, pcrs, implemented, handle),
			},
		],
	]);
	const capabilities = capabilitiesOf(profile, new Map([...commands].map(([code, { attributes }]) => [code, attributes])));

	function getCapability(parameters: RequestReader): Uint8Array {
		const capability = parameters.u32(ofParameter(TPM_RC.INSUFFICIENT, 1));
		const property = parameters.u32(ofParameter(TPM_RC.INSUFFICIENT, 2));
		const count = parameters.u32(ofParameter(TPM_RC.INSUFFICIENT, 3));
		parameters.end();
		return capabilities(capability, property, count);
	}

	return commands;
}

/** The order of the checks is that of Part 3, 5: header, command code, handles, sessions, parameters. */
function perform(commands: ReadonlyMap<number, Command>, bytes: Uint8Array): Uint8Array {
	if (bytes.length < headerSize || bytes.length > maxCommandSize) {
		throw new Refusal(TPM_RC.COMMAND_SIZE);
	}
	const request = readRequest(bytes);
	const tag = request.u16(TPM_RC.COMMAND_SIZE);
	if (tag !== TPM_ST.NO_SESSIONS && tag !== TPM_ST.SESSIONS) {
		throw new Refusal(TPM_RC.BAD_TAG);
	}
	if (request.u32(TPM_RC.COMMAND_SIZE) !== bytes.length) {
		throw new Refusal(TPM_RC.COMMAND_SIZE);
	}
	const command = commands.get(request.u32(TPM_RC.COMMAND_SIZE));
	if (command === undefined) {
		throw new Refusal(TPM_RC.COMMAND_CODE);
	}
	const handle = command.takes === null ? 0 : readHandle(request, command.takes);
	if (tag === TPM_ST.SESSIONS) {
		authorize(request, command.takes !== null);
	} else if (command.takes !== null) {
		throw new Refusal(TPM_RC.AUTH_MISSING);
	}
	const parameters = command.run(request, handle);
	return tag === TPM_ST.SESSIONS
		? response(tag, TPM_RC.SUCCESS, u32(parameters.length), parameters, passwordAnswer)
		: response(tag, TPM_RC.SUCCESS, parameters);
}

function readHandle(request: RequestReader, isFit: (handle: number) => boolean): number {
	const handle = request.u32(ofHandle(TPM_RC.INSUFFICIENT, 1));
	if (!isFit(handle)) {
		throw new Refusal(ofHandle(TPM_RC.VALUE, 1));
	}
	return handle;
}

/** TPMS_AUTH_RESPONSE of a password session: no nonce, continueSession, no HMAC. */
const passwordAnswer = concat(u16(0), u8(0x01), u16(0));

function errorResponse(code: number): Uint8Array {
	return response(code === TPM_RC.BAD_TAG ? TPM_ST.RSP_COMMAND : TPM_ST.NO_SESSIONS, code);
}

function response(tag: number, code: number, ...areas: readonly Uint8Array[]): Uint8Array {
	const body = concat(...areas);
	return concat(u16(tag), u32(headerSize + body.length), u32(code), body);
}
