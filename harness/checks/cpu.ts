// The CPU: family and model say which generation it is, CPUID 0x8000001F what it can do. Its marketing name is information.

import { z } from 'zod';
import { type CpuIdentity, parseCpuinfo } from '../domain/cpu/cpuinfo.ts';
import { readEpycName } from '../domain/cpu/epyc-name.ts';
import { findProduct } from '../domain/cpu/generation.ts';
import { parseSevLeaf, sevLeaf } from '../domain/cpu/sev-leaf.ts';
import { cpuidRequest, cpuinfoRequest } from '../language/host-requests.ts';
import { defineKind, Inconclusive, type Judgement, type Observations } from '../language/kind.ts';
import { execAnswer, execText } from '../language/observations.ts';

const features = ['sev', 'sev-es', 'sev-snp'] as const;
type Feature = (typeof features)[number];

export const cpu = defineKind({
	kind: 'cpu',
	summary: 'Generation by family and model, features by CPUID; `by: name` is the rule of the model number, as information',
	target: 'host',
	params: z.strictObject({
		has: z.enum(features).describe('The feature that CPUID leaf 0x8000001F must show'),
		by: z.enum(['cpuid', 'name']).default('cpuid'),
	}),
	expectation: (params) => params,
	*observe({ by }) {
		yield by === 'name' ? { cpuinfo: cpuinfoRequest } : { cpuinfo: cpuinfoRequest, cpuid: cpuidRequest(sevLeaf) };
	},
	judge(observations, { has, by }) {
		const identity = parseCpuinfo(execText(observations, 'cpuinfo'));
		if (identity === null) {
			throw new Inconclusive('unrecognised-output', "'/proc/cpuinfo' names no vendor, family and model");
		}
		return by === 'name' ? judgeName(identity) : judgeFeatures(identity, has, observations);
	},
});

function judgeFeatures(identity: CpuIdentity, has: Feature, observations: Observations): Judgement {
	const { generation, product } = findProduct(identity.vendor, identity.family, identity.model);
	const hex = (n: number) => `0x${n.toString(16)}`;
	const found = `${identity.modelName || identity.vendor}, family ${hex(identity.family)} model ${hex(identity.model)}`;
	const expected = `EPYC Milan, Genoa or Turin with ${has} in CPUID 0x8000001F`;
	if (generation === 'other') {
		const message = `This CPU is none of the generations that have ${has} for Fedora hosts`;
		return { outcome: 'failed', reason: { code: 'unsupported-cpu', message }, expected, actual: found };
	}
	const leaf = execAnswer(observations, 'cpuid');
	const decoded = leaf.status === 0 ? parseSevLeaf(leaf.stdout) : null;
	if (decoded === null) {
		throw new Inconclusive(
			'cpuid-unreadable',
			`CPUID 0x8000001F could not be read from /dev/cpu/0/cpuid (exit ${leaf.status}); it needs root and the cpuid driver`,
		);
	}
	const present = { sev: decoded.sev, 'sev-es': decoded.sevEs, 'sev-snp': decoded.sevSnp }[has];
	const actual = `${found} (${product}), ${has} ${present ? 'present' : 'absent'}, C-bit ${decoded.cBit}, ${decoded.vmpls} VMPLs`;
	if (present) {
		return { outcome: 'passed', expected, actual };
	}
	return {
		outcome: 'failed',
		reason: { code: 'feature-absent', message: `CPUID does not show ${has}: it is switched off in the firmware setup` },
		expected,
		actual,
	};
}

function judgeName(identity: CpuIdentity): Judgement {
	const expected = 'EPYC with 3 or more as the fourth character of its model number';
	const name = readEpycName(identity.modelName);
	const actual = identity.modelName || identity.vendor;
	if (name?.says === true) {
		return { outcome: 'passed', expected, actual };
	}
	return {
		outcome: 'failed',
		reason: { code: 'name-says-no', message: "The name does not follow the Change's rule; CPUID decides, not the name" },
		expected,
		actual,
	};
}
