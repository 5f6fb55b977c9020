// MSG_REPORT_REQ: what the firmware answers a guest that asks for a report (SEV-SNP firmware ABI; facts/attestation.md 1, 4.4).

import { createHash } from 'node:crypto';
import { buildCertificateTable } from '../../domain/snp/certificate-table.ts';
import { platformBits } from '../../domain/snp/platform-info.ts';
import type { Tcb } from '../../domain/snp/tcb.ts';
import type { Clock } from '../../ports.ts';
import type { GuestFacts } from '../guest-facts.ts';
import { type AskReport, invalidParam } from '../guest-reports.ts';
import type { World } from '../world.ts';
import type { Chip } from './chip.ts';
import type { LaunchState } from './launch-state.ts';

const lowestLevel = 3;

/** Reports of this boot of a guest. */
export function createAskReport(world: World, guest: GuestFacts, launch: LaunchState, chip: Chip, clock: Clock): AskReport {
	const { sev } = world;
	const tcb: Tcb = { ...sev.tcb, fmc: sev.tcb.fmc ?? null };
	// Another one for every launch.
	const reportId = createHash('sha256').update(`report id of ${guest.identity.bootId}`).digest();
	return (vmpl, data) => {
		if (vmpl < (guest.vmpl ?? 0) || vmpl > lowestLevel) {
			return { status: invalidParam };
		}
		const report = chip.report({
			version: sev.reportVersion,
			cpuid: world.cpu,
			signedWith: launch.signedWith,
			policy: launch.policy,
			platformInfo: platformInfo(world),
			vmpl,
			reportData: data,
			measurement: launch.measurement,
			hostData: launch.hostData,
			reportId,
			tcb: { current: tcb },
			firmware: { current: sev.api },
		});
		const certificate = { role: launch.signedWith, data: chip.certificate(launch.signedWith, tcb, clock.now()) };
		return { report, table: sev.givesCertificates ? buildCertificateTable([certificate]) : new Uint8Array() };
	};
}

function platformInfo({ cpu, sev }: World): bigint {
	const bits = {
		smt: cpu.threads > cpu.cores,
		ecc: sev.memory.ecc,
		// Firmware before version 3 of the report has no such bit.
		aliasCheckComplete: sev.memory.aliasCheckComplete && sev.reportVersion > 2,
	};
	return Object.entries(bits).reduce(
		(raw, [name, on]) => (on ? raw | (1n << BigInt(platformBits[name as keyof typeof bits])) : raw),
		0n,
	);
}
