import test from 'ava';
import { loadInventory } from './load-inventory.ts';

const told = (text: string) =>
	loadInventory(text, 'h.yaml').problems.map(({ line, col, message, hint }) => ({ at: `${line}:${col}`, message, hint }));

test('a good inventory, with what it leaves out', (t) => {
	const text =
		'hosts:\n  epyc7: { at: root@epyc7, become: sudo, shared: true, power: ipmitool -H bmc7 }\n  demo: { at: "sim:some-world", note: A demo }\n';
	t.deepEqual(loadInventory(text, 'h.yaml'), {
		inventory: {
			hosts: {
				epyc7: { at: 'root@epyc7', become: 'sudo', shared: true, power: 'ipmitool -H bmc7' },
				demo: { at: 'sim:some-world', become: 'none', shared: false, note: 'A demo' },
			},
		},
		problems: [],
	});
});

const bad: readonly (readonly [text: string, at: string, message: string, hint: string | null])[] = [
	['host: {}', '1:1', "Unknown key 'host'", "Did you mean 'hosts'?"],
	['hosts: { a: { on: local } }', '1:10', "'at' is required: expected where the host is", null],
	['hosts: { a: { at: local, becom: sudo } }', '1:26', "Unknown key 'becom'", "Did you mean 'become'?"],
	[
		'hosts: { a: { at: -oProxyCommand=x } }',
		'1:19',
		"Expected 'local', 'sim', 'sim:WORLD' or an OpenSSH destination, got '-oProxyCommand=x'",
		null,
	],
	['hosts: { a: { at: "sim:" } }', '1:19', "Expected the name of a world after 'sim:'", null],
	['hosts: { a: { at: 10.1 } }', '1:19', 'Expected where the host is, got the number 10.1: write "10.1"', null],
	['hosts: { a: { at: local, become: su } }', '1:34', "Expected 'none' or 'sudo', got 'su'", null],
	['hosts: { a: { at: local, shared: yes } }', '1:34', "Expected true or false, got 'yes'", null],
	[
		'hosts: { sim: { at: local } }',
		'1:10',
		"Expected a name other than 'local' and 'sim', which every inventory has, got 'sim'",
		null,
	],
];

for (const [text, at, message, hint] of bad) {
	test(`refused: ${text}`, (t) => {
		const [first] = told(text);
		t.like(first, { at, message, hint });
		t.is(loadInventory(text, 'h.yaml').inventory, null);
	});
}
