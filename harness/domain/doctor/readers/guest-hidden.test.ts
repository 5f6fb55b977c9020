// Guests whose protection the kernel's own line does not name, and excerpts whose silence proves nothing.

import test from 'ava';
import { guestKernel } from './guest-kernel.ts';

const active = 'Memory Encryption Features active: AMD';
const hyperV = 'Hypervisor detected: Microsoft Hyper-V';
const dmi = 'DMI: Microsoft Corporation Virtual Machine/Virtual Machine, BIOS Hyper-V UEFI Release v4.1 08/23/2024';
const confidential = (name: string) => `systemd[1]: Detected confidential virtualization ${name}.`;

const under: readonly (readonly [string, string, string | null])[] = [
	['a paravisor', `${hyperV}\n${active} SEV\nSEV: Status: vTom \n`, 'sev-snp'],
	['a paravisor, only its status', 'SEV: Status: vTom', 'sev-snp'],
	['a paravisor with more features', 'SEV: Status: SEV-SNP vTom ReflectVC', 'sev-snp'],
	['Hyper-V, as far as SEV', `${hyperV}\n${active} SEV`, null],
	['Hyper-V by DMI', `${active} SEV\n${dmi}`, null],
	['Hyper-V by its own words', `${active} SEV\nHyper-V: privilege flags low 0xae7f, high 0x3b8030, ext 0x62`, null],
	['Hyper-V, as far as SEV-ES', `${hyperV}\n${active} SEV SEV-ES`, null],
	['Hyper-V, by systemd', `${hyperV}\n${active} SEV\n${confidential('sev-snp')}`, 'sev-snp'],
	['Hyper-V, named', `${hyperV}\n${active} SEV SEV-ES SEV-SNP`, 'sev-snp'],
	['KVM', `Hypervisor detected: KVM\n${active} SEV`, 'sev'],
	['KVM, by systemd as SEV-SNP', `Hypervisor detected: KVM\n${confidential('sev-snp')}`, 'sev-snp'],
	['KVM, by systemd as SEV-ES', confidential('sev-es'), 'sev-es'],
	['KVM, by systemd as SEV', confidential('sev'), 'sev'],
	['KVM, by systemd as TDX', confidential('tdx'), 'tdx'],
	['KVM, by systemd in a journal', `Nov 12 08:14:12 guest1 ${confidential('sev-snp')}`, 'sev-snp'],
	['KVM, by a systemd that is not the first', confidential('sev-snp').replace('[1]', '[812]'), 'sev-snp'],
	['KVM, as old kernels misspell it', 'SEV: SNP guest platform device intitialized.', 'sev-snp'],
];
for (const [name, text, tee] of under) {
	test(`a guest of ${name} is ${tee ?? 'not known'}`, (t) => {
		t.is(guestKernel.recognise(text), 3);
		const { snp, facts, signs } = guestKernel.read(text);
		t.is(snp, tee === 'sev-snp' ? 'usable' : tee === null ? 'unknown' : 'unusable');
		t.like(facts, { tee });
		t.is(signs.length, Number(snp === 'unusable'));
	});
}

test('what is only derived from Hyper-V says so', (t) => {
	const leans = (text: string) => guestKernel.read(text).unconfirmed;
	t.deepEqual(leans(`${hyperV}\n${active} SEV`), ['hyper-v-isolation']);
	t.deepEqual(leans(`${hyperV}\n${active} SEV\nSEV: Status: vTom`), ['hyper-v-isolation']);
	t.deepEqual(leans('Hyper-V: Isolation Config: Group A 0x1, Group B 0xba2'), ['hyper-v-isolation']);
	t.deepEqual(leans(`${active} SEV SEV-ES SEV-SNP`), []);
	t.deepEqual(leans(`Hypervisor detected: KVM\n${active} SEV`), []);
});

const version = 'Linux version 6.14.0-63.fc42.x86_64 (mockbuild@builder) #1 SMP PREEMPT_DYNAMIC';
const command = 'Command line: BOOT_IMAGE=/vmlinuz-6.14.0-63.fc42.x86_64 ro console=ttyS0';
const boot = [
	version,
	command,
	'BIOS-provided physical RAM map:',
	'Hypervisor detected: KVM',
	'smp: Brought up 1 node, 4 CPUs',
	'Run /init as init process',
];
const stamped = (lines: readonly string[]) => lines.map((line, index) => `[    ${index}.000000] ${line}`).join('\n');
const without = (one: string) => boot.filter((line) => line !== one);

const whole: readonly (readonly [string, string])[] = [
	['dmesg', stamped(boot)],
	['dmesg -t', boot.join('\n')],
	['a serial console', `BdsDxe: starting Boot0001\n\n${stamped(boot)}\n\nFedora Linux 42\nguest1 login: `],
	['with the other line of the command', stamped(boot).replace('Command line', 'Kernel command line')],
];
for (const [name, text] of whole) {
	test(`a whole log without a word on encryption is a guest without: ${name}`, (t) => {
		t.like(guestKernel.read(text), { snp: 'unusable', facts: { tee: 'none' }, signs: [] });
	});
}

const parts: readonly (readonly [string, string])[] = [
	['no command line', stamped(without(command))],
	['no beginning', stamped(without(version))],
	['the command line much later', stamped([version, ...Array.from({ length: 40 }, () => 'tsc: Fast'), ...boot.slice(1)])],
	['searched', `$ dmesg | grep -E 'Linux|ommand|KVM|smp|Run'\n${stamped(boot)}`],
	['searched as root', `[root@guest1 ~]# dmesg | head -6\n${stamped(boot)}`],
	['searched, and quoted', `> guest1:~ # dmesg | tail -n 9000\n> ${stamped(boot).replaceAll('\n', '\n> ')}`],
	['searched, without a prompt', `sudo dmesg | egrep -i 'kvm|smp'\n${stamped(boot)}`],
	['the version from elsewhere', `$ cat /proc/version\n${version}\n${stamped(without(version))}`],
	['the version from elsewhere, without a prompt', `${version}\n${stamped(without(version))}`],
	['the version from elsewhere, in a log without stamps', `cat /proc/version\n${boot.join('\n')}`],
];
for (const [name, text] of parts) {
	test(`part of a log is no guest without encryption: ${name}`, (t) => {
		t.is(guestKernel.recognise(text), 2);
		t.like(guestKernel.read(text), { snp: 'unknown', facts: { tee: null }, signs: [] });
	});
}

test('a nested host is no guest without encryption, whatever it says as a host', (t) => {
	for (const line of [
		'SEV-SNP: Segmented RMP does not cover full system RAM (expected 0x2 got 0x1)',
		'ccp psp: SEV: failed to get status. Error: 0x8003',
		'AMD-Vi: SNP: IOMMU disabled or configured in passthrough mode, SNP cannot be supported.',
	]) {
		t.is(guestKernel.recognise(`${stamped(boot)}\n${line}`), 0, line);
	}
});
