// The far half of the framed shell: POSIX shell functions, sent once, that perform requests and say frames (frames.ts).
//
// Assumed there: sh (dash and busybox ash are tested), base64, timeout, head, mktemp, dd, and rm for tidying up; cksum where
// there is one. Without cksum the check of what crosses the wire is the byte count alone ('-' stands for the checksum).
//
// Everything runs below `timeout` in a process group of its own. GNU timeout ends the whole group; busybox's ends one process
// only, so there setsid makes the group and the shell ends it. The inner shell writes notes on descriptor 5, a name and a value
// a line: its pid, the status of what it ran, and for a command how its output was copied (command-script.ts). It ends with 0
// once all is noted, so that anything else is a time-out, which a command that exits with 124 by itself is not. What the inner
// shell has to say of a killed command goes to /dev/null, not among the command's output.

import { commandScript, streamLimit } from './command-script.ts';

/** What `timeout -k` adds before it kills what ignores SIGTERM. */
export const killGraceMs = 2_000;

/** Ignores SIGTERM to write out what it holds when a time limit has ended the reader of a file before it. */
const cut = `(trap "" TERM; exec head -c ${streamLimit + 1} >&3)`;

const functions = `
LC_ALL=C PATH="\${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin"
export LC_ALL PATH
snp_say() { printf '@%s %s\\n' "$snp_token" "$*"; }
snp_group=
snp_timeout='timeout -k ${killGraceMs / 1000}'
snp_begin='trap : TERM; echo "pid $$" >&5;'
case $(timeout --version 2>&1) in
*GNU* | *uutils*) ;;
*) if command -v setsid >/dev/null; then snp_group=own snp_timeout='setsid timeout' snp_begin='echo "pid $$" >&5;'; fi ;;
esac
snp_exec_in='${commandScript}'
snp_read_in='{ dd if="$1" bs=65536 2>&4; echo "status $?" >&5; } | ${cut}'
snp_write_in='dd of="$1" bs=1048576 2>&4; echo "status $?" >&5'
snp_device_in='(exec 6<>"$1"; dd bs=4096 count=1 >&6 && dd bs=4096 count=1 <&6 >&3) 2>&4; echo "status $?" >&5'
if command -v cksum >/dev/null; then snp_sum() { cksum; }; else snp_sum() { printf '%s ' -; wc -c; }; fi
snp_batch() {
	base64 -d >"$snp_dir/b"
	case $(snp_sum <"$snp_dir/b") in
	"$2 $3" | "- $3") . "$snp_dir/b" ;;
	*) snp_say "$1" garbled ;;
	esac
}
snp_input() { base64 -d >"$snp_dir/i"; }
snp_put() {
	if [ -s "$snp_dir/$2" ]; then
		snp_say "$1" body "$2"
		base64 <"$snp_dir/$2"
		printf '@%s %s sum %s ' "$snp_token" "$1" "$2"
		snp_sum <"$snp_dir/$2"
	else
		snp_say "$1" sum "$2" - 0
	fi
}
snp_kill() {
	kill -TERM "-$snp_pid" 2>/dev/null
	for snp_try in 1 2; do
		kill -0 "-$snp_pid" 2>/dev/null && sleep 1
	done
	kill -KILL "-$snp_pid" 2>/dev/null
}
snp_limit() {
	snp_seconds=$1 snp_from=$2 snp_inner="$snp_begin $3
exit 0"
	shift 3
	[ -z "$snp_group" ] || snp_seconds=$((\${snp_seconds%.*} + 1))
	$snp_timeout "$snp_seconds" sh -c "$snp_inner" sh "$@" \\
		<"$snp_from" 3>"$snp_dir/o" 4>"$snp_dir/e" 5>"$snp_dir/s" >/dev/null 2>&1
	snp_ended=$? snp_pid=- snp_status=- snp_o=- snp_e=-
	while read -r snp_name snp_value; do
		case $snp_name in
		pid) snp_pid=$snp_value ;;
		status) snp_status=$snp_value ;;
		copied-o) [ $snp_o = marked ] || snp_o=$snp_value ;;
		copied-e) [ $snp_e = marked ] || snp_e=$snp_value ;;
		marked-o) snp_o=marked ;;
		marked-e) snp_e=marked ;;
		esac
	done <"$snp_dir/s"
	[ "$snp_ended" = 0 ] || [ -z "$snp_group" ] || snp_kill
}
snp_errno() {
	snp_why=EIO
	while read -r snp_line; do
		case $snp_line in
		*': No such file or directory' | *': Not a directory') snp_why=ENOENT ;;
		*': Permission denied' | *': Operation not permitted') snp_why=EACCES ;;
		*': Is a directory') snp_why=EISDIR ;;
		*': Invalid argument') snp_why=EINVAL ;;
		*': No such device or address') snp_why=ENXIO ;;
		*': Device or resource busy') snp_why=EBUSY ;;
		*': Inappropriate ioctl for device') snp_why=ENOTTY ;;
		*': Connection timed out') snp_why=ETIMEDOUT ;;
		*': Bad message') snp_why=EBADMSG ;;
		*': Cannot allocate memory') snp_why=ENOMEM ;;
		*': File too large') snp_why=EFBIG ;;
		*) continue ;;
		esac
		break
	done <"$snp_dir/e"
}
snp_end() {
	if [ "$snp_status" = 0 ]; then snp_why=-; else snp_errno; fi
	snp_say "$1" end "$snp_ended" "$snp_status" "$snp_why"
}
snp_exec() {
	snp_seq=$1 snp_for=$2 snp_stdin=$3
	shift 3
	snp_limit "$snp_for" "$snp_stdin" "$snp_exec_in" "$snp_dir" "$@"
	snp_put "$snp_seq" o
	snp_put "$snp_seq" e
	snp_say "$snp_seq" end "$snp_ended" "$snp_status" "$snp_pid" "$snp_o" "$snp_e"
}
snp_read() {
	snp_limit "$2" /dev/null "$snp_read_in" "$3"
	snp_put "$1" o
	snp_end "$1"
}
snp_write() {
	snp_limit "$2" "$snp_dir/i" "$snp_write_in" "$3"
	snp_end "$1"
}
snp_device() {
	if [ -c "$3" ]; then
		snp_limit "$2" "$snp_dir/i" "$snp_device_in" "$3"
		snp_put "$1" o
		snp_end "$1"
	elif [ -e "$3" ]; then
		snp_say "$1" end 0 1 EIO
	else
		snp_say "$1" end 0 1 ENOENT
	fi
}
snp_lacks=
for snp_tool in base64 timeout head mktemp dd; do
	command -v "$snp_tool" >/dev/null || snp_lacks="$snp_lacks $snp_tool"
done
snp_boot=
read -r snp_boot 2>/dev/null </proc/sys/kernel/random/boot_id
if [ -n "$snp_lacks" ]; then
	snp_say 0 lacks $snp_lacks
elif snp_dir=$(mktemp -d); then
	trap 'rm -rf "$snp_dir"; snp_say 0 bye' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	snp_say 0 ready "\${snp_boot:--}" "$snp_dir"
else
	snp_say 0 lacks a-writable-temporary-directory
fi
`;

/** Defines the functions and makes the far side say `0 ready BOOT-ID DIRECTORY` or `0 lacks WORD…`. `token` is lower-case hex. */
export function prelude(token: string): string {
	return `snp_token=${token}${functions}`;
}

/**
 * Asks an unknown shell to show that it listens; the answer is the frame `0 here`. An echo of this very line is no answer,
 * as the token is not beside the '@' in it, and a here-document that an earlier session left open is closed by the ':'.
 */
export function hello(token: string): string {
	return `\n:\nprintf '@%s 0 here\\n' ${token}\n`;
}
