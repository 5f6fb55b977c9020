// What the kinds that speak to a TPM share: the device, sending a command, and reading the answer.

import { hex } from '../domain/tpm/marshal.ts';
import { TpmParseError } from '../domain/tpm/reader.ts';
import type { TpmResult } from '../domain/tpm/response.ts';
import { asksForRetry, describeResponseCode } from '../domain/tpm/response-codes.ts';
import { Inconclusive, type Observations } from '../language/kind.ts';
import { rawBytes } from '../language/observations.ts';
import { absolutePath } from '../language/scalars.ts';
import type { Request } from '../ports.ts';

/** Through the kernel's resource manager, so that nobody else's sessions are in the way. */
export const tpmDevice = absolutePath.default('/dev/tpmrm0').describe('Character device of the TPM');

/** One command for the device. */
export function tpmCommand(device: string, command: Uint8Array): Request {
	return { do: 'transceive', device, hex: hex(command) };
}

/**
 * The answer to a command, or its response code. Not to have one is Inconclusive: 'no-device' when the device could not be opened,
 * 'unrecognised-output' when the bytes are no TPM 2.0 response, 'tpm-busy' when the TPM asks for the command again.
 */
export function tpmAnswer<Value>(
	observations: Observations,
	name: string,
	parse: (bytes: Uint8Array) => TpmResult<Value>,
): TpmResult<Value> {
	const result = parsed(name, deviceBytes(observations, name), parse);
	if (!result.ok && asksForRetry(result.code)) {
		throw new Inconclusive(
			'tpm-busy',
			`The TPM answered '${name}' with ${describeResponseCode(result.code)}; run the check again`,
		);
	}
	return result;
}

/** The answer to a command that no TPM refuses: a refusal is Inconclusive too. */
export function tpmValue<Value>(observations: Observations, name: string, parse: (bytes: Uint8Array) => TpmResult<Value>): Value {
	const result = tpmAnswer(observations, name, parse);
	if (!result.ok) {
		throw unexpectedCode(name, result.code);
	}
	return result.value;
}

/** The TPM answered with a code from which nothing follows. */
export function unexpectedCode(name: string, code: number): Inconclusive {
	return new Inconclusive('unrecognised-output', `The TPM answered '${name}' with ${describeResponseCode(code)}`);
}

/** Names of banks for people. */
export function listBanks(banks: readonly string[]): string {
	return banks.length === 0 ? 'none' : banks.join(', ');
}

function deviceBytes(observations: Observations, name: string): Uint8Array {
	const answer = observations.get(name);
	const next = "look for 'tpm' in the guest's kernel log";
	if (answer?.kind === 'no-file') {
		throw new Inconclusive('no-device', `The TPM's device could not be opened for '${name}' (${answer.errno}); ${next}`);
	}
	if (answer?.kind === 'fault' && answer.code === 'not-available') {
		throw new Inconclusive('no-device', `The TPM's device could not be opened for '${name}' (${answer.message}); ${next}`);
	}
	return rawBytes(observations, name);
}

function parsed<Value>(name: string, bytes: Uint8Array, parse: (bytes: Uint8Array) => TpmResult<Value>): TpmResult<Value> {
	try {
		return parse(bytes);
	} catch (error) {
		if (error instanceof TpmParseError) {
			throw new Inconclusive('unrecognised-output', `The answer to '${name}' is no TPM 2.0 response: ${error.message}`);
		}
		throw error;
	}
}
