// The argument vector of the emulator for one guest.

import type { GuestLaunch } from '../ports.ts';

export const emulator = 'qemu-system-x86_64';

/** Files and sockets of one guest in its private directory; absolute paths. */
export interface GuestPaths {
	/** The first serial port: firmware and kernel log. */
	readonly log: string;
	/** The second serial port: the shell. */
	readonly shell: string;
	readonly vars: string;
	readonly tpm: string;
}

/** A value inside a comma-separated option; qemu(1) doubles the comma. */
function value(text: string): string {
	return text.replaceAll(',', ',,');
}

/**
 * Emulation only (TCG), with nothing that was not asked for: /dev/kvm may exist and not work. Both serial ports connect to
 * sockets that already listen, so that no byte is lost before somebody reads. Paths in `launch` are absolute.
 */
export function emulatorArguments(name: string, launch: GuestLaunch, paths: GuestPaths): string[] {
	const { firmware, kernel, initrd, append } = launch;
	const connect = (id: string, path: string) => `socket,id=${id},path=${value(path)},server=off`;
	return [
		['-name', `guest=${value(name)}`],
		['-nodefaults', '-no-user-config', '-no-reboot'],
		['-display', 'none'],
		['-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max'],
		['-smp', String(launch.cpus), '-m', `${launch.memoryMiB}M`],
		['-chardev', connect('log', paths.log), '-serial', 'chardev:log'],
		['-chardev', connect('shell', paths.shell), '-serial', 'chardev:shell'],
		firmware === undefined
			? []
			: [
					...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${value(firmware.code)}`],
					...['-drive', `if=pflash,unit=1,format=raw,file=${value(paths.vars)}`],
				],
		kernel === undefined ? [] : ['-kernel', kernel],
		initrd === undefined ? [] : ['-initrd', initrd],
		append === undefined ? [] : ['-append', append],
		launch.tpm === 'none'
			? []
			: [
					...['-chardev', `socket,id=tpm,path=${value(paths.tpm)}`],
					...['-tpmdev', 'emulator,id=tpm,chardev=tpm', '-device', 'tpm-crb,tpmdev=tpm'],
				],
	].flat();
}
