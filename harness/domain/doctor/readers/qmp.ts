// Answers of QEMU's monitor: query-version, qom-list-types, query-sev, query-sev-capabilities, and the greeting.

import type { Fact, Reading, SnpState, TextReader } from '../reading.ts';
import { isObject, type JsonObject, jsonObjects } from './json-objects.ts';
import { plainText } from './pasted-text.ts';
import { type Answer, readCapabilities, readError, readSevState, readTypes, readVersion } from './qmp-answers.ts';
import { firstOfEach } from './tool-lines.ts';
import { isWritten } from './written-text.ts';

export const qmp: TextReader = {
	kind: 'qmp',
	recognise(text) {
		// A word of the protocol first: most texts are spared the parsing.
		if (!/"(?:return|error|QMP)"\s{0,8}:/.test(text)) {
			return 0;
		}
		// 'return' is a member of many answers: only what the monitor answers to commands that are known here counts.
		return jsonObjects(plainText(text)).some((message) => answer(message) !== null) && !isWritten(plainText(text)) ? 3 : 0;
	},
	read(text): Reading {
		const answers = jsonObjects(plainText(text)).flatMap((message) => answer(message) ?? []);
		const facts: { [name: string]: Fact } = {};
		for (const one of answers) {
			Object.assign(facts, one.facts);
		}
		const signs = firstOfEach(answers.flatMap(({ sign }) => (sign === null ? [] : [sign])));
		return { kind: 'qmp', snp: together(answers), facts, signs };
	},
};

/** QMP's errors have a class and a description; those of JSON-RPC and others do not. */
function isQmpError(value: unknown): value is JsonObject {
	return isObject(value) && typeof value.class === 'string' && typeof value.desc === 'string';
}

function answer(message: JsonObject): Answer | null {
	const { return: result, error, QMP: greeting } = message;
	if (isQmpError(error)) {
		return readError(error);
	}
	if (Array.isArray(result)) {
		return readTypes(result);
	}
	if (isObject(result)) {
		return readVersion(result) ?? readSevState(result) ?? readCapabilities(result);
	}
	return isObject(greeting) && isObject(greeting.version) ? readVersion(greeting.version) : null;
}

/** One answer that says no outweighs a yes. */
function together(answers: readonly Answer[]): SnpState {
	const said = answers.map(({ snp }) => snp);
	return said.includes('unusable') ? 'unusable' : said.includes('usable') ? 'usable' : 'unknown';
}
