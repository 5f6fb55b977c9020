// /proc/cpuinfo of x86 with the fields and paddings of Linux (lab: the same fields on a real machine).

import type { Cpu } from './world.ts';

/** One record a processor, a blank line after each. */
export function renderCpuinfo(cpu: Cpu): string {
	const siblings = cpu.threads;
	const records = Array.from({ length: cpu.threads }, (_, index) => {
		const core = index % cpu.cores;
		const apic = core * (cpu.threads > cpu.cores ? 2 : 1) + Math.floor(index / cpu.cores);
		const fields: readonly (readonly [string, string | number])[] = [
			['processor', index],
			['vendor_id', cpu.vendor],
			['cpu family', cpu.family],
			['model', cpu.model],
			['model name', cpu.modelName],
			['stepping', cpu.stepping],
			['microcode', `0x${cpu.microcode.toString(16)}`],
			['cpu MHz', '3250.000'],
			['cache size', '1024 KB'],
			['physical id', 0],
			['siblings', siblings],
			['core id', core],
			['cpu cores', cpu.cores],
			['apicid', apic],
			['initial apicid', apic],
			['fpu', 'yes'],
			['fpu_exception', 'yes'],
			['cpuid level', 16],
			['wp', 'yes'],
			['flags', cpu.flags.join(' ')],
			['bugs', 'sysret_ss_attrs spectre_v1 spectre_v2 spec_store_bypass srso'],
			['bogomips', '6500.00'],
			['TLB size', '3584 4K pages'],
			['clflush size', 64],
			['cache_alignment', 64],
			['address sizes', '52 bits physical, 57 bits virtual'],
		];
		// The kernel pads names with tabs to the second stop, and a long name keeps one.
		const lines = fields.map(([name, value]) => `${name}${name.length < 8 ? '\t\t' : '\t'}: ${value}\n`);
		return `${lines.join('')}power management: ts ttp tm hwpstate cpb eff_freq_ro [13] [14]\n\n`;
	});
	return records.join('');
}
