import test from 'ava';
import fc from 'fast-check';
import { createFileTree } from './file-tree.ts';

function tree() {
	return createFileTree({
		'/a/b/file': { type: 'file', content: 'text' },
		'/a/link': { type: 'link', to: 'b/../b/file' },
		'/a/dir': { type: 'link', to: '/a/b' },
		'/a/loop': { type: 'link', to: '/a/loop' },
		'/a/denied': { type: 'file', content: 'x', denied: 'EACCES' },
		'/sys/attribute': { type: 'file', content: 'Y\n', mode: 0o444, size: 4096 },
		'/dev/null': { type: 'device', read: () => new Uint8Array(0) },
		'/dev/sev': { type: 'device' },
	});
}

const text = (found: ReturnType<ReturnType<typeof tree>['read']>) =>
	found.ok ? new TextDecoder().decode(found.value) : found.errno;

const reads: readonly (readonly [string, string])[] = [
	['/a/b/file', 'text'],
	['/a/link', 'text'],
	['/a/dir/file', 'text'],
	['//a/./b/../../a/b//file', 'text'],
	['/a/b', 'EISDIR'],
	['/', 'EISDIR'],
	['/a/none', 'ENOENT'],
	['/a/none/file', 'ENOENT'],
	['/a/b/file/', 'ENOTDIR'],
	['/a/b/file/x', 'ENOTDIR'],
	['/a/loop', 'ELOOP'],
	['/a/denied', 'EACCES'],
	['/dev/null', ''],
	['/dev/sev', 'EINVAL'],
	['a/b/file', 'ENOENT'],
	['', 'ENOENT'],
	['/a/b/file\0', 'ENOENT'],
	['/__proto__', 'ENOENT'],
];

for (const [path, expected] of reads) {
	test(`read '${path}'`, (t) => {
		t.is(text(tree().read(path)), expected);
	});
}

test('a part of a file', (t) => {
	t.is(text(tree().read('/a/b/file', 1, 2)), 'ex');
	t.is(text(tree().read('/a/b/file', 9, 2)), '');
});

test('what is written is read back, through links too', (t) => {
	const files = tree();
	t.is(files.write('/a/link', 'new'), null);
	t.is(text(files.read('/a/b/file')), 'new');
	t.is(files.write('/a/b/other', 'more'), null);
	t.is(text(files.read('/a/b/other')), 'more');
	t.is(text(tree().read('/a/b/file')), 'text');
});

const writes: readonly (readonly [string, ReturnType<ReturnType<typeof tree>['write']>])[] = [
	['/a/b', 'EISDIR'],
	['/', 'EISDIR'],
	['/a/none/file', 'ENOENT'],
	['/a/denied', 'EACCES'],
	['/sys/attribute', 'EACCES'],
	['/sys/new', 'EACCES'],
	['/dev/null', null],
];

for (const [path, errno] of writes) {
	test(`write '${path}'`, (t) => {
		t.is(tree().write(path, 'x'), errno);
	});
}

test('stat follows a link when asked', (t) => {
	const files = tree();
	t.deepEqual(files.stat('/a/link', true), {
		ok: true,
		value: { type: 'file', mode: 0o644, user: 'root', group: 'root', size: 4 },
	});
	t.deepEqual(files.stat('/a/link', false), {
		ok: true,
		value: { type: 'link', mode: 0o777, user: 'root', group: 'root', size: 11 },
	});
	t.deepEqual(files.stat('/sys/attribute', true), {
		ok: true,
		value: { type: 'file', mode: 0o444, user: 'root', group: 'root', size: 4096 },
	});
});

test('paths of any kind end in an answer', (t) => {
	const part = fc.constantFrom('a', 'b', 'file', 'link', 'dir', 'loop', '..', '.', '', 'x');
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
				const files = tree();
				const path = `/${parts.join('/')}`;
				const resolved = files.resolve(path);
				files.write(path, 'w');
				return !resolved.ok || resolved.value.startsWith('/');
			}),
		),
	);
});
