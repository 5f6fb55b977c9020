// What this program takes for true and no real machine has shown it yet. A check or a reading that leans on one says so;
// `snpgate capture` on a real host turns it into a fact, and its entry goes. Sources: facts/fedora-stack.md, 'U' and section 13.

export interface UnconfirmedFact {
	readonly id: string;
	/** What is assumed, one sentence. */
	readonly assumed: string;
	/** What would show it. */
	readonly settledBy: string;
}

const facts = [
	{
		id: 'segmented-rmp-line',
		assumed: "Kernels with a segmented RMP announce it as 'Segmented RMP base table physical range'",
		settledBy: 'the kernel log of a Turin host with Linux 6.14 or newer',
	},
	{
		id: 'crash-notifiers-path',
		assumed: 'The kernel shows crash_kexec_post_notifiers under /sys/module/kernel/parameters',
		settledBy: 'that file on any SEV-SNP host',
	},
	{
		id: 'descriptor-in-memory',
		assumed: "Fedora's descriptor that maps the firmware as 'memory' has 'filename' directly under 'mapping'",
		settledBy: '/usr/share/qemu/firmware of edk2-ovmf-20250812-16.fc43 or newer',
	},
	{
		id: 'node-sev-info-names',
		assumed: "virsh nodesevinfo calls its fields 'pdh', 'cert-chain', 'cpu0-id', 'cbitpos', 'max-guests' and 'max-es-guests'",
		settledBy: "'virsh nodesevinfo' on any SEV host",
	},
	{
		id: 'hyper-v-isolation',
		assumed: "Hyper-V's isolation type 2 in group B means SEV-SNP, and 3 TDX, also where the feature line says less",
		settledBy: 'the kernel log of an Azure guest with a paravisor',
	},
	{
		id: 'igvm-file-path',
		assumed: 'A package coconut-svsm puts its IGVM file at /usr/share/coconut-svsm/coconut-qemu.igvm',
		settledBy: "'rpm -ql coconut-svsm' where that package is installed",
	},
] as const satisfies readonly UnconfirmedFact[];

export type UnconfirmedId = (typeof facts)[number]['id'];

export const unconfirmedFacts: readonly (UnconfirmedFact & { readonly id: UnconfirmedId })[] = facts;

export const unconfirmedIds: readonly UnconfirmedId[] = facts.map(({ id }) => id);

/** As reports say it. */
export function unconfirmedNote(id: string): string {
	const fact = unconfirmedFacts.find((one) => one.id === id);
	return `not confirmed yet on a real host: ${fact === undefined ? id : fact.assumed}`;
}
