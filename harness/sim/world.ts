// A world: the facts of one simulated machine as plain data. Every text that a simulated tool prints is rendered from it,
// so a changed fact shows in all its witnesses (kernel log, sysfs, snphost, libvirt, QEMU) at once.

/** One installed package. `epoch` is null when the package has none, which is not the same text as epoch 0. */
export interface Package {
	readonly name: string;
	readonly epoch: number | null;
	readonly version: string;
	readonly release: string;
	readonly arch: 'x86_64' | 'noarch';
	readonly vendor: string;
}

export interface Kernel {
	/** `uname -r` */
	readonly release: string;
	/** `uname -v` */
	readonly build: string;
	/** Who built it and with what, as /proc/version shows it. */
	readonly toolchain: string;
	readonly cmdline: string;
}

type SelinuxMode = 'Enforcing' | 'Permissive' | 'Disabled';
type UnitState = 'active' | 'inactive' | 'failed';

/** What any Linux system says of itself, host or guest. */
export interface Identity {
	readonly hostName: string;
	/** NAME to value, in the order of the file. */
	readonly osRelease: Readonly<Record<string, string>>;
	readonly kernel: Kernel;
	readonly bootId: string;
	/** ISO 8601, UTC: when the kernel started. */
	readonly bootedAt: string;
	readonly selinux: SelinuxMode;
	readonly units: Readonly<Record<string, UnitState>>;
	readonly packages: readonly Package[];
}

export interface Cpu {
	readonly vendor: string;
	/** Base plus extended family and model, as /proc/cpuinfo has them. */
	readonly family: number;
	readonly model: number;
	readonly stepping: number;
	readonly modelName: string;
	readonly microcode: number;
	readonly cores: number;
	/** Threads of the whole machine: that many records in /proc/cpuinfo. */
	readonly threads: number;
	readonly flags: readonly string[];
	/** CPUID leaf 0x8000001F. */
	readonly encryptedMemory: { readonly eax: number; readonly ebx: number; readonly ecx: number; readonly edx: number };
}

/** What firmware and secure processor give the kernel to work with. */
export interface SevPlatform {
	/** First and last byte of the RMP table, null when the firmware setup reserved none. */
	readonly rmp: { readonly start: number; readonly end: number } | null;
	/** The IOMMU has the SNP feature (EFR bit SNPSup) and firmware left it on. */
	readonly iommuSnp: boolean;
	/** PCI address of the secure processor's function. */
	readonly device: string;
	readonly api: { readonly major: number; readonly minor: number; readonly build: number };
	/** Platform TCB; what it reports is the same here. */
	readonly tcb: {
		/** Turin alone has one. */
		readonly fmc?: number;
		readonly bootloader: number;
		readonly tee: number;
		readonly snp: number;
		readonly microcode: number;
	};
	/** The chip's identifier, lower-case hexadecimal: 128 digits, of Turin 16. */
	readonly chipId: string;
	/** Version of the attestation reports that this firmware makes. */
	readonly reportVersion: 2 | 3 | 5;
	readonly memory: {
		readonly ecc: boolean;
		/** The firmware looked for memory modules that lie about their size, and found none (AMD-SB-3015). */
		readonly aliasCheckComplete: boolean;
	};
	/** Who keeps the VLEK that the firmware signs with when it is told to. */
	readonly cspId: string;
	/** The emulator hands the certificates of the report's key to the guest. */
	readonly givesCertificates: boolean;
	/** Parameters of kvm_amd as they were asked for. */
	readonly kvmAmd: { readonly sev: boolean; readonly sevEs: boolean; readonly sevSnp: boolean };
	/** Soft and hard limit of locked memory, in bytes. */
	readonly memlock: number;
}

export interface QemuProperty {
	readonly name: string;
	/** As QEMU prints it between angle brackets. */
	readonly type: string;
	readonly description?: string;
}

export interface Qemu {
	/** Upstream version of the emulator that runs, with or without a package that says the same. */
	readonly version: string;
	/** Class properties of each user-creatable object type. */
	readonly objects: Readonly<Record<string, readonly QemuProperty[]>>;
	readonly machineProperties: readonly QemuProperty[];
	/** Newest versioned q35 machine, 'pc-q35-9.1'. */
	readonly q35: string;
	/** Newest versioned i440FX machine. */
	readonly i440fx: string;
}

export interface Libvirt {
	readonly version: string;
	/** Values of `<enum name='sectype'>` that this libvirt knows; shown as far as the host can do them. */
	readonly sectypes: readonly string[];
	/** Serial number of socket 0, base64. */
	readonly cpu0Id: string;
	readonly loaders: readonly string[];
	readonly cpuModel: string;
	readonly cpuFeatures: readonly string[];
}

/** What a guest of this world is made of. Whether it launches follows from the host's facts. */
export interface Guests {
	readonly osRelease: Readonly<Record<string, string>>;
	readonly kernel: Omit<Kernel, 'cmdline'>;
	/** The guest kernel has the tpm-svsm driver (Linux 6.16). */
	readonly svsmTpmDriver: boolean;
	/** OVMF talks to the TPM of an SVSM (edk2-stable202505). */
	readonly firmwareSvsmTpm: boolean;
	/** What the firmware calls itself. */
	readonly firmwareVersion: string;
	/** VMPL of the guest's kernel under an SVSM. */
	readonly svsmVmpl: number;
	readonly svsmVersion: string;
	/** Entries of the SNP CPUID table. */
	readonly cpuidEntries: number;
	readonly packages: readonly Package[];
}

export interface World {
	readonly name: string;
	readonly title: string;
	/** What this world has and no real Fedora of that release had, one sentence each. */
	readonly counterfactual: readonly string[];
	readonly host: Identity;
	readonly cpu: Cpu;
	readonly sev: SevPlatform;
	readonly qemu: Qemu;
	readonly libvirt: Libvirt;
	/** Versions that the tools of these names give themselves. */
	readonly tools: { readonly rpm: string; readonly snphost: string; readonly snpguest: string; readonly virtInstall: string };
	/** Files by the package that owns them and by path, whole text. */
	readonly files: Readonly<Record<Package['name'], Readonly<Record<string, string>>>>;
	readonly guests: Guests;
}
