// The Change's rule of thumb for a CPU's marketing name: "4th digit" 3 or more means SEV-SNP.
// Information only: EPYC 4004/4005 and Embedded 3255 break it (facts/fedora-stack.md 4.4); CPUID decides.

/** The four characters of the model and the rule's answer, or null when the name is not that of a numbered EPYC. */
export function readEpycName(modelName: string): { readonly model: string; readonly says: boolean } | null {
	const model = /EPYC\s+(?:Embedded\s+)?([0-9][0-9A-Z]{3})/.exec(modelName)?.[1];
	const last = model?.at(3);
	if (model === undefined || last === undefined || !/\d/.test(last)) {
		return null;
	}
	return { model, says: Number(last) >= 3 };
}
