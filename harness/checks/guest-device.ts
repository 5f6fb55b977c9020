// Asking /dev/sev-guest where there is no configfs-tsm: a program for python3, which Fedora's guests have, since a shell has no
// ioctl (include/uapi/linux/sev-guest.h; facts/attestation.md section 4.2).

/**
 * Argument: the 64 bytes of user data in hex. Prints the report in hex and the level, or `errno NAME` on standard error.
 * SNP_GET_REPORT, _IOWR('S', 0, 32 bytes): version, request, response, status. The request is 64 bytes of data, the level and
 * 28 zeros; the response has the status of the firmware, the size of the report and 24 zeros before it. The level is the
 * lowest that is given: 0, and under an SVSM the one of the guest.
 */
export const guestDeviceScript = `
import ctypes, errno, fcntl, os, struct, sys
data = bytes.fromhex(sys.argv[1])
try:
    level = int(open('/sys/devices/system/cpu/sev/vmpl').read())
except OSError:
    level = 0
try:
    request = ctypes.create_string_buffer(struct.pack('<64sI28x', data, level), 96)
    response = ctypes.create_string_buffer(4000)
    call = bytearray(struct.pack('<B7xQQQ', 1, ctypes.addressof(request), ctypes.addressof(response), 0))
    device = os.open('/dev/sev-guest', os.O_RDWR)
    fcntl.ioctl(device, 0xC0205300, call)
    status, size = struct.unpack_from('<II', response.raw)
    if status or size > 4000 - 32:
        raise OSError(errno.EINVAL, 'the firmware answered %#x with %d bytes' % (status, size))
    print(response.raw[32:32 + size].hex(), level)
except OSError as problem:
    sys.exit('errno %s: %s' % (errno.errorcode.get(problem.errno, 'EIO'), problem))
`.trim();
