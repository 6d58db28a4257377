#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rule `vulnerabilities`, `check --scan-report` and `scan` over reports of Trivy and Grype, in vulnerability
attestations that OpenSSL has signed, in a docker-registry, and in files.

usage: scans_test.py TEGATA
"""
import base64
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "sigstore_cases"))
import docker_registry_cases  # noqa: E402

KEYS = HERE.parent / "testdata/sigstore/keys"
SCANS = HERE.parent / "testdata/scans"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("TEGATA_")}
TEGATA = ""
POLICY = """
apiVersion: tegata.dev/v1alpha1
kind: DeploymentPolicy
metadata: {{name: production}}
spec:
  rules:
    - name: scanned-by-ci
      images: ["none.example/**"]  # alone it looks at nothing, so that only the other rule is judged
      attestation: {{type: vuln, anyOf: [{{key: {{file: {key}}}}}]}}
    - name: no-known-holes
      vulnerabilities: {{sources: [{{attestation: scanned-by-ci}}], {words}}}
  exemptions: [{exemptions}]
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: prod}}
spec: {{containers: [{{name: web, image: "{0}"}}]}}
"""


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def hours_ago(hours):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def report(name, **changes):
    return {**json.loads((SCANS / name).read_text()), **changes}


def envelope(image, result, finished, key="hand-p256.pem"):
    """A DSSE envelope with a statement of cosign's type vuln."""
    statement = {"_type": "https://in-toto.io/Statement/v0.1", "subject": [{"name": "app", "digest": {"sha256": image[7:]}}],
                 "predicateType": "https://cosign.sigstore.dev/attestation/vuln/v1",
                 "predicate": {"invocation": {"uri": "https://ci.example.com/1"},
                               "scanner": {"uri": "pkg:github/aquasecurity/trivy", "version": "1", "result": result},
                               "metadata": {"scanStartedOn": finished, "scanFinishedOn": finished}}}
    payload = json.dumps(statement).encode()
    kind = b"application/vnd.in-toto+json"
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(KEYS / key)], input=message,
                               capture_output=True, check=True).stdout
    return json.dumps({"payloadType": kind.decode(), "payload": base64.b64encode(payload).decode(),
                       "signatures": [{"keyid": "", "sig": base64.b64encode(signature).decode()}]}).encode()


class Scans(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.process, cls.port = docker_registry_cases.start_registry(shutil.which("docker-registry"),
                                                                     pathlib.Path(cls.folder.name))
        cls.registry = docker_registry_cases.Registry(cls.port)
        cls.host = f"127.0.0.1:{cls.port}"

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait()
        cls.folder.cleanup()

    def push(self, repository, blobs, layers, tag=None):
        for blob in blobs:
            self.registry.push_blob(repository, digest_of(blob), blob)
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST,
                    "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(blobs[0]),
                               "digest": digest_of(blobs[0])}, "layers": layers}
        content = json.dumps(manifest).encode()
        self.registry.push_manifest(repository, tag or digest_of(content), content)
        return digest_of(content)

    def image(self, repository):
        """An image of that repository alone."""
        config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Labels": {"name": repository}},
                             "rootfs": {"type": "layers", "diff_ids": []}}).encode()
        return self.push(repository, [config], [])

    def attest(self, repository, image, *envelopes):
        config = b'{"architecture":"","os":"","config":{},"rootfs":{"type":"layers","diff_ids":[]}}'
        layers = [{"mediaType": "application/vnd.dsse.envelope.v1+json", "size": len(one), "digest": digest_of(one),
                   "annotations": {"dev.cosignproject.cosign/signature": "",
                                   "predicateType": "https://cosign.sigstore.dev/attestation/vuln/v1"}}
                  for one in envelopes]
        self.push(repository, [config, *envelopes], layers, tag=image.replace(":", "-") + ".att")

    def run_tegata(self, *arguments, code, stdin=None):
        done = subprocess.run([TEGATA, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=60,
                              env=ENVIRONMENT)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def check(self, repository, image, words, *arguments, code, exemptions=""):
        policy = pathlib.Path(self.folder.name) / "policy.yaml"
        policy.write_text(POLICY.format(key=KEYS / "hand-p256.pub", words=words, exemptions=exemptions))
        done = self.run_tegata("check", "-f", "-", "--policy", policy, "--insecure-plain-http", self.host, "-o", "json",
                               *arguments, code=code, stdin=POD.format(f"{self.host}/{repository}@{image}"))
        if not done.stdout:
            return done.stderr
        return json.loads(done.stdout)["items"][0]

    def given(self, name, image, **changes):
        path = pathlib.Path(self.folder.name) / name
        content = report(name, **changes)
        text = json.dumps(content).replace("sha256:745477a886a72216c6f34a2d1a74f565b2f0c8443cd2651d0f50d2ba33bf64e7", image)
        path.write_text(text)
        return path

    def test_an_attested_report_is_judged(self):
        image = self.image("judged")
        self.attest("judged", image, envelope(image, report("trivy.json"), hours_ago(1)))
        item = self.check("judged", image, "failAt: HIGH, unknownSeverity: allow", code=1)
        self.assertEqual((item["reasons"], item["rules"]), (["VulnerabilityTooSevere"], ["no-known-holes"]))
        finding = item["findings"][0]
        self.assertEqual(finding["kind"], "violates")
        self.assertEqual(finding["found"], "1 vulnerability: CVE-2026-30001 (HIGH, 9.8) in libssl3 3.0.17-1~deb12u2, "
                                           "fixed in 3.0.17-1~deb12u3")
        self.check("judged", image, "failAt: CRITICAL, unknownSeverity: allow", code=0)
        self.assertEqual(self.check("judged", image, "failAt: CRITICAL", code=1)["reasons"], ["VulnerabilityTooSevere"])
        self.check("judged", image, "failAt: CRITICAL, fixableOnly: true", code=0)
        self.check("judged", image, "minScore: 9.8", code=1)
        self.check("judged", image, "minScore: 9.9, unknownSeverity: allow", code=0)
        self.check("judged", image, "failAt: HIGH, unknownSeverity: allow, grace: 2h", code=0)

    def test_grype_reports_too(self):
        image = self.image("grype")
        self.attest("grype", image, envelope(image, report("grype.json"), hours_ago(1)))
        item = self.check("grype", image, "failAt: HIGH, unknownSeverity: allow", code=1)
        self.assertIn("CVE-2026-50005 (HIGH, 8.7) in lodash 4.17.20, fixed in 4.17.21, 5.0.1", item["findings"][0]["found"])

    def test_an_exemption_lifts_one_vulnerability(self):
        image = self.image("exempt")
        self.attest("exempt", image, envelope(image, report("trivy.json"), hours_ago(1)))
        exemption = ('{{rules: [no-known-holes], vulnerabilities: [{0}], images: ["**"], reason: r, owner: o, '
                     'expires: 2030-01-01}}')
        words = "failAt: HIGH, unknownSeverity: allow"
        self.check("exempt", image, words, code=0, exemptions=exemption.format("CVE-2026-30001"))
        self.check("exempt", image, words, code=1, exemptions=exemption.format("CVE-2026-30002"))

    def test_without_a_report_of_the_signer_it_is_missing(self):
        image = self.image("missing")
        self.assertEqual(self.check("missing", image, "failAt: HIGH", code=1)["reasons"], ["ScanMissing"])
        clean = report("trivy.json", Results=[])
        self.attest("missing", image, envelope(image, clean, hours_ago(1), key="hand-other.pem"))
        self.assertEqual(self.check("missing", image, "failAt: HIGH", code=1)["reasons"], ["ScanMissing"])
        # Signed by the right key, but about another image.
        self.attest("missing", image, envelope("sha256:" + "a" * 64, clean, hours_ago(1)))
        self.assertEqual(self.check("missing", image, "failAt: HIGH", code=1)["reasons"], ["ScanMissing"])
        self.attest("missing", image, envelope(image, clean, hours_ago(1)))
        self.check("missing", image, "failAt: HIGH", code=0)

    def test_the_newest_report_counts_and_not_for_long(self):
        image = self.image("aged")
        old = envelope(image, report("trivy.json"), hours_ago(48))
        clean = envelope(image, report("trivy.json", Results=[]), hours_ago(2))
        self.attest("aged", image, old, clean)
        self.check("aged", image, "failAt: HIGH, maxScanAge: 3h", code=0)
        self.assertEqual(self.check("aged", image, "failAt: HIGH, maxScanAge: 1h", code=1)["reasons"], ["ScanTooOld"])

    def test_a_report_that_cannot_be_read_is_unknown(self):
        image = self.image("sarif")
        self.attest("sarif", image, envelope(image, {"version": "2.1.0", "runs": []}, hours_ago(1)))
        item = self.check("sarif", image, "failAt: HIGH", code=2)
        self.assertEqual((item["reasons"], item["findings"][0]["kind"]), (["ScanUnavailable"], "unknown"))

    def test_a_newer_report_that_cannot_be_read_or_is_too_deep_supersedes_a_clean_one(self):
        signer = ["--key", KEYS / "hand-p256.pub", "--insecure-ignore-tlog"]
        clean = report("trivy.json", Results=[])
        nested = {"x": 0}
        for _ in range(70):
            nested = {"x": nested}
        for name, newer in (("unread", {"version": "2.1.0", "runs": []}), ("deep", report("trivy.json", Extra=nested))):
            image = self.image(name)
            self.attest(name, image, envelope(image, clean, hours_ago(9)))
            self.check(name, image, "failAt: HIGH", code=0)
            self.attest(name, image, envelope(image, clean, hours_ago(9)), envelope(image, newer, hours_ago(1)))
            self.assertEqual(self.check(name, image, "failAt: HIGH", code=2)["reasons"], ["ScanUnavailable"])
            self.assertIn("ScanUnavailable", self.scan(f"{name}@{image}", *signer, code=2).stdout)

    def test_a_report_by_file_takes_the_place_of_the_sources(self):
        image = self.image("given")
        trivy = self.given("trivy.json", image)
        item = self.check("given", image, "failAt: HIGH, unknownSeverity: allow", "--scan-report", trivy, code=1)
        self.assertEqual(item["reasons"], ["VulnerabilityTooSevere"])
        self.check("given", image, "failAt: CRITICAL, unknownSeverity: allow", "--scan-report", trivy, code=0)
        both = self.check("given", image, "failAt: HIGH, unknownSeverity: allow", "--scan-report", trivy, "--scan-report",
                          self.given("grype.json", image), code=1)
        self.assertIn("2 vulnerabilities", both["findings"][0]["found"])

    def test_a_report_about_another_image_is_refused(self):
        image = self.image("refused")
        other = self.given("trivy.json", "sha256:" + "a" * 64)
        error = self.check("refused", image, "failAt: HIGH", "--scan-report", other, code=64)
        self.assertIn("the report is about sha256:aaaa", error)
        unnamed = self.given("trivy.json", image, Metadata={"RepoDigests": []})
        self.assertIn("names no digest", self.check("refused", image, "failAt: HIGH", "--scan-report", unnamed, code=64))
        empty = pathlib.Path(self.folder.name) / "empty.json"
        empty.write_text("{}")
        self.assertIn("neither a JSON report of Trivy", self.check("refused", image, "failAt: HIGH", "--scan-report", empty,
                                                                   code=64))
        self.assertIn("absent.json", self.check("refused", image, "failAt: HIGH", "--scan-report", "absent.json", code=64))

    def scan(self, name, *arguments, code):
        return self.run_tegata("scan", "--insecure-plain-http", self.host, *arguments, f"{self.host}/{name}", code=code)

    def test_scan_prints_what_tegata_sees(self):
        image = self.image("printed")
        self.attest("printed", image, envelope(image, report("trivy.json"), "2026-11-21T00:01:00Z"))
        signer = ["--key", KEYS / "hand-p256.pub", "--insecure-ignore-tlog"]
        table = self.scan(f"printed@{image}", *signer, code=0).stdout
        self.assertIn("source  attestation, Trivy 0.68.1, 2026-11-21T00:01:00.000Z: 3 findings", table)
        self.assertIn("HIGH      9.8    CVE-2026-30001       libssl3  3.0.17-1~deb12u2  3.0.17-1~deb12u3", table)
        self.assertIn("LOW       4.3    CVE-2011-3374        apt      2.6.1             no fix", table)

        form = json.loads(self.scan(f"printed@{image}", *signer, "--scan-report", self.given("grype.json", image), "-o", "json",
                                    code=0).stdout)
        self.assertEqual((form["kind"], form["digest"]), ("ScanReport", image))
        self.assertEqual([source["source"] for source in form["sources"]], ["file", "attestation"])
        self.assertEqual(form["counts"], {"HIGH": 2, "LOW": 1, "INFORMATIONAL": 1, "UNKNOWN": 2})
        lodash = next(one for one in form["findings"] if one["package"] == "lodash")
        self.assertEqual((lodash["vulnerability"], lodash["aliases"], lodash["epss"], lodash["exploit"]),
                         ("CVE-2026-50005", ["GHSA-aaaa-bbbb-cccc"], 0.42, "yes"))

    def test_scan_says_missing_unknown_and_refuses(self):
        image = self.image("unscanned")
        signer = ["--key", KEYS / "hand-p256.pub", "--insecure-ignore-tlog"]
        self.assertIn("ScanMissing: no vulnerability attestation by", self.scan(f"unscanned@{image}", *signer, code=1).stdout)
        self.assertIn("ImageNotFound", self.scan("unscanned@sha256:" + "c" * 64, *signer, code=1).stdout)
        self.assertIn("there is nothing to read", self.scan(f"unscanned@{image}", code=64).stderr)
        other = self.given("trivy.json", "sha256:" + "a" * 64)
        self.assertIn("the report is about", self.scan(f"unscanned@{image}", "--scan-report", other, code=64).stderr)
        self.attest("unscanned", image, envelope(image, {}, hours_ago(1)))
        self.assertIn("ScanUnavailable", self.scan(f"unscanned@{image}", *signer, code=2).stdout)
        given = self.given("grype.json", image)
        self.assertIn("3 findings", self.scan(f"unscanned@{image}", "--scan-report", given, code=0).stdout)
        self.assertIn("3 findings", self.scan(f"unscanned@{image}", *signer, "--scan-report", given, code=2).stdout)
        dead = self.run_tegata("scan", *signer, "--insecure-plain-http", "127.0.0.1:1", "--timeout", "5s", "127.0.0.1:1/x:y",
                               code=2)
        self.assertIn("tegata scan: ", dead.stderr)


if __name__ == "__main__":
    if not shutil.which("docker-registry") or not shutil.which("openssl"):
        print("skipped: docker-registry or openssl is not installed")
        sys.exit(77)
    TEGATA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
