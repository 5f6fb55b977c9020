// Causes that QEMU, libvirt, the firmware files and a guest's definition show.

import type { Cause } from '../reading.ts';
import { hostSideCauses } from './virt-host.ts';
import { launchCauses } from './virt-launch.ts';

export const virtCauses: readonly Cause[] = [...hostSideCauses, ...launchCauses];
