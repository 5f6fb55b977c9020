// Words of libvirt and of QEMU's monitor that others use as well: what is theirs, and what only looks like it.

import test from 'ava';
import { domcaps } from './domcaps.ts';
import { fwdesc } from './fwdesc.ts';
import { libvirt } from './libvirt.ts';
import { qmp } from './qmp.ts';

const theirs: readonly (readonly [string, string])[] = [
	['a fragment', "<sev supported='no'/>\n"],
	['an indented fragment', "$ virsh domcapabilities | grep -A1 sev\n      <sev supported='no'/>\n"],
	['a quoted fragment', "> <sev supported='no'/>\n"],
	['a whole document in one line', "<domainCapabilities><features><sev supported='no'/></features></domainCapabilities>"],
	[
		'a document after a declaration',
		"<?xml version='1.0'?><domainCapabilities><features><sev supported='no'/></features></domainCapabilities>",
	],
];
for (const [title, text] of theirs) {
	test(`domain capabilities: ${title}`, (t) => {
		t.true(domcaps.recognise(text) >= 2);
		t.is(domcaps.read(text).snp, 'unusable');
	});
}

for (const text of [
	"libvirt prints <sev supported='no'/> when QEMU has none.",
	"If it still says `<sev supported='no'/>`, clear the cache.",
	"(<launchSecurity supported='no'/>)",
	'    virBufferAddLit(buf, "<sev supported=\'no\'/>\\n");',
	'"<domainCapabilities>"',
	'# combo which will be reported in <domainCapabilities>',
	"<!-- a template of an issue -->\nIt says <sev supported='no'/> in the guide.",
	"<details>\n\nThe guide says <sev supported='no'/> here.\n</details>",
]) {
	test(`no claim of domain capabilities: ${text}`, (t) => {
		t.is(domcaps.recognise(text), 0);
	});
}

test('what was left out of a document is not missing from it', (t) => {
	const text = (more: string) =>
		`<domainCapabilities>\n  <features>\n    ${more}\n    <sev supported='yes'/>\n  </features>\n</domainCapabilities>\n`;
	t.is(domcaps.read(text('...')).snp, 'unknown');
	t.is(domcaps.read(text("<gic supported='no'/>")).snp, 'unusable');
});

test('a definition stands at the start of its line', (t) => {
	t.is(libvirt.recognise("  <launchSecurity type='sev-snp'>\n"), 3);
	for (const text of ["Use <launchSecurity type='sev-snp'> for it.", '"<domain type=\'test\'>"', "`<domain type='kvm'>`, then"]) {
		t.is(libvirt.recognise(text), 0, text);
	}
});

test('numbers that any list of settings may have are not those of a node', (t) => {
	t.is(libvirt.recognise('limits:\n  max-guests : 10\n  cbitpos : 47\n'), 0);
	t.is(libvirt.recognise('pdh : AAAA\ncbitpos : 47\n'), 2);
	t.is(libvirt.recognise('cbitpos : 47\nreduced-phys-bits : 1\nmax-guests : 15\n'), 2);
});

const types = '{"return": [{"name": "sev-guest", "parent": "sev-common"}]}';
test('an answer of the monitor is known by what it answers', (t) => {
	for (const text of [
		types,
		`<- ${types}`,
		`$ virsh qemu-monitor-command g '{"execute":"qom-list-types"}'\n${types}`,
		`2025-01-01 00:00:00.1+0000: 9: debug : qemuMonitorX:9 : QEMU_MONITOR_RECV_REPLY: mon=0x7f reply=${types}`,
		'{"QMP": {"version": {"qemu": {"micro": 0, "minor": 1, "major": 9}, "package": ""}, "capabilities": []}}\n{"return": {}}',
	]) {
		t.is(qmp.recognise(text), 3, text);
	}
	for (const text of [
		'{"return": {}}',
		'{"return": [{"node1": true}]}',
		'{"return": [{"name": "a", "type": "string"}]}',
		'{"return": [{"name": "a"}]}',
		'{"error": {"code": 404, "message": "gone"}, "return": null}',
		`The answer is ${types} then.`,
		`#     <- ${types}`,
		`// ${types}`,
		`"${types}"`,
	]) {
		t.is(qmp.recognise(text), 0, text);
	}
});

test('a firmware descriptor that was cut off is one, and comments of a schema are none', (t) => {
	const lines = ['{', '    "description": "x",', '    "interface-types": [ "uefi" ],', '    "mapping": {'];
	t.is(fwdesc.recognise(lines.join('\n')), 3);
	t.is(fwdesc.recognise(lines.map((line) => `# ${line}`).join('\n')), 0);
	t.is(fwdesc.recognise(lines.map((line) => ` * ${line}`).join('\n')), 0);
});
