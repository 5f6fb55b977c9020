import test from 'ava';
import { createTasks } from './tasks.ts';

test('teardown runs in reverse, once, past failures and time limits', async (t) => {
	const done: string[] = [];
	const complaints: string[] = [];
	const tasks = createTasks(20, (text) => complaints.push(text));
	tasks.queue('first', async () => {
		done.push('first');
	});
	tasks.queue('throws', async () => {
		throw new Error('no');
	});
	tasks.queue('hangs', () => new Promise(() => {}));
	tasks.queue('last', async () => {
		done.push('last');
	});
	await tasks.end('last');
	t.deepEqual(done, ['last']);
	await tasks.endAll();
	await tasks.endAll();
	t.deepEqual(done, ['last', 'first']);
	t.deepEqual(complaints, ["Teardown of 'hangs' failed: not done after 20 ms", "Teardown of 'throws' failed: no"]);
});
