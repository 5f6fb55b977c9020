// Asks go-sev-guest for many answers in one process: a JSON document a line in, one out, in the same order. Nothing is fetched:
// certificates come with the question, or the roots are those that go-sev-guest has built in.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/google/go-sev-guest/abi"
	"github.com/google/go-sev-guest/kds"
	spb "github.com/google/go-sev-guest/proto/sevsnp"
	"github.com/google/go-sev-guest/validate"
	"github.com/google/go-sev-guest/verify"
	"github.com/google/go-sev-guest/verify/trust"
)

// Byte strings are base64.
type question struct {
	Report []byte `json:"report"`
	Leaf   []byte `json:"leaf"`
	// Both DER, trusted for this question; without them AMD's as built in.
	Intermediate []byte `json:"intermediate"`
	Root         []byte `json:"root"`
	// The product, for a report that does not name its processor.
	Product string    `json:"product"`
	At      time.Time `json:"at"`
}

type answer struct {
	// Why the report is not taken: it does not parse, its chain or signature is wrong, or it is not what its certificate is for.
	// Empty where it is taken.
	Parse    string `json:"parse"`
	Verify   string `json:"verify"`
	Validate string `json:"validate"`
	// Why the leaf's key did not sign the report, whatever the leaf is.
	Signature string `json:"signature"`
	// What was read, null where it does not parse.
	Report      map[string]any `json:"report"`
	Certificate map[string]any `json:"certificate"`
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func reply(q question) answer {
	a := answer{Certificate: certificate(q.Leaf), Signature: text(signature(q))}
	report, err := abi.ReportToProto(q.Report)
	if err != nil {
		a.Parse = text(err)
		return a
	}
	a.Report = fields(report)
	// Which of the two the leaf is, is said by the report.
	chain := &spb.CertificateChain{VcekCert: q.Leaf, VlekCert: q.Leaf, AskCert: q.Intermediate, ArkCert: q.Root}
	attestation := &spb.Attestation{Report: report, CertificateChain: chain}
	roots, err := trusted(q)
	if err != nil {
		a.Verify = text(err)
		return a
	}
	product, err := kds.ParseProductLine(q.Product)
	if err != nil {
		product = nil
	}
	a.Verify = text(verify.SnpAttestation(attestation, &verify.Options{
		DisableCertFetching: true,
		Now:                 q.At,
		TrustedRoots:        roots,
		Product:             product,
	}))
	// Nothing is asked for: what is left is what report and certificate must have in common.
	a.Validate = text(validate.SnpAttestation(attestation, &validate.Options{
		GuestPolicy:               abi.SnpPolicy{SMT: true, MigrateMA: true, Debug: true, CXLAllowed: true},
		PermitProvisionalFirmware: true,
	}))
	return a
}

func signature(q question) error {
	leaf, err := x509.ParseCertificate(q.Leaf)
	if err != nil {
		return err
	}
	return verify.SnpReportSignature(q.Report, leaf)
}

// trusted gives the roots of this question, or none: then those that are built in count.
func trusted(q question) (map[string][]*trust.AMDRootCerts, error) {
	if q.Root == nil {
		return nil, nil
	}
	root := trust.AMDRootCertsProduct(q.Product)
	if err := root.Decode(q.Intermediate, q.Root); err != nil {
		return nil, err
	}
	if root.ProductCerts.Ark == nil {
		return nil, fmt.Errorf("could not parse ARK certificate")
	}
	return map[string][]*trust.AMDRootCerts{q.Product: {root}}, nil
}

func certificate(der []byte) map[string]any {
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return map[string]any{"error": text(err)}
	}
	signer := abi.VcekReportSigner
	if parsed.Subject.CommonName == "SEV-VLEK" {
		signer = abi.VlekReportSigner
	}
	facts, err := kds.CertificateExtensions(parsed, signer)
	if err != nil {
		return map[string]any{"error": text(err)}
	}
	return map[string]any{
		"structVersion": facts.StructVersion,
		"productName":   facts.ProductName,
		"hwid":          hex.EncodeToString(facts.HWID),
		"cspId":         facts.CspID,
		"tcb":           tcb(uint64(facts.TCBVersion)),
	}
}

func tcb(version uint64) map[string]any {
	parts := kds.DecomposeTCBVersion(kds.TCBVersion(version))
	return map[string]any{
		"bootloader": parts.BlSpl, "tee": parts.TeeSpl, "snp": parts.SnpSpl, "microcode": parts.UcodeSpl,
	}
}

func fields(r *spb.Report) map[string]any {
	family, model, stepping := abi.FmsFromCpuid1Eax(r.Cpuid1EaxFms)
	result := map[string]any{
		"version": r.Version, "guestSvn": r.GuestSvn, "vmpl": r.Vmpl, "signatureAlgorithm": r.SignatureAlgo,
		"policy": fmt.Sprint(r.Policy), "platformInfo": fmt.Sprint(r.PlatformInfo), "keyInfo": r.SignerInfo,
		"familyId": hex.EncodeToString(r.FamilyId), "imageId": hex.EncodeToString(r.ImageId),
		"reportData": hex.EncodeToString(r.ReportData), "measurement": hex.EncodeToString(r.Measurement),
		"hostData": hex.EncodeToString(r.HostData), "idKeyDigest": hex.EncodeToString(r.IdKeyDigest),
		"authorKeyDigest": hex.EncodeToString(r.AuthorKeyDigest), "reportId": hex.EncodeToString(r.ReportId),
		"reportIdMa": hex.EncodeToString(r.ReportIdMa), "chipId": hex.EncodeToString(r.ChipId),
		"signature":  hex.EncodeToString(r.Signature),
		"currentTcb": tcb(r.CurrentTcb), "reportedTcb": tcb(r.ReportedTcb),
		"committedTcb": tcb(r.CommittedTcb), "launchTcb": tcb(r.LaunchTcb),
		"currentVersion":     []uint32{r.CurrentMajor, r.CurrentMinor, r.CurrentBuild},
		"committedVersion":   []uint32{r.CommittedMajor, r.CommittedMinor, r.CommittedBuild},
		"cpuid":              []uint32{uint32(family), uint32(model), uint32(stepping)},
		"launchMitigations":  fmt.Sprint(r.LaunchMitVector),
		"currentMitigations": fmt.Sprint(r.CurrentMitVector),
	}
	if policy, err := abi.ParseSnpPolicy(r.Policy); err == nil {
		result["policyBits"] = map[string]any{
			"abiMajor": policy.ABIMajor, "abiMinor": policy.ABIMinor,
			"smt": policy.SMT, "migrationAgent": policy.MigrateMA, "debug": policy.Debug, "singleSocket": policy.SingleSocket,
			"cxl": policy.CXLAllowed, "memAes256Xts": policy.MemAES256XTS, "raplDisabled": policy.RAPLDis,
			"ciphertextHidingDram": policy.CipherTextHidingDRAM, "pageSwapDisabled": policy.PageSwapDisable,
		}
	}
	if info, err := abi.ParseSnpPlatformInfo(r.PlatformInfo); err == nil {
		result["platformBits"] = map[string]any{
			"smt": info.SMTEnabled, "tsme": info.TSMEEnabled, "ecc": info.ECCEnabled, "raplDisabled": info.RAPLDisabled,
			"ciphertextHidingDram": info.CiphertextHidingDRAMEnabled, "aliasCheckComplete": info.AliasCheckComplete,
			"tio": info.TIOEnabled,
		}
	}
	return result
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Encode(reply(q)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
