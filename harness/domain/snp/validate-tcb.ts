// TCBs and firmware versions of a report against their floors and against each other, component by component.

import type { Expectation } from './expectation.ts';
import type { SnpProduct } from './product.ts';
import { type Refusals, refuse } from './reasons.ts';
import type { FirmwareVersion, Report } from './report.ts';
import { belowFloor, decodeTcb, type Tcb, tcbText } from './tcb.ts';

const levels = ['reported', 'committed', 'launch', 'current'] as const;

export function validateTcb(
	report: Report,
	expected: Expectation,
	product: SnpProduct | null,
): { readonly reasons: Refusals; readonly notJudged: readonly string[] } {
	const provisional = [...validateProvisional(report, expected), ...validateVersions(report)];
	const firmware = validateFirmware(report.currentVersion, expected);
	const [committed, current] = [versionText(report.committedVersion), versionText(report.currentVersion)];
	const versions = committed === current ? [] : [`firmware ${current} runs and ${committed} is committed`];
	if (product === null) {
		const asked = expected.minTcb !== undefined;
		const message = 'the floors of the TCB cannot be compared: the product is not known';
		const reasons = asked ? [{ ...refuse('tcb-floor', message, 'a known product', 'none'), decides: 'unknown' as const }] : [];
		return {
			reasons: [...provisional, ...firmware, ...reasons],
			notJudged: [...versions, 'order of the TCBs: the product is not known'],
		};
	}
	const tcbs = {
		reported: decodeTcb(report.reportedTcb, product),
		committed: decodeTcb(report.committedTcb, product),
		launch: decodeTcb(report.launchTcb, product),
		current: decodeTcb(report.currentTcb, product),
	};
	const floors = levels.flatMap((level) => {
		const floor = expected.minTcb?.[level] ?? {};
		const below = belowFloor(tcbs[level], floor);
		const lacking = Object.entries(floor).filter(([name, least]) => least !== null && tcbs[level][name as keyof Tcb] === null);
		const message = `the ${level} TCB is below its floor in ${[...below, ...lacking.map(([name]) => name)].join(', ')}`;
		return below.length + lacking.length === 0
			? []
			: [refuse('tcb-floor', message, `at least ${tcbText(floor)}`, tcbText(tcbs[level]))];
	});
	return { reasons: [...provisional, ...firmware, ...floors, ...validateOrder(tcbs)], notJudged: versions };
}

/**
 * Firmware that is not committed can be rolled back to the one that is. The TCBs tell; another version with the same TCB
 * counts only for who asks for it.
 */
function validateProvisional(
	{ committedTcb, currentTcb, committedVersion, currentVersion }: Report,
	expected: Expectation,
): Refusals {
	const isSameTcb = Buffer.compare(committedTcb, currentTcb) === 0;
	const isSameVersion = versionText(committedVersion) === versionText(currentVersion);
	if (expected.allowProvisional || (isSameTcb && (isSameVersion || expected.committedVersion !== true))) {
		return [];
	}
	const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
	const committed = `committed ${versionText(committedVersion)}, TCB ${hex(committedTcb)}`;
	const current = `current ${versionText(currentVersion)}, TCB ${hex(currentTcb)}`;
	return [refuse('provisional-firmware', 'the firmware that runs is not committed', committed, current)];
}

/** What is committed is what runs, or older. */
function validateVersions({ committedVersion, currentVersion }: Report): Refusals {
	return versionNumber(committedVersion) <= versionNumber(currentVersion)
		? []
		: [
				refuse(
					'tcb-order',
					'the committed firmware is above the one that runs',
					`at most ${versionText(currentVersion)}`,
					versionText(committedVersion),
				),
			];
}

function validateFirmware(found: FirmwareVersion, { minFirmware }: Expectation): Refusals {
	if (minFirmware === undefined || versionNumber(found) >= versionNumber(minFirmware)) {
		return [];
	}
	return [
		refuse(
			'firmware-floor',
			'the firmware is older than is accepted',
			`at least ${versionText(minFirmware)}`,
			versionText(found),
		),
	];
}

/** Reported at most committed at most current; the launch may have been on another machine. */
function validateOrder({ reported, committed, current }: Readonly<Record<'reported' | 'committed' | 'current', Tcb>>): Refusals {
	const pairs = [
		['reported', reported, 'committed', committed],
		['committed', committed, 'current', current],
	] as const;
	return pairs.flatMap(([lower, a, upper, b]) => {
		const above = belowFloor(b, a);
		const message = `the ${lower} TCB is above the ${upper} one in ${above.join(', ')}`;
		return above.length === 0 ? [] : [refuse('tcb-order', message, `at most ${tcbText(b)}`, tcbText(a))];
	});
}

function versionText({ major, minor, build }: FirmwareVersion): string {
	return `${major}.${minor}.${build}`;
}

function versionNumber({ major, minor, build }: FirmwareVersion): number {
	return (major * 256 + minor) * 256 + build;
}
