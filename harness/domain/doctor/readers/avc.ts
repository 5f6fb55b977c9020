// SELinux denials: audit.log, `ausearch` (raw and -i) and the kernel's own 'audit: type=1400' lines.

import type { Fact, Sign, TextReader } from '../reading.ts';
import { plainText } from './pasted-text.ts';
import { firstOfEach, sign, toolLines } from './tool-lines.ts';
import { isWritten } from './written-text.ts';

const denial = /\bavc:\s{1,4}denied\s{1,4}\{ ?([^{}]{1,200}?) ?\}/;
/** A pull request or a ticket has several records on one line. */
const everyDenial = /\bavc:\s{1,4}denied\b/g;
const nextRecord = / type=[A-Z_]{2,32} msg=audit\(/;
const fieldPattern = /\b(\w{1,32})=(?:"([^"]{0,512})"|([^\s"]{1,512}))/g;

/** Domains, types, programs and devices of a host that runs guests. */
const virtualType = /^(?:svirt|virt|qemu|sev_|kvm_|swtpm|vhost|passt)/;
const virtualProgram = /^(?:qemu|virtqemud|libvirt|virt|swtpm|passt|snphost|CPU \d)/;
const virtualPath = /^\/dev\/(?:sev|kvm|vhost|sgx|udmabuf|hugepages)/;

/** Denials that are kept as facts; further ones are counted. */
const mostKept = 50;

interface Denial {
	/** Without the time stamp, in whichever form it was. */
	readonly line: string;
	readonly fact: { readonly [name: string]: Fact };
	readonly relevant: boolean;
	/** Of /dev/sev itself, by its type or its path. */
	readonly ofSev: boolean;
}

export const avc: TextReader = {
	kind: 'avc',
	recognise(text) {
		const lines = /avc:\s{1,4}denied\b/.test(text) ? toolLines(text) : [];
		if (!lines.some((line) => denial.test(line)) || isWritten(plainText(text))) {
			return 0;
		}
		// A kernel log has a denial among its other lines; a search for denials has little else.
		const audit = lines.filter((line) => denial.test(line) || /^(?:type=[A-Z_]+ |----|time->)/.test(line));
		return audit.length * 2 >= lines.length ? 3 : 1;
	},
	read(text) {
		const denials = toolLines(text).flatMap(records).flatMap(parseDenial);
		const relevant = denials.filter((one) => one.relevant);
		const first = relevant[0] ?? denials[0];
		return {
			kind: 'avc',
			snp: 'unknown',
			facts: {
				avc: denials.length,
				relevant: relevant.length > 0,
				...first?.fact,
				denials: denials.slice(0, mostKept).map(({ fact }) => fact),
			},
			signs: firstOfEach(relevant.map(toSign)),
		};
	},
};

/** The records of a line, each from its denial on. */
function records(line: string): readonly string[] {
	if (!line.includes('avc:')) {
		return [];
	}
	const starts = Array.from(line.matchAll(everyDenial), ({ index }) => index);
	return starts.map((start, at) => {
		const record = line.slice(start, starts[at + 1]);
		return record.slice(0, nextRecord.exec(record)?.index);
	});
}

function toSign({ line, ofSev }: Denial): Sign {
	return sign(ofSev ? 'selinux-denies-dev-sev' : 'selinux-denial', line);
}

function parseDenial(line: string): readonly Denial[] {
	const permissions = denial.exec(line)?.[1];
	if (permissions === undefined) {
		return [];
	}
	const fields = new Map<string, string>();
	for (const [, name = '', quoted, bare] of line.matchAll(fieldPattern)) {
		if (!fields.has(name)) {
			fields.set(name, quoted ?? bare ?? '');
		}
	}
	const value = (name: string) => fields.get(name) ?? null;
	const type = (name: string) => value(name)?.split(':')[2] ?? null;
	const scontextType = type('scontext');
	const tcontextType = type('tcontext');
	const comm = value('comm');
	const path = value('path');
	const name = value('name');
	const ofSev = tcontextType === 'sev_device_t' || path === '/dev/sev' || (name === 'sev' && value('tclass') === 'chr_file');
	return [
		{
			line,
			fact: {
				scontextType,
				tcontextType,
				tclass: value('tclass'),
				comm,
				target: path ?? name,
				permissions: permissions.split(' '),
				// Said by the policy, not enforced; it will be once the mode is switched.
				permissive: value('permissive') === '1',
			},
			relevant:
				ofSev ||
				[scontextType, tcontextType].some((one) => one !== null && virtualType.test(one)) ||
				(comm !== null && virtualProgram.test(comm)) ||
				(path !== null && virtualPath.test(path)),
			ofSev,
		},
	];
}
