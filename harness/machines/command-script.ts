// The inner shell of one command at the far side: what runs it, and takes its output to files.
//
// Output goes through pipes, as /dev/stderr opened anew would empty a file, and from each pipe a copier (dd, which writes at
// once whatever it reads) takes it to a file that cannot grow beyond a limit. Without that limit a command could fill a disk;
// the command itself is under no limit.
//
// A command has ended when its own process has. A child of it may still hold the pipes, and their end would be waited for in
// vain: then the guard writes an end mark into them, behind all that the command wrote, waits until the copiers have taken it
// to the files, and ends the copiers. So a stream is whole when its copier met the end of the pipe, or when the mark is in it.
// A stream of which neither is true was cut, and the answer says so (answers.ts).

/** The largest stream that is handed on; at least one byte more is read, to know that there was more. */
export const streamLimit = 16 * 1024 * 1024;

/** The unit of `ulimit -f` in POSIX, and in bash where it is `sh`. */
const limitUnit = 512;

/** The largest stream that crosses the wire. */
export const longestBody = streamLimit + limitUnit;

/** How often the guard looks without a pause whether the copiers have ended: most do within a millisecond of the command. */
const looks = 800;

/** Stands in a stream where the command ended. `pid` is that of the inner shell, so that no text can have it by chance. */
export function endMark(pid: string): string {
	return `@snpgate: the command of ${pid} ended@`;
}

/**
 * Notes its pid and copies. It ignores SIGTERM, to write out what is in the pipe when a time limit has ended the command
 * before it, and SIGXFSZ, to end with an error and without a core dump where there is no more room.
 */
function copier(name: string, to: string): string {
	return `(
		trap "" TERM XFSZ
		ulimit -f ${longestBody / limitUnit}
		read -r snp_pid snp_rest </proc/self/stat
		echo "copier-${name} $snp_pid" >&5
		exec dd bs=65536 ${to} 2>/dev/null 3>&- 4>&- 5>&- 6>&- 8>&-
	)`;
}

/**
 * Runs the command in its arguments from the second on; the first is the session's directory. Descriptors: 3 and 4 are the
 * files of its output, 5 the notes.
 */
export const commandScript = `snp_dir=$1
shift
is_open() { [ -n "$1" ] && [ -e "/proc/$1/fd/0" ]; }
read_notes() {
	while read -r snp_name snp_value; do
		case $snp_name in
		copier-o) snp_o=$snp_value ;;
		copier-e) snp_e=$snp_value ;;
		esac
	done <"$snp_dir/s"
}
are_open() {
	{ [ -n "$snp_o" ] && [ -n "$snp_e" ]; } || read_notes
	[ -z "$snp_o" ] || [ -z "$snp_e" ] || is_open "$snp_o" || is_open "$snp_e"
}
is_marked() {
	case $(dd if="$snp_dir/$1" bs=65536 2>/dev/null) in
	*"$snp_mark"*) ;;
	*) return 1 ;;
	esac
}
mark() {
	is_open "$2" && printf %s "$snp_mark" >"/proc/$2/fd/0" && echo "marked-$1 yes" >&5 || return
	snp_tries=0
	until is_marked "$1" || ! is_open "$2" || [ $((snp_tries += 1)) -gt 50 ]; do
		sleep 0.1 || sleep 1
	done
}
guard() {
	trap "" PIPE
	snp_mark="${endMark('$$')}" snp_tries=0 snp_o= snp_e=
	while are_open; do
		if [ $((snp_tries += 1)) -gt ${looks + 20} ]; then
			mark o "$snp_o"
			mark e "$snp_e"
			kill -KILL $snp_o $snp_e
			return
		fi
		[ $snp_tries -le ${looks} ] || sleep 0.01 || sleep 1
	done
}
{
	trap : TERM
	{
		exec 7>&1 >&6 6>&-
		(exec "$@" <&8 2>&7 3>&- 4>&- 5>&- 7>&- 8>&-)
		echo "status $?" >&5
		exec >/dev/null 2>&1 3>&- 4>&- 7>&- 8>&-
		guard
	} | ${copier('e', '>&4')} &
	exec >/dev/null 6>&-
	wait $! || wait $!
	echo "copied-e $?" >&5
} 6>&1 8<&0 | ${copier('o', '>&3')}
echo "copied-o $?" >&5`;
