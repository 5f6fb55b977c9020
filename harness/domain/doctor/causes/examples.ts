// For every cause a text that yields it and a near miss. Only tests read this.

import type { CauseExample } from './example.ts';
import { emulatorExamples } from './examples-emulator.ts';
import { kernelExamples } from './examples-kernel.ts';
import { reportExamples } from './examples-reports.ts';
import { toolsGuestExamples } from './examples-tools-guest.ts';
import { toolsHostExamples } from './examples-tools-host.ts';
import { virtHostExamples } from './examples-virt-host.ts';
import { virtLaunchExamples } from './examples-virt-launch.ts';

export const causeExamples: readonly CauseExample[] = [
	...kernelExamples,
	...toolsHostExamples,
	...toolsGuestExamples,
	...reportExamples,
	...virtHostExamples,
	...emulatorExamples,
	...virtLaunchExamples,
];
