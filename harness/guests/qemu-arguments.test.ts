import test from 'ava';
import { emulatorArguments } from './qemu-arguments.ts';

const paths = { log: '/t,1/log', shell: '/t,1/shell', vars: '/t,1/vars', tpm: '/t,1/tpm' };

test('a measured guest', (t) => {
	const argv = emulatorArguments(
		'a,b',
		{
			with: 'qemu',
			kernel: '/k,1',
			initrd: '/i',
			append: 'console=ttyS0 a,b',
			firmware: { code: '/c,1', vars: '/v' },
			tpm: 'swtpm',
			memoryMiB: 512,
			cpus: 2,
		},
		paths,
	).join(' ');
	t.is(
		argv,
		'-name guest=a,,b -nodefaults -no-user-config -no-reboot -display none -machine q35 -accel tcg,thread=multi -cpu max' +
			' -smp 2 -m 512M -chardev socket,id=log,path=/t,,1/log,server=off -serial chardev:log' +
			' -chardev socket,id=shell,path=/t,,1/shell,server=off -serial chardev:shell' +
			' -drive if=pflash,unit=0,format=raw,readonly=on,file=/c,,1 -drive if=pflash,unit=1,format=raw,file=/t,,1/vars' +
			' -kernel /k,1 -initrd /i -append console=ttyS0 a,b' +
			' -chardev socket,id=tpm,path=/t,,1/tpm -tpmdev emulator,id=tpm,chardev=tpm -device tpm-crb,tpmdev=tpm',
	);
});

test('a plain guest has neither firmware images nor a TPM', (t) => {
	const argv = emulatorArguments('g', { with: 'qemu', kernel: '/k', tpm: 'none', memoryMiB: 256, cpus: 1 }, paths);
	t.false(argv.some((word) => /pflash|tpm|-initrd|-append|kvm/.test(word)));
});
