// One after the other.

export type Queue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Work begins when all that was queued before it has ended, well or not. */
export function createQueue(): Queue {
	let last: Promise<unknown> = Promise.resolve();
	return (work) => {
		const mine = last.then(work, work);
		last = mine.catch(() => {});
		return mine;
	};
}
