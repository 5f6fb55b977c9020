// The regular expressions of our own suites, against what real hosts say.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadSuite } from '../language/load-suite.ts';
import type { Check } from '../language/suite.ts';
import { kinds } from './index.ts';
import { brief, drive, ran, read } from './test-observe.ts';

const root = join(import.meta.dirname, '..', '..');

function check(suite: string, id: string): Check {
	const path = join(root, 'suites', `${suite}.yaml`);
	const found = loadSuite(readFileSync(path, 'utf8'), path, kinds).suite?.checks.find((candidate) => candidate.id === id);
	if (found === undefined) {
		throw new Error(`no check '${id}' in '${path}'`);
	}
	return found;
}

function judge(suite: string, id: string, answer: ReturnType<typeof ran>): string {
	const { kind, params } = check(suite, id);
	const found = kinds.find((candidate) => candidate.kind === kind);
	if (found === undefined) {
		throw new Error(`no kind '${kind}'`);
	}
	return brief(drive(found, params, () => answer).judgement);
}

const commandLines: readonly (readonly [string, boolean])[] = [
	['BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.11.4-301.fc41.x86_64 root=UUID=x ro rhgb quiet', true],
	['quiet iommu=nopt', true],
	['quiet kvm_amd.sev_snp=1', true],
	['quiet sev=debug', true],
	['quiet iommu=pt', false],
	['iommu=pt,force quiet', false],
	['iommu=nopanic,pt', false],
	['"iommu=pt" quiet', false],
	['iommu=off', false],
	['iommu.passthrough=1', false],
	['iommu.passthrough=on', false],
	['iommu.passthrough=y', false],
	['amd_iommu=off', false],
	['amd_iommu=fullflush,off', false],
	['amd_iommu=pgtbl_v2', false],
	['sev=nosnp', false],
	['sev=debug,nosnp', false],
	['kvm_amd.sev_snp=0', false],
	['kvm-amd.sev_snp=0', false],
	['kvm_amd.sev-snp=N', false],
	['kvm_amd.sev=off', false],
	['module_blacklist=kvm_amd', false],
];

for (const [line, good] of commandLines) {
	test(`host.cmdline: ${line}`, (t) => {
		t.is(judge('host', 'host.cmdline', read(`${line}\n`) as ReturnType<typeof ran>), good ? 'passed' : 'failed forbidden-line');
	});
}

const corpus = `${process.env.SNPGATE_CORPUS ?? '../shared/corpus'}/transcripts`;
const withCorpus = existsSync(corpus) ? test : test.skip;

/** The transcripts are excerpts: the beginning that every kernel log has is put before them. */
const transcripts: readonly (readonly [string, string, string])[] = [
	['host.kernel.rmp', 'host-kernel-genoa-journal-good.log', 'passed'],
	['host.kernel.rmp', 'rc-host-kernel-milan-611-two-ccp.log', 'passed'],
	['host.kernel.rmp', 'rc-host-kernel-rmp-not-reserved.log', 'failed forbidden-line'],
	['host.kernel.rmp', 'rc-host-kernel-519-snp-module-off.txt', 'failed missing-line'],
	['host.kernel.iommu', 'rc-host-kernel-genoa-iommu-no-snp.log', 'failed missing-line'],
	['host.kernel.psp', 'host-kernel-genoa-journal-good.log', 'passed'],
	['host.kernel.psp', 'host-kernel-nested-azure-67.log', 'failed missing-line'],
	['host.kernel.psp', 'host-kernel-turin-sev-only.log', 'failed missing-line'],
	['host.kvm.asids', 'host-kernel-genoa-journal-good.log', 'passed'],
	['host.kvm.asids', 'host-kernel-ciphertext-hiding-99.log', 'passed'],
	['host.kvm.asids', 'host-kernel-ciphertext-hiding-0.log', 'failed missing-line'],
	['host.kvm.asids', 'rc-host-kernel-guest-memfd-missing.log', 'failed forbidden-line'],
	['host.kernel.clean', 'host-kernel-rmpupdate-failed-e820.log', 'failed forbidden-line'],
	['guest.snp.active', 'guest-kernel-snp-vmpl0-612.log', 'passed'],
	['guest.snp.active', 'guest-kernel-seves-oldform.log', 'failed missing-line'],
	['guest.snp.active', 'guest-kernel-tdx-nested.log', 'failed missing-line'],
	['guest.sev-es.active', 'guest-kernel-seves-oldform.log', 'passed'],
	['guest.sev-es.active', 'guest-kernel-snp-vmpl0-612.log', 'failed forbidden-line'],
	['guest.vmpl', 'guest-kernel-snp-vmpl0-612.log', 'passed'],
	['guest.vmpl', 'guest-kernel-svsm-vmpl2.log', 'failed missing-line'],
	['guest.vmpl.svsm', 'guest-kernel-svsm-vmpl2.log', 'passed'],
	['host.snphost', 'snphost-ok-05x-aws-milan-pass.txt', 'passed'],
	['host.snphost', 'rc-snphost-ok-05x-snp-off-in-msr.txt', 'failed forbidden-line'],
	['host.libvirt.sev-snp', 'domcaps-amdsev-qemu-10.0-q35.xml', 'passed'],
	['host.libvirt.sev-snp', 'domcaps-qemu-9.1.0-q35-plain.xml', 'failed missing-line'],
];

for (const [id, file, expected] of transcripts) {
	withCorpus(`[corpus] ${id}: ${file}`, (t) => {
		const text = readFileSync(join(corpus, file), 'utf8');
		// Only the journal puts date, host and 'kernel:' before a line, and the program asks it not to (-o cat).
		const lines = text.replace(/^[A-Z][a-z]{2} \d\d [\d:]{8} \S+ kernel: /gm, '');
		const log = file.includes('-kernel-') ? `Linux version 6.11.4\n${lines}` : text;
		t.is(judge(id.startsWith('guest') ? 'guest' : 'host', id, ran(log)), expected);
	});
}

test('colours do not hide a FAIL', (t) => {
	const failed = '[ \u001b[32mPASS\u001b[0m ] - AMD CPU\n[ \u001b[31mFAIL\u001b[0m ]   - SNP INIT: SNP is not INIT\n';
	t.is(judge('host', 'host.snphost', ran(failed)), 'failed forbidden-line');
});
