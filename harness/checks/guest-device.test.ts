// The program that asks /dev/sev-guest, run by a real python3 whose ioctl is a stand-in that looks at the memory it is given.

import { spawnSync } from 'node:child_process';
import test from 'ava';
import { guestDeviceScript } from './guest-device.ts';

const inLab = process.env.SNPGATE_LAB === '1' ? test : test.skip;
const data = Buffer.from(Uint8Array.from({ length: 64 }, (_, n) => n)).toString('hex');

/** What the kernel does with SNP_GET_REPORT (include/uapi/linux/sev-guest.h); `answer` says how it ends. */
const standIn = (answer: string) => `
import ctypes, errno, fcntl, os, struct, sys
def answer(level, data):
    ${answer}
def ioctl(device, number, call):
    assert (device, number, len(call)) == (77, 0xC0205300, 32), (device, hex(number), len(call))
    version, request, response, status = struct.unpack('<B7xQQQ', call)
    assert version == 1 and status == 0
    data, level, rest = struct.unpack('<64sI28s', ctypes.string_at(request, 96))
    assert rest == bytes(28)
    reply = answer(level, data)
    ctypes.memmove(response, reply, len(reply))
    return 0
def opened(path, flags):
    assert (path, flags) == ('/dev/sev-guest', os.O_RDWR)
    return 77
fcntl.ioctl, os.open = ioctl, opened
`;

const report = "return struct.pack('<II24x', 0, 1184) + data + bytes([level]) * (1184 - 64)";
const rows: readonly (readonly [title: string, answer: string, status: number, stdout: RegExp, stderr: RegExp])[] = [
	['a report', report, 0, new RegExp(`^${data}(00){1120} 0\\n$`), /^$/],
	['a status of the firmware', "return struct.pack('<II24x', 0x16, 0)", 1, /^$/, /^errno EINVAL: .*0x16 with 0 bytes/],
	['a size that does not fit', "return struct.pack('<II24x', 0, 5000)", 1, /^$/, /^errno EINVAL: .*5000 bytes/],
	['a key that is gone', "raise OSError(errno.ENOTTY, 'gone')", 1, /^$/, /^errno ENOTTY: /],
	['an error without a name', "raise OSError('what')", 1, /^$/, /^errno EIO: /],
];

for (const [title, answer, status, stdout, stderr] of rows) {
	inLab(`[lab] ${title}`, (t) => {
		const ran = spawnSync('python3', ['-c', `${standIn(answer)}\n${guestDeviceScript}`, data], { encoding: 'utf8' });
		t.is(ran.status, status, ran.stderr);
		t.regex(ran.stdout, stdout);
		t.regex(ran.stderr, stderr);
	});
}

inLab('[lab] where there is no device', (t) => {
	const ran = spawnSync('python3', ['-c', guestDeviceScript, data], { encoding: 'utf8' });
	t.is(ran.status, 1);
	t.regex(ran.stderr, /^errno ENOENT: /);
});
