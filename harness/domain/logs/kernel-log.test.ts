import test from 'ava';
import { parseKernelLog } from './kernel-log.ts';

const message = 'kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)';

const prefixes: readonly (readonly [string, string])[] = [
	['dmesg -t, journalctl -o cat', ''],
	['dmesg', '[   11.612043] '],
	['dmesg, the time behind a tab', '[\t11.612043] '],
	['dmesg, with the caller', '[   11.612043][    T1] '],
	['dmesg -d', '[   11.612043 <    0.000012>] '],
	['dmesg -T', '[Wed Nov 12 08:14:12 2025] '],
	['dmesg -T -d', '[Wed Nov 12 08:14:12 2025 <    0.000012>] '],
	['dmesg -e, the first line of a minute', '[Nov12 08:14] '],
	['dmesg -e, the first days of a month', '[Nov 2 08:14] '],
	['dmesg -e, the lines after it', '[  +0.000012] '],
	['dmesg --time-format iso', '2025-11-12T08:14:12,612043+00:00 '],
	['dmesg -x', 'kern  :info  : [   11.612043] '],
	['dmesg -x -e', 'kern  :info  : [  +0.000012] '],
	['dmesg --raw', '<6>[   11.612043] '],
	['journalctl', 'Nov 12 08:14:12 host1 kernel: '],
	['journalctl -o short-precise', 'Nov 12 08:14:12.612043 host1 kernel: '],
	['journalctl in German', 'Mär 02 08:14:12 host1 kernel: '],
	['journalctl in French', 'févr. 02 08:14:12 host1 kernel: '],
	['journalctl in Chinese', '11月 02 08:14:12 host1 kernel: '],
	['journalctl -o short-full in German', 'Mi 2025-11-12 08:14:12 CET host1 kernel: '],
	['journalctl -o short-full', 'Wed 2025-11-12 08:14:12 UTC host1 kernel: '],
	['journalctl -o short-full, elsewhere', 'Wed 2025-11-12 08:14:12.612043 +0530 host1.example.org kernel: '],
	['journalctl -o short-iso', '2025-11-12T08:14:12+0000 host1 kernel: '],
	['journalctl -o short-unix', '1762935252.612043 host1 kernel: '],
	['journalctl -o short-monotonic', '[   11.612043] host1 kernel: '],
	['syslog', 'Nov  2 08:14:12 host1 kernel: [   11.612043] '],
	['RFC 3164', '<6>Nov  2 08:14:12 host1 kernel: [   11.612043] '],
	['RFC 5424', '<6>1 2025-11-12T08:14:12.612043+00:00 host1 kernel - - - '],
	['RFC 5424 with structured data', '<6>1 2025-11-12T08:14:12Z host1 kernel - - [meta sequenceId="7"] '],
	['RFC 5424 with the kernel’s time', '<6>1 2025-11-12T08:14:12Z host1 kernel - - - [   11.612043] '],
	['a container runtime', '2025-11-12T08:14:12.612043271Z stdout F '],
	['talosctl dmesg', '10.20.0.4: kern:    info: [2025-11-12T08:14:12.612043271Z]: '],
];
for (const [name, prefix] of prefixes) {
	test(`the message stays, and nothing else: ${name}`, (t) => {
		t.deepEqual(parseKernelLog(`${prefix}${message}\r\n`), [message]);
	});
}

test('what another program says keeps its name', (t) => {
	for (const prefix of [
		'Nov 12 08:14:12 host1 logger[17]: ',
		'Wed 2025-11-12 08:14:12 UTC host1 logger[17]: ',
		'1762935252.612043 host1 logger[17]: ',
		'<14>1 2025-11-12T08:14:12Z host1 logger 17 - - ',
	]) {
		t.false(parseKernelLog(`${prefix}${message}`).includes(message), prefix);
	}
});

test('a message that only begins like a prefix stays whole', (t) => {
	for (const line of [
		'[drm] Initialized',
		'Booting kernel: version 2',
		'<nothing>',
		'2025 devices found: none',
		'[Firmware Bug]: TSC_DEADLINE disabled',
		'1762935252.6 seconds: too long',
	]) {
		t.deepEqual(parseKernelLog(line), [line]);
	}
});
