// The serial console of COCONUT-SVSM before and beside the guest's kernel (facts/svsm-vtpm-igvm.md 1.3).

import type { TextReader } from '../reading.ts';
import { plainText } from './pasted-text.ts';
import { firstOfEach, sign, toolLines } from './tool-lines.ts';
import { isWritten } from './written-text.ts';

const svsmLine = /^\s*(?:\[SVSM\]|VTPM:|\[Stage2\]|(?:\[Stage2\] )?(?:ERROR: )?Panic(?: on CPU\[[\d?]{1,5}\])?! COCONUT-SVSM)/;
/** The first stage names itself once; these lines are its own as well. */
const stage2 = /^\s*\[Stage2\] (?:Order-\d| {2}kernel_\w|Starting SVSM kernel|Total memory: \d|SVSM memory region: )/;
const certain = /^\s*\[SVSM\] |COCONUT (?:Secure Virtual Machine Service Module|SVSM)|COCONUT-SVSM Version/;
const versionLine = /COCONUT Secure Virtual Machine Service Module Version (\S{1,64})/;
export const svsmPanic = /\bPanic(?: on CPU\[[\d?]{1,5}\])?! COCONUT-SVSM Version:? ?(\S{0,64})/;
const noInit = /^\s*\[SVSM\] Failed to launch \/init\b/;
/** With these the console is the guest kernel's, and the SVSM's lines are only before them. */
const kernelLine = /\bLinux version \d|\bMemory Encryption Features active\b|\bSNP running at VMPL\d/;

export const svsm: TextReader = {
	kind: 'svsm',
	recognise(text) {
		if (!/\[SVSM\]|\[Stage2\]|COCONUT/.test(text) || !toolLines(text).some((line) => certain.test(line) || stage2.test(line))) {
			return 0;
		}
		return isWritten(plainText(text)) ? 0 : kernelLine.test(text) ? 1 : 3;
	},
	/** `snp` stays unknown: the SVSM says the same on platforms that are not SEV-SNP. */
	read(text) {
		const lines = toolLines(text);
		const own = lines.filter((line) => svsmLine.test(line) || svsmPanic.test(line));
		const has = (pattern: RegExp) => own.some((line) => pattern.test(line));
		const line = (pattern: RegExp) => own.find((one) => pattern.test(one));
		const stopped = line(svsmPanic);
		const init = line(noInit);
		return {
			kind: 'svsm',
			snp: 'unknown',
			facts: {
				version: versionLine.exec(line(versionLine) ?? '')?.[1] ?? (svsmPanic.exec(stopped ?? '')?.[1] || null),
				firmwareLaunched: has(/\[SVSM\] Launching Firmware\b/),
				vtpm: has(/VTPM: loaded existing NV state/) ? 'persistent' : has(/VTPM: manufacturing new NV state/) ? 'ephemeral' : null,
				vtpmReady: has(/VTPM: TPM 2\.0 Reference Implementation initialized/),
				attested: has(/\[SVSM\] attestation successful/) ? true : null,
				panicked: stopped !== undefined,
			},
			signs: firstOfEach([
				...(stopped === undefined ? [] : [sign('svsm-panic', stopped)]),
				...(init === undefined ? [] : [sign('no-init', init)]),
			]),
		};
	},
};
