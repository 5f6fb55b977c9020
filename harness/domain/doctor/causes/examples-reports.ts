// Examples of what the guest's attestation tools show.

import type { CauseExample } from './example.ts';

export const reportExamples: readonly CauseExample[] = [
	{
		code: 'sev-guest-device-missing',
		text: `ERROR: unable to open /dev/sev-guest
because: No such file or directory (os error 2)
Error: unable to open /dev/sev-guest

Caused by:
    No such file or directory (os error 2)`,
		nearMiss: `ERROR: unable to open /dev/sev-guest
because: Permission denied (os error 13)
Error: unable to open /dev/sev-guest

Caused by:
    Permission denied (os error 13)`,
		nearMissIs: 'not-root',
	},
	{
		code: 'fw-invalid-parameter',
		text: `$ sudo snpguest report report.bin request.bin --random
ERROR: unable to fetch attestation report
because: Firmware Error Encountered: Known SEV FW Error: Status Code: 0x16: Given parameter is invalid.
Error: unable to fetch attestation report

Caused by:
    Firmware Error Encountered: Known SEV FW Error: Status Code: 0x16: Given parameter is invalid.`,
		nearMiss: `$ sudo snpguest report report.bin request.bin --random
ERROR: unable to fetch attestation report
because: Firmware Error Encountered: Known SEV FW Error: Status Code: 0x27: The key requested is invalid, not present, or not allowed.
Error: unable to fetch attestation report

Caused by:
    Firmware Error Encountered: Known SEV FW Error: Status Code: 0x27: The key requested is invalid, not present, or not allowed.`,
		nearMissIs: 'report-refused-by-firmware',
	},
	{
		code: 'report-refused-by-firmware',
		text: `ERROR: unable to fetch attestation report
because: Firmware Error Encountered: Known SEV FW Error: Status Code: 0x2: Invalid guest state.
Error: unable to fetch attestation report

Caused by:
    Firmware Error Encountered: Known SEV FW Error: Status Code: 0x2: Invalid guest state.`,
		// The firmware was not asked.
		nearMiss: `ERROR: unable to fetch attestation report
because: Firmware Error Encountered: IO Error Encountered: Input/output error (os error 5)
Error: unable to fetch attestation report

Caused by:
    Firmware Error Encountered: IO Error Encountered: Input/output error (os error 5)`,
		nearMissIs: null,
	},
	{
		code: 'all-zero-report',
		text: `Attestation Report (1184 bytes):
Version:                      0
Guest SVN:                    0

Guest Policy (0x0):
    ABI Major:     0
    ABI Minor:     0
    SMT Allowed:   0
    Migrate MA:    0
    Debug Allowed: 0
    Single Socket: 0

VMPL:                         0
Signature Algorithm:          0`,
		// Much in a genuine report is zero as well.
		nearMiss: `Attestation Report (1184 bytes):
Version:                      2
Guest SVN:                    0

Guest Policy (0x30000):
    ABI Major:     0
    ABI Minor:     0
    SMT Allowed:   1
    Migrate MA:    0
    Debug Allowed: 0
    Single Socket: 0

VMPL:                         0
Signature Algorithm:          1`,
		nearMissIs: null,
	},
	{
		code: 'report-not-signed',
		text: `Reported TCB Boot Loader from certificate matches the attestation report.
Reported TCB TEE from certificate matches the attestation report.
Reported TCB SNP from certificate matches the attestation report.
Reported TCB Microcode from certificate matches the attestation report.
ERROR: VEK did NOT sign the Attestation Report!
Error: VEK did NOT sign the Attestation Report!`,
		nearMiss: `Reported TCB Boot Loader from certificate matches the attestation report.
Reported TCB TEE from certificate matches the attestation report.
Reported TCB SNP from certificate matches the attestation report.
Reported TCB Microcode from certificate matches the attestation report.
VEK signed the Attestation Report!`,
		nearMissIs: null,
	},
	{
		code: 'certificate-chain-broken',
		text: `The AMD ARK was self-signed!
ERROR: The AMD ASK was not signed by the AMD ARK!
Error: The AMD ASK was not signed by the AMD ARK!`,
		nearMiss: `The AMD ARK was self-signed!
The AMD ASK was signed by the AMD ARK!
The VCEK was signed by the AMD ASK!`,
		nearMissIs: null,
	},
	{
		code: 'certificate-of-another-report',
		text: `Reported TCB Boot Loader from certificate matches the attestation report.
Reported TCB TEE from certificate matches the attestation report.
ERROR: Report TCB SNP and Certificate SNP mismatch encountered.
Error: Report TCB SNP and Certificate SNP mismatch encountered.`,
		nearMiss: `Reported TCB Boot Loader from certificate matches the attestation report.
Reported TCB TEE from certificate matches the attestation report.
Reported TCB SNP from certificate matches the attestation report.
Reported TCB Microcode from certificate matches the attestation report.
Chip ID from certificate matches the attestation report.
ERROR: VCEK did NOT sign the Attestation Report!`,
		nearMissIs: 'report-not-signed',
	},
	{
		code: 'debug-policy',
		text: `Attestation Report (1184 bytes):
Version:                      2
Guest SVN:                    4

Guest Policy (0xb0000):
    ABI Major:     0
    ABI Minor:     0
    SMT Allowed:   1
    Migrate MA:    0
    Debug Allowed: 1
    Single Socket: 0

VMPL:                         0`,
		// Bit 18 and not 19.
		nearMiss: `Attestation Report (1184 bytes):
Version:                      2
Guest SVN:                    4

Guest Policy (0x70000):
    ABI Major:     0
    ABI Minor:     0
    SMT Allowed:   1
    Migrate MA:    1
    Debug Allowed: 0
    Single Socket: 0

VMPL:                         0`,
		nearMissIs: null,
	},
	{
		code: 'kds-refused',
		text: `$ snpguest fetch vcek -p genoa der ./certs report.bin
ERROR: Unable to fetch VCEK from URL: 429
Error: Unable to fetch VCEK from URL: 429`,
		// It never came to the service.
		nearMiss: `$ snpguest fetch vcek der ./certs missing.bin
ERROR: Could not open attestation report
Error: Could not open attestation report`,
		nearMissIs: null,
	},
];
