import test from 'ava';
import fc from 'fast-check';
import { asksForRetry, describeResponseCode } from './response-codes.ts';

const codes: readonly [number, string][] = [
	[0x000, 'TPM_RC_SUCCESS (0x000)'],
	[0x01e, 'TPM_RC_BAD_TAG (0x01e)'],
	[0x084, 'TPM_RC_VALUE (0x084)'],
	[0x095, 'TPM_RC_SIZE (0x095)'],
	[0x100, 'TPM_RC_INITIALIZE (0x100)'],
	[0x101, 'TPM_RC_FAILURE (0x101)'],
	[0x125, 'TPM_RC_AUTH_MISSING (0x125)'],
	[0x143, 'TPM_RC_COMMAND_CODE (0x143)'],
	[0x184, 'TPM_RC_VALUE of handle 1 (0x184)'],
	[0x1c4, 'TPM_RC_VALUE of parameter 1 (0x1c4)'],
	[0x2cb, 'TPM_RC_HANDLE of parameter 2 (0x2cb)'],
	[0x3da, 'TPM_RC_INSUFFICIENT of parameter 3 (0x3da)'],
	[0xfc4, 'TPM_RC_VALUE of parameter 15 (0xfc4)'],
	[0x907, 'TPM_RC_LOCALITY (0x907)'],
	[0x918, 'TPM_RC_REFERENCE_S0 (0x918)'],
	[0x922, 'TPM_RC_RETRY (0x922)'],
	[0x982, 'TPM_RC_ATTRIBUTES of session 1 (0x982)'],
	[0x9a2, 'TPM_RC_BAD_AUTH of session 1 (0x9a2)'],
	[0xa8b, 'TPM_RC_HANDLE of session 2 (0xa8b)'],
	[0x0b0143, 'TPM_RC_COMMAND_CODE of the resource manager (0xb0143)'],
	[0x0b0fff, 'an unknown code of the resource manager (0xb0fff)'],
	[0x086, 'unknown response code 0x086'],
	[0x1084, 'unknown response code 0x1084'],
	[0x070001, 'unknown response code 0x70001'],
	[0xffffffff, 'unknown response code 0xffffffff'],
];

for (const [code, expected] of codes) {
	test(`response code 0x${code.toString(16)}`, (t) => {
		t.is(describeResponseCode(code), expected);
	});
}

test('every code has one line that ends with its number', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (code) => {
				const text = describeResponseCode(code);
				return text.includes(`0x${code.toString(16).padStart(3, '0')}`) && !/undefined|\n/.test(text);
			}),
		),
	);
});

test('only those warnings that ask for the command again are waited for', (t) => {
	t.deepEqual([0x908, 0x90a, 0x920, 0x922].map(asksForRetry), [true, true, true, true]);
	t.deepEqual([0x000, 0x907, 0x921, 0x101].map(asksForRetry), [false, false, false, false]);
});
