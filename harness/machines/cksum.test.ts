import test from 'ava';
import { posixChecksum } from './cksum.ts';

const rows = [
	{ text: '', sum: 4294967295 },
	{ text: '123456789', sum: 930766865 },
	{ text: '\n', sum: 3515105045 },
	{ text: 'a'.repeat(1000), sum: 145108180 },
];

for (const { text, sum } of rows) {
	test(`the checksum of ${text.length} bytes is what cksum prints`, (t) => {
		t.is(posixChecksum(new TextEncoder().encode(text)), sum);
	});
}
