// snphost ok of 0.4 and 0.5 (facts/fedora-stack.md 4.5, facts/attestation.md 4; transcripts of a good host and one without SNP).

import { type SevState, sevState } from '../sev-state.ts';
import { printed, refused, type Tool } from '../system.ts';
import type { SevPlatform, World } from '../world.ts';

interface Test {
	readonly text: string;
	readonly pass: boolean;
	/** How deep it stands below the test that it needs. */
	readonly depth: number;
}

/** The tool; `ok` exits 1 when a test failed, since 0.4 makes that an error of the program. */
export function createSnphost(world: World): Tool {
	return ({ args }) => {
		const [command, ...rest] = args;
		if (command === '--version' || command === '-V') {
			return printed(`snphost ${world.tools.snphost}\n`);
		}
		if (command !== 'ok' || rest.length > 0) {
			const unknown = command === 'ok' ? `unexpected argument '${rest[0]}' found` : `unrecognized subcommand '${command ?? ''}'`;
			return refused(`error: ${unknown}\n\nUsage: snphost [OPTIONS] <COMMAND>\n\nFor more information, try '--help'.\n`, 2);
		}
		const tests = runTests(world, sevState(world));
		const text = `${render(tests)}${tcbTable(world.sev)}`;
		return tests.some(({ pass }) => !pass)
			? printed(text, 'Error: One or more tests in sevctl-ok reported a failure\n', 1)
			: printed(text);
	};
}

function runTests({ cpu, sev }: World, state: SevState): readonly Test[] {
	const { eax, ebx, ecx, edx } = cpu.encryptedMemory;
	const bit = (n: number) => ((eax >>> n) & 1) === 1;
	const test = (depth: number, pass: boolean, text: string): Test => ({ depth, pass, text });
	const snp = state.snpInitialized;
	const inKvm = (name: string, on: boolean) => test(1, on, `${name} enabled in KVM: ${on ? 'enabled' : 'disabled'}`);
	return [
		test(0, cpu.vendor === 'AuthenticAMD', 'AMD CPU'),
		test(1, true, 'Microcode support'),
		test(1, bit(0), 'Secure Memory Encryption (SME)'),
		test(2, bit(0), `SME: ${bit(0) ? 'Enabled' : 'Disabled'} in MSR`),
		test(1, bit(1), 'Secure Encrypted Virtualization (SEV)'),
		test(2, bit(3), 'Encrypted State (SEV-ES)'),
		test(3, state.kvm.sevEs, `SEV-ES INIT: ${state.kvm.sevEs ? 'Enabled' : 'Disabled'}`),
		test(2, state.cpuHasSev, 'SEV INIT: SEV is INIT, but not currently running a guest'),
		test(2, bit(4), 'Secure Nested Paging (SEV-SNP)'),
		test(3, bit(5), 'VM Permission Levels'),
		test(4, true, `Number of VMPLs: ${(ebx >>> 12) & 0xf}`),
		test(3, snp, `SNP: ${snp ? 'Enabled' : 'Disabled'} in MSR`),
		test(3, sev.api.minor >= 51, `SEV Firmware Version: Sev firmware version: ${sev.api.major}.${sev.api.minor}`),
		test(3, snp, `SNP INIT: ${snp ? 'SNP is INIT' : 'Failed to get SNP Platform status unable to retrieve SNP platform status'}`),
		test(2, true, `Physical address bit reduction: ${(ebx >>> 6) & 0x3f}`),
		test(2, true, `C-bit location: ${ebx & 0x3f}`),
		test(2, true, `Number of encrypted guests supported simultaneously: ${ecx}`),
		test(2, true, `Minimum ASID value for SEV-enabled, SEV-ES disabled guest: ${edx}`),
		test(2, true, 'Reading /dev/sev: /dev/sev readable'),
		test(2, true, 'Writing /dev/sev: /dev/sev writable'),
		test(1, true, `Page flush MSR: ${bit(2) ? 'ENABLED' : 'DISABLED'}`),
		test(0, true, 'KVM supported: API version: 12'),
		inKvm('SEV', state.kvm.sev),
		inKvm('SEV-ES', state.kvm.sevEs),
		inKvm('SEV-SNP', state.kvm.sevSnp),
		test(0, true, `Memlock resource limit: Soft: ${sev.memlock} | Hard: ${sev.memlock}`),
		// 0.5 prints the addresses in decimal.
		test(
			0,
			sev.rmp !== null,
			`RMP table addresses: ${sev.rmp === null ? 'Not enabled' : `Addresses: ${sev.rmp.start} - ${sev.rmp.end}`}`,
		),
		test(0, snp, `RMP INIT: RMP is ${snp ? 'INIT' : 'UNINIT'}`),
		test(0, true, 'Comparing TCB values: TCB versions match '),
	];
}

/** Children of a failed test are skipped and lose their message (sevctl, from which this part comes). */
function render(tests: readonly Test[]): string {
	let failedAt = Number.POSITIVE_INFINITY;
	return tests
		.map(({ depth, pass, text }) => {
			const skipped = depth > failedAt;
			failedAt = skipped ? failedAt : pass ? Number.POSITIVE_INFINITY : depth;
			const word = skipped ? 'SKIP' : pass ? 'PASS' : 'FAIL';
			return `[ ${word} ] ${'  '.repeat(depth)}- ${skipped ? text.split(':')[0] : text}\n`;
		})
		.join('');
}

/** Both tables with the blanks that the tool leaves at the ends of lines. */
function tcbTable({ tcb }: SevPlatform): string {
	const table = [
		'TCB Version:',
		`  Microcode:   ${tcb.microcode}`,
		`  SNP:         ${tcb.snp}`,
		`  TEE:         ${tcb.tee}`,
		`  Boot Loader: ${tcb.bootloader}`,
	].join('\n');
	return `\n Platform TCB version: \n${table}\n   \n Reported TCB version: \n${table}\n`;
}
