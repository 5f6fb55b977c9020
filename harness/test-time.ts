// For tests of speed: what else runs on the machine must not decide them.

/** Processor time of this thread, in milliseconds. */
export function threadTime(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}
