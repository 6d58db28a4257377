#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records real decisions with `tegata serve`, then judges them again with `tegata replay`.

Recorded under allowedRegistries alone: exact under the same policy; under a `signature` policy answered from
the evidence with --observe, and all notRecorded without.

usage: replay_test.py TEGATA LAYOUT_SERVER
"""
import contextlib
import json
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/testdata"
TEGATA, LAYOUT_SERVER = sys.argv[1:3]
del sys.argv[1:3]

REGISTRIES_ONLY = """
apiVersion: tegata.dev/v1alpha1
kind: DeploymentPolicy
metadata: {{name: production}}
spec:
  rules:
    - {{name: our-registries, allowedRegistries: ["{registry}/**"]}}
"""
SIGNED = REGISTRIES_ONLY + """
    - {{name: signed, signature: {{anyOf: [{{key: {{file: "{keys}/p256.pub"}}}}]}}}}
"""
COMMITS_AND_SIGNED = SIGNED + """
    - {{name: commits, tag: {{format: commitId}}}}
"""
KEYLESS = REGISTRIES_ONLY + """
    - name: keyless
      signature:
        anyOf:
          - keyless:
              issuer: https://token.actions.githubusercontent.com
              subjectGlob: "https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main"
              trustedRoot: {{file: "{mock}/trusted_root.json"}}
"""
ATTESTED = REGISTRIES_ONLY + """
    - name: attested
      attestation: {{type: slsaprovenance1, anyOf: [{{key: {{file: "{keys}/p256.pub"}}}}]}}
"""
BASED = REGISTRIES_ONLY + """
    - {{name: base, baseImage: {{digests: ["sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}}}}
"""


def case(name):
    return json.loads((DATA / "sigstore/cases" / name / "case.json").read_text())


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def started(arguments, **more):
    process = subprocess.Popen(list(map(str, arguments)), text=True, **more)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


class Replay(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        server = stack.enter_context(started([LAYOUT_SERVER, "--cases", DATA / "sigstore/cases"], stdout=subprocess.PIPE))
        self.registry = f"127.0.0.1:{server.stdout.readline().strip()}"
        server.stdout.close()
        words = {"registry": self.registry, "keys": DATA / "sigstore/keys", "mock": DATA / "sigstore/mock"}
        (self.folder / "keyless.yaml").write_text(KEYLESS.format(**words))
        (self.folder / "attested.yaml").write_text(ATTESTED.format(**words))
        (self.folder / "commits.yaml").write_text(COMMITS_AND_SIGNED.format(**words))
        (self.folder / "based.yaml").write_text(BASED.format(**words))
        (self.folder / "registries.yaml").write_text(REGISTRIES_ONLY.format(**words))
        (self.folder / "signed.yaml").write_text(SIGNED.format(**words))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", self.folder / "tls.key",
                        "-out", self.folder / "tls.crt"], check=True, capture_output=True)
        signed, other, unsigned = case("bundle-key-p256"), case("bundle-key-ed25519"), case("legacy-key-p256")
        self.images = [self.image(signed), self.image(other), self.image(signed, tag=True), self.image(unsigned),
                       "elsewhere.example/shop/api:3f2a91c"]

    def image(self, recorded, tag=False):
        path = recorded["repository"].split("/", 1)[1]
        return f"{self.registry}/{path}:v1" if tag else f"{self.registry}/{path}@{recorded['image_digest']}"

    def record(self, policy, *options, code=0):
        """Sends every image through `tegata serve` once, and gives what it answered."""
        port, metrics = free_port(), free_port()
        arguments = [TEGATA, "serve", "--policy", self.folder / policy, "--listen", f"127.0.0.1:{port}", "--metrics-listen",
                     f"127.0.0.1:{metrics}", "--tls-cert-file", self.folder / "tls.crt", "--tls-private-key-file",
                     self.folder / "tls.key", "--audit-log", self.folder / "audit.jsonl", "--insecure-plain-http",
                     self.registry, "--drain-grace", "0s", *options]
        review = json.loads(sorted((DATA / "admission-reviews").glob("deploy1-create.*.validate.json"))[0].read_text())
        trust = ssl.create_default_context(cafile=self.folder / "tls.crt")
        allowed = []
        with started(arguments, stderr=subprocess.DEVNULL) as process:
            self.wait_until_ready(metrics, process)
            for image in self.images:
                pod = review["request"]["object"]["spec"]["template"]["spec"]
                for container in pod["containers"] + pod.get("initContainers", []):
                    container["image"] = image
                request = urllib.request.Request(f"https://localhost:{port}/validate?timeout=10s", json.dumps(review).encode(),
                                                 {"Content-Type": "application/json"})
                with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
                    allowed.append(json.load(answer)["response"]["allowed"])
        return allowed

    def wait_until_ready(self, port, process):
        for _ in range(600):
            self.assertIsNone(process.poll(), "tegata serve ended")
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        self.fail("tegata serve was never ready")

    def replay(self, policy, *options, code, audit=("audit.jsonl",), stdin=None):
        files = [name if name == "-" else self.folder / name for name in audit]
        done = subprocess.run([TEGATA, "replay", "--policy", self.folder / policy, "-o", "json", *map(str, options), *files],
                              capture_output=True, text=True, timeout=120, input=stdin)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout), done.stderr

    def test_observed_decisions_answer_a_later_signature_policy(self):
        evidence = self.folder / "evidence"
        allowed = self.record("registries.yaml", "--observe", "--evidence-dir", evidence)
        self.assertEqual(allowed, [True, True, True, True, False])
        same, _ = self.replay("registries.yaml", "--evidence-dir", evidence, code=0)
        self.assertEqual((same["summary"]["records"], same["summary"]["exact"], same["summary"]["inexact"]), (5, 5, 0))

        other, _ = self.replay("signed.yaml", "--evidence-dir", evidence, code=1)
        self.assertEqual(other["summary"]["notRecorded"], 0)
        changed = {item["images"][0]: item for item in other["items"]}
        self.assertEqual(list(changed), [self.images[1]])
        item = changed[self.images[1]]
        self.assertEqual((item["comparison"], item["was"]["decision"], item["now"]["decision"]), ("newlyDenied", "allow", "deny"))
        self.assertEqual(item["now"]["reasons"], ["SignatureByOtherSigner"])

    def test_observed_decisions_answer_later_keyless_and_attestation_rules(self):
        evidence = self.folder / "evidence"
        keyless = [self.image(case(name)) for name in ("bundle-keyless-gh-rekor1", "legacy-keyless-gh")]
        attested = [self.image(case(name)) for name in ("legacy-att-slsaprovenance1", "bundle-att-slsaprovenance1")]
        self.images = keyless + attested
        self.assertEqual(self.record("registries.yaml", "--observe", "--evidence-dir", evidence), [True] * 4)
        for policy, still_allowed, missing in (("keyless.yaml", keyless, "SignatureMissing"),
                                               ("attested.yaml", attested, "AttestationMissing")):
            with self.subTest(policy=policy):
                other, _ = self.replay(policy, "--evidence-dir", evidence, code=1)
                self.assertEqual(other["summary"]["notRecorded"], 0)
                changed = {item["images"][0]: item["now"]["reasons"] for item in other["items"]}
                self.assertEqual(changed, {image: [missing] for image in self.images if image not in still_allowed})

    def test_a_keyless_policy_is_exact_with_its_evidence(self):
        evidence = self.folder / "evidence"
        self.images = [self.image(case("bundle-keyless-gh-rekor1")), self.image(case("bundle-key-p256"))]
        self.assertEqual(self.record("keyless.yaml", "--evidence-dir", evidence), [True, False])
        same, _ = self.replay("keyless.yaml", "--evidence-dir", evidence, code=0)
        self.assertEqual((same["summary"]["exact"], same["summary"]["inexact"]), (2, 0))

    def test_observed_decisions_answer_a_later_rule_about_labels(self):
        self.images = [self.image(case("bundle-key-p256"))]
        self.assertEqual(self.record("registries.yaml", "--observe"), [True])
        other, _ = self.replay("based.yaml", code=1)
        self.assertEqual(other["summary"]["notRecorded"], 0)
        self.assertEqual([item["now"]["reasons"] for item in other["items"]], [["BaseImageMissing"]])

    def test_a_rule_about_labels_is_exact_and_not_recorded_where_nobody_observed(self):
        self.images = [self.image(case("bundle-key-p256"))]
        self.assertEqual(self.record("based.yaml"), [False])
        same, _ = self.replay("based.yaml", code=0)
        self.assertEqual((same["summary"]["exact"], same["summary"]["inexact"]), (1, 0))
        (self.folder / "audit.jsonl").unlink()
        self.assertEqual(self.record("registries.yaml"), [True])
        other, _ = self.replay("based.yaml", code=2)
        self.assertEqual(other["summary"]["notRecorded"], 1)

    def test_what_nobody_observed_is_not_recorded_and_never_allowed(self):
        self.record("registries.yaml", "--evidence-dir", self.folder / "evidence")
        same, _ = self.replay("registries.yaml", "--evidence-dir", self.folder / "evidence", code=0)
        self.assertEqual(same["summary"]["exact"], 5)
        other, _ = self.replay("signed.yaml", "--evidence-dir", self.folder / "evidence", code=1)
        self.assertEqual(other["summary"]["notRecorded"], 4)
        self.assertEqual(other["summary"]["newlyAllowed"], 0)
        for item in other["items"]:
            self.assertEqual((item["comparison"], item["now"]["decision"], item["now"]["reasons"]),
                             ("notRecorded", "deny", ["NotRecorded"]))
        lines = [line for line in (self.folder / "audit.jsonl").read_text().splitlines() if "elsewhere.example" not in line]
        (self.folder / "allowed-only.jsonl").write_text("\n".join(lines) + "\n")
        self.replay("signed.yaml", code=2, audit=["allowed-only.jsonl"])

    def test_a_signature_policy_is_exact_with_its_evidence_and_not_recorded_without(self):
        evidence = self.folder / "evidence"
        allowed = self.record("signed.yaml", "--evidence-dir", evidence)
        self.assertEqual(allowed, [True, False, True, True, False])
        same, _ = self.replay("signed.yaml", "--evidence-dir", evidence, code=0)
        self.assertEqual((same["summary"]["exact"], same["summary"]["inexact"]), (5, 0))
        without, _ = self.replay("signed.yaml", code=2)
        self.assertEqual(without["summary"]["notRecorded"], 4)

    def test_findings_beside_what_was_not_recorded_must_agree(self):
        """Also where the verdict has a reason of its own, as a tag that is no commit id is."""
        evidence = self.folder / "evidence"
        self.images = [self.image(case("bundle-key-p256"), tag=True)]
        self.assertEqual(self.record("commits.yaml"), [False])
        without, _ = self.replay("commits.yaml", code=2)
        self.assertEqual((without["summary"]["notRecorded"], without["summary"]["inexact"]), (1, 0))
        self.assertEqual(without["items"][0]["now"]["reasons"], ["NotRecorded", "TagNotCommitId"])
        audit = self.folder / "audit.jsonl"
        audit.write_text(audit.read_text().replace('"cost":"deny"', '"cost":"warn"', 1))
        changed, _ = self.replay("commits.yaml", code=1)
        self.assertEqual(changed["summary"]["inexact"], 1)
        audit.unlink()
        self.record("commits.yaml", "--evidence-dir", evidence)
        same, _ = self.replay("commits.yaml", "--evidence-dir", evidence, code=0)
        self.assertEqual(same["summary"]["exact"], 1)
        self.replay("commits.yaml", code=2)

    def test_a_stricter_policy_over_dry_run_records_ends_with_1_and_groups_them(self):
        evidence = self.folder / "evidence"
        self.assertEqual(self.record("registries.yaml", "--dry-run", "--observe", "--evidence-dir", evidence), [True] * 5)
        self.replay("registries.yaml", "--evidence-dir", evidence, code=0)
        stricter, _ = self.replay("signed.yaml", "--evidence-dir", evidence, code=1)
        self.assertEqual((stricter["summary"]["newlyDenied"], stricter["summary"]["inexact"]), (1, 0))
        self.assertEqual(stricter["items"][0]["now"]["decision"], "allow")
        self.assertEqual(stricter["groups"], [
            {"policy": "production", "rule": "signed", "namespace": "shop", "account": None, "cluster": None,
             "owner": "apps/v1 Deployment deploy1", "records": 1, "reasons": ["SignatureByOtherSigner"]}])
        self.replay("signed.yaml", code=2)  # nothing is at hand: nothing violates

    def test_a_verdict_in_other_words_is_reworded(self):
        self.record("registries.yaml")
        audit = self.folder / "audit.jsonl"
        audit.write_text(audit.read_text().replace("expected: an image from", "expected: images of", 1))
        reworded, _ = self.replay("registries.yaml", code=0)
        self.assertEqual((reworded["summary"]["exact"], reworded["summary"]["reworded"], reworded["summary"]["inexact"]), (4, 1, 0))
        item, = reworded["items"]
        self.assertEqual((item["comparison"], item["inexact"], item["now"]), ("reworded", False, item["was"]))
        self.assertIn("expected: an image from", item["verdict"]["findings"][0]["message"])

    def test_several_files_and_standard_input_are_read_in_their_order(self):
        evidence = self.folder / "evidence"
        self.record("registries.yaml", "--observe", "--evidence-dir", evidence)
        lines = (self.folder / "audit.jsonl").read_text().splitlines(keepends=True)
        (self.folder / "first").write_text("".join(lines[:-2]))
        (self.folder / "second").write_text("".join(lines[-2:]) + "not JSON\n")
        options = ("--evidence-dir", evidence)
        whole, _ = self.replay("signed.yaml", *options, code=1)
        apart, errors = self.replay("signed.yaml", *options, code=1, audit=["first", "second"])
        self.assertEqual(apart["items"], whole["items"])
        self.assertEqual(apart["summary"], {**whole["summary"], "unreadableLines": 1})
        self.assertIn("second: line 3:", errors)
        piped, _ = self.replay("signed.yaml", *options, code=1, audit=["-"], stdin="".join(lines))
        self.assertEqual(piped, whole)
        mixed, _ = self.replay("signed.yaml", *options, code=1, audit=["first", "-"], stdin="".join(lines[-2:]))
        self.assertEqual(mixed, whole)
        done = subprocess.run([TEGATA, "replay", "--policy", self.folder / "signed.yaml", self.folder / "first", self.folder / "absent"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (64, ""))
        self.assertIn("absent", done.stderr)

    def test_any_number_of_jobs_prints_the_same(self):
        evidence = self.folder / "evidence"
        self.record("registries.yaml", "--observe", "--evidence-dir", evidence)
        audit = self.folder / "audit.jsonl"
        lines = audit.read_text().splitlines(keepends=True)
        records = [line for line in lines if '"DecisionRecord"' in line]
        with open(audit, "a") as out:
            for number in range(400):
                out.write("torn\n" if number % 50 == 7 else records[number % len(records)])
        for policy in ("registries.yaml", "signed.yaml"):
            results = [subprocess.run([TEGATA, "replay", "--policy", self.folder / policy, "--evidence-dir", evidence, *jobs, audit],
                                      capture_output=True, text=True, timeout=120) for jobs in ([], ["--jobs", "1"], ["--jobs", "7"])]
            self.assertEqual({(done.returncode, done.stdout, done.stderr) for done in results},
                             {(results[0].returncode, results[0].stdout, results[0].stderr)})
            self.assertEqual(results[0].returncode, 65 if policy == "registries.yaml" else 1)
        for wrong in ("0", "257", "-1", "x"):
            done = subprocess.run([TEGATA, "replay", "--policy", self.folder / "signed.yaml", "--jobs", wrong, audit], capture_output=True, text=True)
            self.assertEqual(done.returncode, 64, wrong)

    def test_a_record_that_was_changed_is_inexact_and_said_so(self):
        self.record("registries.yaml")
        audit = self.folder / "audit.jsonl"
        audit.write_text(audit.read_text().replace("elsewhere.example/shop/api", self.registry + "/shop/api", 1))
        changed, _ = self.replay("registries.yaml", code=1)
        self.assertEqual(changed["summary"]["inexact"], 1)
        self.assertTrue(changed["items"][0]["inexact"])

    def test_torn_and_foreign_lines_are_named_and_passed_over(self):
        self.record("registries.yaml")
        audit = self.folder / "audit.jsonl"
        records = [line for line in audit.read_text().splitlines() if '"DecisionRecord"' in line]
        audit.write_text("\n".join([records[0], records[1][:100], "not JSON", '{"kind":"Other"}', *records[2:]]) + '\n{"torn')
        replayed, errors = self.replay("registries.yaml", code=65)
        self.assertEqual((replayed["summary"]["exact"], replayed["summary"]["unreadableLines"]), (4, 4))
        for number in (2, 3, 4, 8):
            self.assertIn(f"line {number}:", errors)


class RecordsOfCommit6e6fbce(unittest.TestCase):
    """Recorded by `tegata serve` of that commit (tests/testdata/replay/README.md): before records named owners."""
    folder = DATA / "replay/6e6fbce"

    def replay(self, policy, audit, *options, code):
        done = subprocess.run([TEGATA, "replay", "--policy", self.folder / policy, "-o", "json", *map(str, options), self.folder / audit],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_give_the_same_verdicts(self):
        for policy, audit, records in (("signed.yaml", "enforced.jsonl", 11), ("registries.yaml", "dry-run.jsonl", 4)):
            with self.subTest(audit=audit):
                summary = self.replay(policy, audit, "--evidence-dir", self.folder / "evidence", code=0)["summary"]
                self.assertEqual((summary["records"], summary["samePolicy"], summary["inexact"], summary["unreadableLines"]),
                                 (records, records, 0, 0))
                self.assertEqual(summary["exact"] + summary["reworded"], records)

    def test_are_not_recorded_without_their_evidence(self):
        summary = self.replay("signed.yaml", "enforced.jsonl", code=2)["summary"]
        self.assertEqual((summary["notRecorded"], summary["inexact"]), (4, 0))

    def test_answer_a_stricter_policy(self):
        report = self.replay("signed.yaml", "dry-run.jsonl", "--evidence-dir", self.folder / "evidence", code=1)
        self.assertEqual((report["summary"]["newlyDenied"], report["summary"]["notRecorded"]), (2, 0))
        self.assertEqual({reason for group in report["groups"] for reason in group["reasons"]},
                         {"SignatureByOtherSigner", "DeployerNotAllowed"})


if __name__ == "__main__":
    unittest.main(verbosity=1)
