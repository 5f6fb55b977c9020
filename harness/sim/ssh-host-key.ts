// The key of a simulated guest's SSH server: another one for each installation, the same in every run.

import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** PKCS #8 of an Ed25519 key (RFC 8410 section 7), to which its 32 bytes are added. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const keyType = 'ssh-ed25519';

/** The public key in the form of RFC 4253 section 6.6. */
export function sshHostKey(seed: string): Uint8Array {
	const secret = createHash('sha256').update(`snpgate simulated host key\n${seed}`).digest();
	const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' });
	const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
	return Buffer.concat([Buffer.from(keyType), Buffer.from(x, 'base64url')].map(string));
}

/** `ssh-ed25519 AAAA… comment`, as in /etc/ssh/ssh_host_ed25519_key.pub. */
export function sshHostKeyLine(key: Uint8Array, host: string): string {
	return `${keyType} ${Buffer.from(key).toString('base64')} root@${host}\n`;
}

/** RFC 4251 section 5: the length in four bytes, then the string. */
function string(bytes: Buffer): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	return Buffer.concat([length, bytes]);
}
