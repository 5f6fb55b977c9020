// The registry of check kinds: one line a kind, in the order of the documentation.

import type { CheckKind } from '../language/kind.ts';
import { attestation } from './attestation.ts';
import { attestationForged } from './attestation-forged.ts';
import { attestationPair } from './attestation-pair.ts';
import { attestationRefused } from './attestation-refused.ts';
import { command } from './command.ts';
import { cpu } from './cpu.ts';
import { diagnosis } from './diagnosis.ts';
import { file } from './file.ts';
import { guestBoot } from './guest-boot.ts';
import { kernelLog } from './kernel-log.ts';
import { packageKind } from './package.ts';
import { parameter } from './parameter.ts';
import { pcrExtend } from './pcr-extend.ts';
import { pcrReset } from './pcr-reset.ts';
import { release } from './release.ts';
import { snpguest } from './snpguest.ts';
import { tpm } from './tpm.ts';

export const kinds: readonly CheckKind[] = [
	release,
	cpu,
	kernelLog,
	parameter,
	file,
	command,
	packageKind,
	diagnosis,
	guestBoot,
	tpm,
	pcrExtend,
	pcrReset,
	attestation,
	attestationPair,
	attestationRefused,
	attestationForged,
	snpguest,
];
