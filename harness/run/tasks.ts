// Everything that must be undone: queued before it is set up, undone in reverse on success, failure, time limit and signal.

export interface Tasks {
	/** Queues a teardown. Call this before the setup it undoes. */
	queue(title: string, teardown: () => Promise<void>): void;
	/** Tears one task down now, if it is queued. */
	end(title: string): Promise<void>;
	/** Tears everything down, last queued first. */
	endAll(): Promise<void>;
}

/** A teardown that takes longer or throws is told of and given up, so that the others still happen. */
export function createTasks(limitMs: number, complain: (text: string) => void): Tasks {
	const queued: { readonly title: string; readonly teardown: () => Promise<void> }[] = [];
	const run = async (task: (typeof queued)[number]) => {
		let timer: NodeJS.Timeout | undefined;
		const limit = new Promise<never>((_resolve, reject) => {
			timer = setTimeout(() => reject(new Error(`not done after ${limitMs} ms`)), limitMs);
		});
		try {
			await Promise.race([task.teardown(), limit]);
		} catch (error) {
			complain(`Teardown of '${task.title}' failed: ${error instanceof Error ? error.message : error}`);
		} finally {
			clearTimeout(timer);
		}
	};
	return {
		queue: (title, teardown) => {
			queued.push({ title, teardown });
		},
		end: async (title) => {
			const index = queued.findLastIndex((task) => task.title === title);
			const [task] = index < 0 ? [] : queued.splice(index, 1);
			if (task !== undefined) {
				await run(task);
			}
		},
		endAll: async () => {
			for (let task = queued.pop(); task !== undefined; task = queued.pop()) {
				await run(task);
			}
		},
	};
}
