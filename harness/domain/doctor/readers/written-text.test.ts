// Manuals, pages and programs have the words of the tools in them, and nothing of them was printed.

import test from 'ava';
import type { TextReader } from '../reading.ts';
import { avc } from './avc.ts';
import { domcaps } from './domcaps.ts';
import { fwdesc } from './fwdesc.ts';
import { libvirt } from './libvirt.ts';
import { qemu } from './qemu.ts';
import { qmp } from './qmp.ts';
import { rpm } from './rpm.ts';
import { snpguest } from './snpguest.ts';
import { snphost } from './snphost.ts';
import { svsm } from './svsm.ts';
import { tpm } from './tpm.ts';
import { vhv } from './vhv.ts';
import { isWritten } from './written-text.ts';

const readers: readonly TextReader[] = [avc, domcaps, fwdesc, libvirt, qemu, qmp, rpm, snpguest, snphost, svsm, tpm, vhv];
const takenBy = (text: string) => readers.filter((reader) => reader.recognise(text) > 0).map(({ kind }) => kind);

/** Texts as the tools print them; each is taken by a reader when it stands alone. */
const printed: readonly (readonly [string, string])[] = [
	['vhv', '  QEMU: Checking for secure guest support                    : PASS\n'],
	['domcaps', "<domainCapabilities>\n  <features>\n    <sev supported='no'/>\n  </features>\n</domainCapabilities>\n"],
	['libvirt', "<domain type='kvm'>\n  <name>guest1</name>\n</domain>\n"],
	['qmp', '<- {"return": {"qemu": {"major": 8, "minor": 2, "micro": 0}, "package": ""}}\n'],
	['qemu', "qemu-system-x86_64: sev_snp_launch_start: SNP_LAUNCH_START ret=-22 fw_error=0 ''\n"],
	['snpguest', 'VEK signed the Attestation Report!\n'],
	['snphost', '[ PASS ] - AMD CPU\n'],
	[
		'avc',
		'audit[7]: AVC avc:  denied  { open } for  pid=7 comm="perf" scontext=a:b:c_t:s0 tcontext=a:b:d_t:s0 tclass=file permissive=0\n',
	],
	['tpm', 'TPM2_PT_MANUFACTURER:\n  raw: 0x49424D20\n'],
	['svsm', '[SVSM] Launching Firmware\n'],
	['rpm', 'edk2-ovmf-20250812-16.fc43.noarch\n'],
];
const manual = (sample: string) =>
	`Guests\n======\n\nThe tool is asked like this::\n\n${sample.replace(/^(?=.)/gm, '   ')}\nWhat it says\n------------\n\nSee \`\`--help\`\`.\n\nMore\n----\n\nNothing.\n`;

for (const [kind, text] of printed) {
	test(`${kind}: what it prints is taken, alone and in a report with a heading, and not in a manual or a page`, (t) => {
		t.deepEqual(takenBy(text), [kind]);
		t.deepEqual(takenBy(`Description of problem\n----------------------\nIt does not start.\n\n${text}`), [kind]);
		t.deepEqual(takenBy(manual(text)), []);
		t.deepEqual(takenBy(`<!DOCTYPE html>\n<html><body><pre>\n${text}</pre></body></html>\n`), []);
	});
}

const sources: readonly (readonly [string, string])[] = [
	[
		'a test in Rust',
		`use super::*;

#[cfg(test)]
mod tests {
    #[test]
    fn shows_a_report() {
        let report = Report::default();
        let expected = r#"
Attestation Report (1184 bytes):
Version:                      0
Guest SVN:                    0
Guest Policy (0x0):
VMPL:                         0
"#;
        // It is empty.
        assert_eq!(report.to_string(), expected);
    }
}

fn other() {
    let _ = 1;
    drop(2);
    drop(3);
    drop(4);
}
`,
	],
	[
		'a tool in Rust',
		`use anyhow::{Context, Result};

pub fn cmd(quiet: bool) -> Result<()> {
    let tests = collect_tests();
    if run(&tests, 0, quiet) {
        Ok(())
    } else {
        panic!("panicked at the test of snphost");
    }
}

fn usage() {
    println!("snphost ok");
}
`,
	],
	[
		'a driver in C',
		`#include <stdio.h>

static int start(void)
{
    int ret = ioctl(fd, cmd, &start);

    if (ret) {
        error_report("%s: SNP_LAUNCH_START ret=%d fw_error=%d '%s'",
                     __func__, ret, fw_error, fw_error_to_str(fw_error));
        return ret;
    }
    trace_kvm_sev_snp_launch_start(start->policy, gosvw);
    return 0;
}
`,
	],
	[
		'libvirt in C',
		`static const char *xml =
"<node>"
"<domain type='test'>"
"  <name>test</name>"
"</domain>";

static void format(virBuffer *buf)
{
    virBufferAddLit(buf, "<sev supported='no'/>\\n");
    virBufferAsprintf(buf, "<launchSecurity supported='%s'/>\\n", yes);
}
`,
	],
	[
		'a schema of QAPI',
		`{ 'pragma': { 'documentation-exceptions': [ 'x' ] } }

##
# @query-sev:
#
# .. qmp-example::
#
#     -> { "execute": "query-sev" }
#     <- { "return": { "enabled": true, "api-major" : 0, "api-minor" : 0,
#                      "build-id" : 0, "policy" : 0, "state" : "running",
#                      "handle" : 1 } }
##
{ 'command': 'query-sev', 'returns': 'SevInfo' }
`,
	],
	[
		'the schema of firmware descriptors',
		`{ 'enum' : 'FirmwareDevice',
  'data' : [ 'flash', 'kernel', 'memory' ] }

##
# {
#     "description": "OVMF",
#     "interface-types": [ "uefi" ],
#     "mapping": {
#         "device": "memory",
#         "filename": "/usr/share/OVMF.fd"
#     },
#     "targets": [], "features": [], "tags": []
# }
##
{ 'struct' : 'Firmware',
  'data'   : { 'description'     : 'str',
               'interface-types' : [ 'FirmwareOSInterface' ],
               'mapping'         : 'FirmwareMapping' } }
`,
	],
	[
		'a recipe of rpm',
		`Name: edk2
Version: 20250812
Release: 16%{?dist}
Summary: UEFI firmware
%description
Firmware with qemu-kvm.x86_64 in mind.
%prep
%files
/usr/share/edk2/ovmf/OVMF.amdsev.fd
`,
	],
	[
		'a program in Python',
		`import json
from qemu.qmp import QMPClient

class Shell:
    """
    {"return": {}}
    {"return": {"qemu": {"major": 9, "minor": 0, "micro": 0}, "package": ""}}
    """
    def __init__(self):
        pass
`,
	],
	[
		'a list of trace events',
		`kvm_sev_init(void) ""
kvm_sev_change_state(const char *old, const char *new) "%s -> %s"
kvm_sev_snp_launch_start(uint64_t policy, char *gosvw) "policy 0x%" PRIx64 " gosvw %s"
kvm_sev_snp_launch_finish(char *id_block, char *id_auth, char *host_data) "id_block %s id_auth %s host_data %s"
`,
	],
	[
		'a header of the kernel',
		`struct kvm_sev_init {
	__u64 vmsa_features;
	__u32 flags;
};
struct kvm_sev_snp_launch_start {
	__u64 policy;
};
`,
	],
];

for (const [title, text] of sources) {
	test(`${title} is taken by no reader`, (t) => {
		t.deepEqual(takenBy(text), []);
	});
}

test('logs, lists and JSON are not taken for programs or manuals', (t) => {
	for (const text of [
		'{\n  "return": {\n    "enabled": true\n  },\n  "id": 1\n}\n',
		'====================\nLaunching SVSM guest\n====================\nqemu: x\n====================\n',
		' Id   Name     State\n-----------------------\n 1    guest1   running\n',
		'kvm_amd: SEV enabled (ASIDs 100 - 509)\n'.repeat(20),
		'Error: x\nCaused by:\n    0: y;\n    1: z;\n',
	]) {
		t.false(isWritten(text), text);
	}
});
