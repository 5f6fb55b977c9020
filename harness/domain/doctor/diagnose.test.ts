// Several texts of one machine: the root, what follows from it, and the answer as the contract has it.

import test from 'ava';
import { type Diagnosis, diagnose, diagnosisDocument } from './diagnose.ts';

const good = `SEV-SNP: RMP table physical range [0x000000bf7e800000 - 0x000000c03f0fffff]
ccp 0000:01:00.5: sev enabled
ccp 0000:01:00.5: SEV API:1.55 build:21
ccp 0000:01:00.5: SEV-SNP API:1.55 build:21
kvm_amd: SEV enabled (ASIDs 100 - 1006)
kvm_amd: SEV-ES enabled (ASIDs 1 - 99)
kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)
`;
const noRmp = 'SEV-SNP: Memory for the RMP table has not been reserved by BIOS\nccp 0000:01:00.5: sev enabled\n';
const oldBootLoader = 'ccp 0000:01:00.5: SEV: failed to INIT error 0x1, rc -5\n';
const noObject =
	"qemu-system-x86_64: -object sev-snp-guest,id=sev0,cbitpos=51: Parameter 'qom-type' does not accept value 'sev-snp-guest'\n";
const noInit = '[SVSM] Launching Firmware\n[SVSM] Failed to launch /init\n';
const notes = 'A list of what to buy: bread, milk, two lemons.\n';

const codes = ({ root, consequences }: Diagnosis) => [root, ...consequences].map((finding) => finding?.cause.code);
const text = (file: string, content: string) => ({ file, text: content });

test('nothing wrong: usable, no cause', (t) => {
	const diagnosis = diagnose([text('k', good)]);
	t.is(diagnosis.snp, 'usable');
	t.is(diagnosis.root, null);
	t.deepEqual(diagnosis.consequences, []);
});

test('the lowest of the chain is the root whatever the order of the texts, and the others fold under it', (t) => {
	const texts = [text('q', noObject), text('p', oldBootLoader), text('k', noRmp)];
	const expected = ['bios-rmp-not-reserved', 'psp-bootloader-too-old', 'qemu-without-snp-object'];
	t.deepEqual(codes(diagnose(texts)), expected);
	t.deepEqual(codes(diagnose([...texts].reverse())), expected);
});

test('the same cause in two texts is one finding with both lines', (t) => {
	const { root, consequences } = diagnose([text('a', noRmp), text('b', noRmp)]);
	t.deepEqual(
		root?.evidence.map(({ file }) => file),
		['a', 'b'],
	);
	t.deepEqual(consequences, []);
});

test('each file has its own root, the machine has one', (t) => {
	const { files, cause } = diagnosisDocument(diagnose([text('q', noObject), text('k', noRmp), text('n', notes)]));
	t.deepEqual(
		files.map((file) => [file.file, file.kind, file.snp, file.cause?.code ?? null]),
		[
			['q', 'qemu', files[0]?.snp, 'qemu-without-snp-object'],
			['k', 'host-kernel', 'unusable', 'bios-rmp-not-reserved'],
			['n', 'unknown', 'unknown', null],
		],
	);
	t.is(cause?.code, 'bios-rmp-not-reserved');
	t.regex(cause?.message ?? '', /Seen: .*Memory for the RMP table has not been reserved by BIOS$/);
	t.deepEqual(Object.keys(files[0] ?? {}), ['file', 'kind', 'snp', 'facts', 'cause']);
	t.deepEqual(Object.keys(cause ?? {}), ['code', 'message', 'next']);
});

test('a note explains nothing: any other cause is the root before it', (t) => {
	t.deepEqual(codes(diagnose([text('s', noInit), text('q', noObject)])), ['qemu-without-snp-object', 'no-init']);
	t.deepEqual(codes(diagnose([text('s', noInit)])), ['no-init']);
});

test('the state is that of the worst text', (t) => {
	t.is(diagnose([text('k', good), text('n', notes)]).snp, 'unknown');
	t.is(diagnose([text('k', good), text('n', notes), text('b', noRmp)]).snp, 'unusable');
	t.is(diagnose([]).snp, 'unknown');
});

test('a text that was cut off is no witness', (t) => {
	const [file] = diagnose([{ file: 'k', text: good, truncated: true }]).files;
	t.deepEqual(file?.reading, { kind: 'unknown', snp: 'unknown', facts: { error: 'truncated' }, signs: [] });
});
