import test from 'ava';
import { parseQemuArguments, splitCommandLine } from './command-line.ts';

const bare = (line: string) => parseQemuArguments(['/usr/bin/qemu-system-x86_64', ...line.split(' ')]);

test('a bare command line', (t) => {
	const launch = bare(
		'-enable-kvm -cpu EPYC-v4,+x2apic -smp 4 -m 4096M -machine q35,confidential-guest-support=sev0,memory-backend=ram1 -object memory-backend-memfd,id=ram1,size=4G -object sev-snp-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x30000,kernel-hashes=on -bios /usr/share/edk2/ovmf/OVMF.amdsev.fd -kernel vmlinuz -initrd initrd.img -append console=ttyS0',
	);
	t.like(launch, {
		firmware: { how: 'bios', path: '/usr/share/edk2/ovmf/OVMF.amdsev.fd' },
		vcpus: 4,
		cpuModel: 'EPYC-v4',
		kernel: 'vmlinuz',
		initrd: 'initrd.img',
		append: 'console=ttyS0',
		tpm: null,
	});
	t.like(launch.sev, { type: 'sev-snp-guest', policy: 0x30000n, kernelHashes: true, cBit: 51, hostData: null });
});

test("libvirt's form", (t) => {
	const launch = parseQemuArguments([
		'/usr/bin/qemu-system-x86_64',
		...['-name', 'guest=snp1,debug-threads=on', '-S'],
		...['-machine', 'pc-q35-9.1,usb=off,memory-backend=pc.ram,confidential-guest-support=lsec0'],
		...['-cpu', 'host,migratable=on', '-bios', '/usr/share/edk2/ovmf/OVMF.amdsev.fd'],
		...['-smp', '4,sockets=4,cores=1,threads=1'],
		...['-object', '{"qom-type":"memory-backend-ram","id":"pc.ram","size":4294967296}'],
		...[
			'-object',
			`{"qom-type":"sev-snp-guest","id":"lsec0","policy":196608,"host-data":"${Buffer.alloc(32, 7).toString('base64')}","author-key-enabled":true,"vcek-disabled":true}`,
		],
	]);
	t.is(launch.name, 'snp1');
	t.is(launch.cpuModel, 'host');
	t.like(launch.sev, { policy: 196608n, authorKey: true, vcekDisabled: true, kernelHashes: false });
	t.deepEqual(launch.sev?.hostData, Buffer.alloc(32, 7));
});

const firmware: readonly (readonly [string, string, unknown])[] = [
	['a pflash drive', '-machine q35 -drive if=pflash,format=raw,readonly=on,file=/a,,b.fd', { how: 'pflash', path: '/a,b.fd' }],
	[
		'a pflash blockdev',
		'-machine q35,pflash0=code-format -blockdev {"driver":"file","filename":"/a.fd","node-name":"code"} -blockdev {"node-name":"code-format","driver":"raw","file":"code"}',
		{ how: 'pflash', path: '/a.fd' },
	],
	['an IGVM file', '-machine q35,igvm-cfg=igvm0 -object igvm-cfg,id=igvm0,file=/x.igvm', { how: 'igvm', path: '/x.igvm' }],
	['an IGVM object that the machine does not use', '-machine q35 -object igvm-cfg,id=igvm0,file=/x.igvm', null],
	['none', '-machine q35', null],
];
for (const [title, line, expected] of firmware) {
	test(`firmware: ${title}`, (t) => {
		t.deepEqual(bare(line).firmware, expected);
	});
}

const processors: readonly (readonly [string, number])[] = [
	['-m 1', 1],
	['-smp 8', 8],
	['-smp cpus=2,maxcpus=8', 2],
	['-smp sockets=2,cores=4', 8],
	['-smp 2 -smp 4', 4],
];
for (const [line, count] of processors) {
	test(`processors: ${line}`, (t) => {
		t.is(bare(line).vcpus, count);
	});
}

test('an object that the machine does not name protects nothing', (t) => {
	t.is(bare('-machine q35 -object sev-snp-guest,id=sev0,policy=0x30000').sev, null);
	t.is(bare('-machine q35,memory-encryption=sev0 -object sev-guest,id=sev0,policy=0x5').sev?.type, 'sev-guest');
});

test("a TPM of the host's", (t) => {
	t.is(bare('-tpmdev emulator,id=tpm0,chardev=c -device tpm-crb,tpmdev=tpm0').tpm, 'emulator');
});

test('/proc/PID/cmdline', (t) => {
	t.deepEqual(splitCommandLine(Buffer.from('a\0b c\0\0d\0')), ['a', 'b c', '', 'd']);
	t.is(splitCommandLine(Buffer.of(0xff, 0)), null);
});
