import test from 'ava';
import { cpu } from './cpu.ts';
import { brief, drive, ran, unreachable } from './test-observe.ts';

function cpuinfo(vendor: string, family: number, model: number, name: string): string {
	const record = `processor\t: 0\nvendor_id\t: ${vendor}\ncpu family\t: ${family}\nmodel\t\t: ${model}\nmodel name\t: ${name}\nstepping\t: 1\nflags\t\t: fpu sev sev_es\n\n`;
	return record + record;
}

function leaf(eax: number, ebx = 51 | (4 << 12)): Buffer {
	const bytes = Buffer.alloc(16);
	bytes.writeUInt32LE(eax, 0);
	bytes.writeUInt32LE(ebx, 4);
	return bytes;
}

const all = 0b11_1111;
const genoa = cpuinfo('AuthenticAMD', 0x19, 0x11, 'AMD EPYC 9354 32-Core Processor');
const snp = { has: 'sev-snp' };

const rows = [
	['Genoa with SNP', snp, genoa, ran(leaf(all)), 'passed'],
	['Milan', snp, cpuinfo('AuthenticAMD', 0x19, 0x01, 'AMD EPYC 7313 16-Core Processor'), ran(leaf(all)), 'passed'],
	['Siena', snp, cpuinfo('AuthenticAMD', 0x19, 0xa0, 'AMD EPYC 8124P'), ran(leaf(all)), 'passed'],
	['Turin', snp, cpuinfo('AuthenticAMD', 0x1a, 0x02, 'AMD EPYC 9175F'), ran(leaf(all)), 'passed'],
	['SNP switched off in the firmware setup', snp, genoa, ran(leaf(all & ~0x10)), 'failed feature-absent'],
	['Rome has none', snp, cpuinfo('AuthenticAMD', 0x17, 0x31, 'AMD EPYC 7402'), ran(leaf(0xf)), 'failed unsupported-cpu'],
	['a desktop Zen 4', snp, cpuinfo('AuthenticAMD', 0x19, 0x61, 'AMD EPYC 4344P'), ran(leaf(all)), 'failed unsupported-cpu'],
	['Intel with the same numbers', snp, cpuinfo('GenuineIntel', 0x19, 0x11, 'Xeon'), ran(leaf(all)), 'failed unsupported-cpu'],
	['CPUID cannot be read', snp, genoa, ran('', 1, 'dd: failed to open'), 'error cpuid-unreadable'],
	['CPUID answers too little', snp, genoa, ran(Buffer.alloc(8)), 'error cpuid-unreadable'],
	['another architecture', snp, 'processor : 0\nBogoMIPS : 50\n', ran(leaf(all)), 'error unrecognised-output'],
	['no output', snp, '', ran(leaf(all)), 'error unrecognised-output'],
	['by name', { has: 'sev-snp', by: 'name' }, genoa, unreachable, 'passed'],
	[
		'by name: second generation',
		{ has: 'sev-snp', by: 'name' },
		cpuinfo('AuthenticAMD', 0x17, 0x31, 'AMD EPYC 7402'),
		unreachable,
		'failed name-says-no',
	],
	['by name: no EPYC', { has: 'sev-snp', by: 'name' }, cpuinfo('GenuineIntel', 6, 1, 'Xeon'), unreachable, 'failed name-says-no'],
] as const;

for (const [title, params, info, cpuid, expected] of rows) {
	test(title, (t) => {
		t.is(brief(drive(cpu, params, (name) => (name === 'cpuinfo' ? ran(info) : cpuid)).judgement), expected);
	});
}
