import test from 'ava';
import { threadTime } from '../test-time.ts';
import { summarise } from './summary.ts';
import { buildReport, type Case, cellId } from './test-report.ts';

const blockedCase = (id: string, ...needs: readonly string[]): Case => ({
	check: { id, needs: needs.map((need) => `${cellId}/${need}`) },
	result: { outcome: 'blocked', reason: { code: 'blocked', message: 'm' } },
});
const failed: Case = { check: { id: 'root' }, result: { outcome: 'failed', reason: { code: 'x', message: 'm' } } };
const passed: Case = { check: { id: 'fine' }, result: {} };

test('blocked checks are led back to the one that did not pass', (t) => {
	const cases = [blockedCase('c', 'fine', 'b'), passed, failed, blockedCase('a', 'root'), blockedCase('b', 'a')];
	const { blockedBy } = summarise(buildReport({ cases }));
	t.deepEqual([...blockedBy.keys()], [`${cellId}/root`]);
	t.deepEqual(
		blockedBy.get(`${cellId}/root`)?.map(({ id }) => id),
		['c', 'a', 'b'],
	);
});

test('a need that was never run is a root too', (t) => {
	const { rootOf } = summarise(buildReport({ cases: [{ check: { id: 'gone' }, result: null }, blockedCase('a', 'gone')] }));
	t.is(rootOf.get(`${cellId}/a`), `${cellId}/gone`);
});

test('a circle of needs, and a blocked check without any, have no root and no end', (t) => {
	const { rootOf, counts } = summarise(buildReport({ cases: [blockedCase('a', 'b'), blockedCase('b', 'a'), blockedCase('c')] }));
	t.is(rootOf.size, 0);
	t.is(counts.blocked, 3);
});

test('ten thousand checks in a chain take no time', (t) => {
	const cases = [
		failed,
		...Array.from({ length: 10_000 }, (_, index) => blockedCase(`n${index}`, index === 0 ? 'root' : `n${index - 1}`)),
	];
	const report = buildReport({ cases: cases.toReversed() });
	const start = threadTime();
	t.is(summarise(report).blockedBy.get(`${cellId}/root`)?.length, 10_000);
	t.true(threadTime() - start < 1_000);
});
