// For examples: what the kernel of a host says that runs SEV-SNP guests, in pieces.

/** The lines of a host that runs SEV-SNP guests; what is wrong in an example stands between or behind them. */
export const rmp = `[    0.000000] Linux version 6.11.4-301.fc41.x86_64 (mockbuild@builder) (gcc (GCC) 14.2.1 20240912)
[    0.000000] SEV-SNP: RMP table physical range [0x0000004fe0000000 - 0x00000050209fffff]`;
export const iommu = '[    0.842117] AMD-Vi: IOMMU SNP support enabled.';
export const firmware = `[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
[    9.944229] ccp 0000:22:00.1: SEV-SNP API:1.55 build:37`;
export const asids = `[   11.612040] kvm_amd: SEV enabled (ASIDs 100 - 1006)
[   11.612042] kvm_amd: SEV-ES enabled (ASIDs 1 - 99)`;
export const snp = '[   11.612043] kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)';
export const healthy = [rmp, iommu, firmware, asids, snp].join('\n');
/** A kernel that gave SEV-SNP up after it had found the feature in the processor. */
export const snpOff = '[   11.612043] kvm_amd: SEV-SNP disabled (ASIDs 1 - 99)';
