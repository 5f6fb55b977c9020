// Examples of what the host's tools show: snphost and sevctl of several versions, SELinux.

import type { CauseExample } from './example.ts';

/** The last tests of snphost 0.5 on a host that is ready. */
const kvmReady = `[ PASS ] - KVM supported: API version: 12
[ PASS ]   - SEV enabled in KVM: enabled
[ PASS ]   - SEV-ES enabled in KVM: enabled
[ PASS ]   - SEV-SNP enabled in KVM: enabled
[ PASS ] - Memlock resource limit: Soft: 8388608 | Hard: 8388608`;

export const toolsHostExamples: readonly CauseExample[] = [
	{
		code: 'cpu-not-amd',
		text: `[ FAIL ] - AMD CPU
[ SKIP ]   - Microcode support
[ SKIP ]   - Secure Memory Encryption (SME)
[ SKIP ]     - SME
[ SKIP ]   - Secure Encrypted Virtualization (SEV)
[ SKIP ]     - Secure Nested Paging (SEV-SNP)
[ PASS ] - KVM supported: API version: 12
[ FAIL ]   - SEV enabled in KVM: Error - /sys/module/kvm_amd/parameters/sev does not exist
[ FAIL ]   - SEV-SNP enabled in KVM: Error - /sys/module/kvm_amd/parameters/sev_snp does not exist
[ FAIL ] - RMP INIT: Failed to get SNP Platform status unable to open /dev/sev
ERROR: One or more tests in sevctl-ok reported a failure
Error: One or more tests in sevctl-ok reported a failure`,
		// An engineering sample: its name has no EPYC in it.
		nearMiss: `[ PASS ] - AMD CPU
[ FAIL ]   - Microcode support
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SNP INIT: SNP is INIT
${kvmReady}
[ PASS ] - RMP INIT: RMP is INIT
ERROR: One or more tests in sevctl-ok reported a failure`,
		nearMissIs: null,
	},
	{
		code: 'sev-off-in-bios',
		text: `[ PASS ] - AMD CPU
[ PASS ]   - Microcode support
[ PASS ]   - Secure Memory Encryption (SME)
[ PASS ]     - SME: Enabled in MSR
[ FAIL ]   - Secure Encrypted Virtualization (SEV)
[ SKIP ]     - Encrypted State (SEV-ES)
[ SKIP ]     - Secure Nested Paging (SEV-SNP)
[ SKIP ]       - VM Permission Levels
[ PASS ] - KVM supported: API version: 12
[ FAIL ]   - SEV enabled in KVM: Error - contents read from /sys/module/kvm_amd/parameters/sev: N
[ FAIL ]   - SEV-SNP enabled in KVM: Error - contents read from /sys/module/kvm_amd/parameters/sev_snp: N`,
		// The first generation: SEV without its successors.
		nearMiss: `[ PASS ] - AMD CPU
[ PASS ]   - Microcode support
[ PASS ]   - Secure Memory Encryption (SME)
[ PASS ]     - SME: Enabled in MSR
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ FAIL ]     - Encrypted State (SEV-ES)
[ FAIL ]     - Secure Nested Paging (SEV-SNP)
[ SKIP ]       - VM Permission Levels`,
		nearMissIs: 'snp-off-in-bios',
	},
	{
		code: 'snp-off-in-bios',
		text: `[ PASS ] - AMD CPU
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Encrypted State (SEV-ES)
[ PASS ]       - SEV-ES INIT: Enabled
[ FAIL ]     - Secure Nested Paging (SEV-SNP)
[ SKIP ]       - VM Permission Levels
[ SKIP ]         - Number of VMPLs
[ SKIP ]       - SNP
[ SKIP ]       - SNP INIT
[ PASS ] - KVM supported: API version: 12
[ FAIL ]   - SEV-SNP enabled in KVM: Error - contents read from /sys/module/kvm_amd/parameters/sev_snp: N`,
		nearMiss: `[ PASS ] - AMD CPU
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Encrypted State (SEV-ES)
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - VM Permission Levels
[ FAIL ]       - SNP: Disabled in MSR
[ FAIL ]       - SNP INIT: Failed to get SNP Platform status unable to retrieve SNP platform status`,
		nearMissIs: 'snp-not-enabled-in-msr',
	},
	{
		code: 'sme-off-in-msr',
		text: `[ PASS ] - AMD CPU
[ PASS ]   - Secure Memory Encryption (SME)
[ FAIL ]     - SME: Disabled in MSR
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ FAIL ]       - SNP: Disabled in MSR
[ FAIL ]       - SNP INIT: Failed to get SNP Platform status unable to retrieve SNP platform status`,
		nearMiss: `[ PASS ] - AMD CPU
[ PASS ]   - Secure Memory Encryption (SME)
[ FAIL ]     - SME: MSR read failed: Error Reading MSR
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ FAIL ]       - SNP: MSR read failed: Error Reading MSR
[ PASS ]       - SNP INIT: SNP is INIT`,
		nearMissIs: 'msr-unreadable',
	},
	{
		code: 'snp-not-enabled-in-msr',
		text: `[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - SEV firmware version: 1.55
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - VM Permission Levels
[ PASS ]         - Number of VMPLs: 4
[ FAIL ]       - SNP: Disabled in MSR
[ FAIL ]       - SNP initialized: Failed to get SNP Platform status unable to retrieve SNP platform status
[ SKIP ]         - Read RMP tables
[ SKIP ]         - RMP table initialized
[ SKIP ]         - Alias check
ERROR: One or more tests in snphost ok reported a failure`,
		// An older snpguest in a guest of another kind: the same form, and another register.
		nearMiss: `[ PASS ] - SEV: SEV is ENABLED
[ PASS ] - SEV-ES: SEV-ES is ENABLED
[ FAIL ] - SNP: SNP is DISABLED
ERROR: One or more tests in sevctl-ok reported a failure
Error: One or more tests in sevctl-ok reported a failure`,
		nearMissIs: 'guest-not-snp',
	},
	{
		code: 'alias-check-incomplete',
		text: `[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SNP initialized
[ PASS ]         - RMP table addresses: 0x4fe0000000 - 0x50209fffff
[ PASS ]         - RMP table initialized
[ FAIL ]         - Alias check
[ PASS ] - KVM supported: API version: 12
[ PASS ]   - SEV-SNP enabled in KVM
ERROR: One or more tests in snphost ok reported a failure`,
		nearMiss: `[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SNP initialized
[ PASS ]         - RMP table addresses: 0x4fe0000000 - 0x50209fffff
[ PASS ]         - RMP table initialized
[ PASS ]         - Alias check: Completed since last system update, no aliasing addresses
[ PASS ] - KVM supported: API version: 12
[ PASS ]   - SEV-SNP enabled in KVM`,
		nearMissIs: null,
	},
	{
		code: 'snp-not-initialised',
		text: `[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SEV Firmware Version: Sev firmware version: 1.55
[ FAIL ]       - SNP INIT: SNP is UNINIT
${kvmReady}
[ PASS ] - RMP table addresses: Addresses: 343060480000 - 344146870271
[ FAIL ] - RMP INIT: RMP is UNINIT`,
		// Nobody may look, so nothing is known.
		nearMiss: `[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ FAIL ]       - SNP: MSR read failed: Error Reading MSR
[ FAIL ]       - SEV Firmware Version: Failed to get SEV Platform Status unable to open /dev/sev
[ FAIL ]       - SNP INIT: Failed to get SNP Platform status unable to open /dev/sev
[ FAIL ]     - Reading /dev/sev: /dev/sev not readable: Permission denied (os error 13)
[ FAIL ] - RMP INIT: Failed to get SNP Platform status unable to open /dev/sev`,
		nearMissIs: 'not-root',
	},
	{
		code: 'rmp-not-initialised',
		text: `[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - SEV firmware version: 1.55
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SNP initialized
[ PASS ]         - RMP table addresses: 0x4fe0000000 - 0x50209fffff
[ FAIL ]         - RMP table initialized
ERROR: One or more tests in snphost ok reported a failure`,
		// Version 0.5 misreads the byte that newer firmware returns.
		nearMiss: `[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SEV Firmware Version: Sev firmware version: 1.55
[ PASS ]       - SNP INIT: SNP is INIT
${kvmReady}
[ PASS ] - RMP table addresses: Addresses: 343060480000 - 344146870271
[ FAIL ] - RMP INIT: RMP is UNINIT
ERROR: One or more tests in sevctl-ok reported a failure`,
		nearMissIs: null,
	},
	{
		code: 'tcb-not-committed',
		text: `[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SNP INIT: SNP is INIT
${kvmReady}
[ PASS ] - RMP INIT: RMP is INIT
[ FAIL ] - Comparing TCB values: The TCB versions did NOT match 

 Platform TCB version: 
TCB Version:
  Microcode:   219
  SNP:         24
  TEE:         0
  Boot Loader: 4
   
 Reported TCB version: 
TCB Version:
  Microcode:   219
  SNP:         22
  TEE:         0
  Boot Loader: 4
  
ERROR: One or more tests in sevctl-ok reported a failure`,
		nearMiss: `[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SNP INIT: SNP is INIT
${kvmReady}
[ PASS ] - RMP INIT: RMP is INIT
[ PASS ] - Comparing TCB values: TCB versions match 

 Platform TCB version: 
TCB Version:
  Microcode:   219
  SNP:         22
  TEE:         0
  Boot Loader: 4
   
 Reported TCB version: 
TCB Version:
  Microcode:   219
  SNP:         22
  TEE:         0
  Boot Loader: 4
  `,
		nearMissIs: null,
	},
	{
		code: 'selinux-denies-dev-sev',
		text: `----
time->Wed Nov 12 08:20:44 2025
type=AVC msg=audit(1762935644.310:512): avc:  denied  { read write } for  pid=5120 comm="qemu-system-x86" name="sev" dev="devtmpfs" ino=124 scontext=system_u:system_r:svirt_t:s0:c110,c854 tcontext=system_u:object_r:sev_device_t:s0 tclass=chr_file permissive=0`,
		// Not the device: a directory of sysfs has the same name.
		nearMiss: `----
time->Wed Nov 12 08:20:44 2025
type=AVC msg=audit(1762935644.310:512): avc:  denied  { search } for  pid=5120 comm="qemu-system-x86" name="sev" dev="sysfs" ino=4471 scontext=system_u:system_r:svirt_t:s0:c110,c854 tcontext=system_u:object_r:sysfs_t:s0 tclass=dir permissive=0`,
		nearMissIs: 'selinux-denial',
	},
	{
		code: 'selinux-denial',
		text: `type=AVC msg=audit(1762935650.022:530): avc:  denied  { open } for  pid=5188 comm="rpc-virtqemud" path="/srv/igvm/coconut-qemu.igvm" dev="dm-0" ino=90211 scontext=system_u:system_r:virtqemud_t:s0 tcontext=unconfined_u:object_r:default_t:s0 tclass=file permissive=0
type=SYSCALL msg=audit(1762935650.022:530): arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c items=0 ppid=1 pid=5188 comm="rpc-virtqemud" exe="/usr/bin/virtqemud" subj=system_u:system_r:virtqemud_t:s0 key=(null)`,
		// Of another daemon, which has no part in running guests.
		nearMiss: `type=AVC msg=audit(1762935650.022:530): avc:  denied  { open } for  pid=1188 comm="chronyd" path="/srv/chrony/keys" dev="dm-0" ino=90211 scontext=system_u:system_r:chronyd_t:s0 tcontext=unconfined_u:object_r:default_t:s0 tclass=file permissive=0
type=SYSCALL msg=audit(1762935650.022:530): arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c items=0 ppid=1 pid=1188 comm="chronyd" exe="/usr/sbin/chronyd" subj=system_u:system_r:chronyd_t:s0 key=(null)`,
		nearMissIs: null,
	},
	{
		code: 'not-root',
		text: `[ PASS ] - AMD CPU
[ PASS ]   - Secure Memory Encryption (SME)
[ FAIL ]     - SME: MSR read failed: Error Reading MSR
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ FAIL ]     - SEV INIT: Failed to get SEV Platform Status unable to open /dev/sev
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ FAIL ]       - SNP: MSR read failed: Error Reading MSR
[ FAIL ]       - SNP INIT: Failed to get SNP Platform status unable to open /dev/sev
[ FAIL ]     - Reading /dev/sev: /dev/sev not readable: Permission denied (os error 13)
[ FAIL ]     - Writing /dev/sev: /dev/sev not writable: Permission denied (os error 13)
[ PASS ] - KVM supported: API version: 12
[ FAIL ] - Reading RMP table: Failed to read the desired MSR: Error Reading MSR
[ FAIL ] - RMP INIT: Failed to get SNP Platform status unable to open /dev/sev
ERROR: One or more tests in sevctl-ok reported a failure`,
		// The superuser, who finds no device.
		nearMiss: `[ PASS ] - AMD CPU
[ PASS ]   - Secure Memory Encryption (SME)
[ PASS ]     - SME: Enabled in MSR
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ FAIL ]     - SEV INIT: Failed to get SEV Platform Status unable to open /dev/sev
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - SNP: Enabled in MSR
[ FAIL ]       - SNP INIT: Failed to get SNP Platform status unable to open /dev/sev
[ FAIL ]     - Reading /dev/sev: /dev/sev not readable: No such file or directory (os error 2)
[ FAIL ]     - Writing /dev/sev: /dev/sev not writable: No such file or directory (os error 2)`,
		nearMissIs: 'dev-sev-missing',
	},
	{
		code: 'msr-unreadable',
		text: `[ PASS ] - AMD CPU
[ PASS ]   - Secure Memory Encryption (SME)
[ FAIL ]     - SME: MSR read failed: Error Reading MSR
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ FAIL ]       - SNP: MSR read failed: Error Reading MSR
[ PASS ]       - SNP INIT: SNP is INIT
[ PASS ]     - Reading /dev/sev: /dev/sev readable
[ PASS ]     - Writing /dev/sev: /dev/sev writable
${kvmReady}
[ FAIL ] - Reading RMP table: Failed to read the desired MSR: Error Reading MSR
[ PASS ] - RMP INIT: RMP is INIT`,
		nearMiss: `[ PASS ] - AMD CPU
[ PASS ]   - Secure Memory Encryption (SME)
[ FAIL ]     - SME: Disabled in MSR
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ FAIL ]       - SNP: Disabled in MSR
[ PASS ]     - Reading /dev/sev: /dev/sev readable
[ PASS ]     - Writing /dev/sev: /dev/sev writable
[ FAIL ] - Reading RMP table: RMP table was not read successfully`,
		nearMissIs: 'sme-off-in-msr',
	},
	{
		code: 'tool-crashed',
		text: `[ PASS ] - AMD CPU
[ PASS ]   - Microcode support
[ PASS ]   - Secure Memory Encryption (SME)
thread 'main' panicked at src/ok.rs:214:60:
called \`Result::unwrap()\` on an \`Err\` value: ParseIntError { kind: InvalidDigit }
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
		// It ended with an error because tests failed; that is how it ends then.
		nearMiss: `[ PASS ] - AMD CPU
[ FAIL ]   - Microcode support
[ PASS ]   - Secure Memory Encryption (SME)
${kvmReady}
ERROR: One or more tests in snphost ok reported a failure
Error: One or more tests in snphost ok reported a failure`,
		nearMissIs: null,
	},
	{
		code: 'tool-missing',
		text: `[root@host1 ~]# snphost ok
bash: snphost: command not found...
Install package 'snphost' to provide command 'snphost'? [N/y] n`,
		// It is there, and something else is not: a kernel without SEV-SNP.
		nearMiss: `[root@host1 ~]# snphost ok
[ PASS ] - AMD CPU
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ FAIL ]       - SNP: Disabled in MSR
[ PASS ] - KVM supported: API version: 12
[ FAIL ]   - SEV-SNP enabled in KVM: Error - /sys/module/kvm_amd/parameters/sev_snp does not exist`,
		nearMissIs: 'snp-not-enabled-in-msr',
	},
];
