#!/usr/bin/env python3
"""The chart, through the real helm: it lints, it renders what it promises, and what it renders starts
`tegata serve` with options that serve accepts.

Exit code 77: helm could not be had (ctest: skipped).
usage: chart_test.py TEGATA
"""
import base64
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = pathlib.Path(os.environ.get("TEGATA_TOOLS", pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "tegata/tools"))
HELM = TOOLS / "helm"
TEGATA = sys.argv.pop(1)
CA = base64.b64encode(b"test authority").decode()


def helm(*arguments):
    return subprocess.run([HELM, *arguments], capture_output=True, text=True, timeout=60)


def rendered(*settings, namespace="tegata-system"):
    done = helm("template", "gate", ROOT / "charts/tegata", "--namespace", namespace, *settings)
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def one(documents, kind):
    found = [document for document in documents if document["kind"] == kind]
    assert len(found) == 1, f"{len(found)} of {kind}"
    return found[0]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Chart(unittest.TestCase):
    secret = ("--set", f"certificate.caBundle={CA}")

    def test_lints_strictly(self):
        done = helm("lint", "--strict", ROOT / "charts/tegata", *self.secret)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_refuses_values_that_it_does_not_know(self):
        for wrong in ("dryrun=true", "webhook.failurePolicy=Maybe", "replicas=0", "unmatched=perhaps"):
            done = helm("template", "gate", ROOT / "charts/tegata", *self.secret, "--set", wrong)
            self.assertNotEqual(done.returncode, 0, wrong)

    def test_refuses_a_secret_certificate_without_its_authority(self):
        done = helm("template", "gate", ROOT / "charts/tegata")
        self.assertIn("certificate.caBundle is mandatory", done.stderr)

    def test_webhook_leaves_out_kube_system_and_its_own_namespace(self):
        webhook = one(rendered(*self.secret, namespace="gates"), "ValidatingWebhookConfiguration")["webhooks"][0]
        expression = webhook["namespaceSelector"]["matchExpressions"][0]
        self.assertEqual(expression["key"], "kubernetes.io/metadata.name")
        self.assertEqual(expression["operator"], "NotIn")
        self.assertLessEqual({"kube-system", "gates"}, set(expression["values"]))
        self.assertEqual(webhook["clientConfig"]["caBundle"], CA)
        resources = {resource for rule in webhook["rules"] for resource in rule["resources"]}
        self.assertIn("pods/ephemeralcontainers", resources)
        self.assertNotIn("DELETE", {operation for rule in webhook["rules"] for operation in rule["operations"]})

    def test_pods_meet_the_restricted_standard(self):
        pod = one(rendered(*self.secret), "Deployment")["spec"]["template"]["spec"]
        container = pod["containers"][0]
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertEqual(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault")
        self.assertFalse(container["securityContext"]["allowPrivilegeEscalation"])
        self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
        self.assertEqual(container["securityContext"]["capabilities"]["drop"], ["ALL"])
        self.assertFalse(pod["automountServiceAccountToken"])
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            self.assertIn(probe, container)

    def test_cert_manager_makes_the_certificate_and_injects_its_authority(self):
        documents = rendered("--set", "certificate.source=certManager")
        certificate = one(documents, "Certificate")
        self.assertIn("gate-tegata.tegata-system.svc", certificate["spec"]["dnsNames"])
        webhook = one(documents, "ValidatingWebhookConfiguration")
        self.assertEqual(webhook["metadata"]["annotations"]["cert-manager.io/inject-ca-from"], "tegata-system/gate-tegata")

    def test_is_in_dry_run_until_told_otherwise(self):
        arguments = one(rendered(*self.secret), "Deployment")["spec"]["template"]["spec"]["containers"][0]["args"]
        self.assertIn("--dry-run", arguments)
        arguments = one(rendered(*self.secret, "--set", "dryRun=false"), "Deployment")["spec"]["template"]["spec"]["containers"][0]["args"]
        self.assertNotIn("--dry-run", arguments)

    def test_what_it_renders_starts_serve(self):
        key = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"], capture_output=True, text=True).stdout
        public = subprocess.run(["openssl", "ec", "-pubout"], input=key, capture_output=True, text=True).stdout
        policy = (ROOT / "charts/tegata/ci/signed.yaml").read_text()
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "ci.pub").write_text(public)
            (folder / "signed.yaml").write_text(policy)
            documents = rendered(*self.secret, "--set-file", f"keys.ci\\.pub={folder}/ci.pub", "--set-file",
                                 f"policies.signed\\.yaml={folder}/signed.yaml", "--set", "audit.toStdout=false", "--set-file",
                                 f"keys.trusted_root\\.json={ROOT}/tests/testdata/sigstore/mock/trusted_root.json", "--set",
                                 "trustedRoot=trusted_root.json")
            self.start_serve(folder, documents)

    def start_serve(self, folder, documents):
        """Lays out the volumes that the Deployment mounts, and runs its container's arguments there."""
        pod = one(documents, "Deployment")["spec"]["template"]["spec"]
        maps = {document["metadata"]["name"]: document.get("data") or {} for document in documents if document["kind"] == "ConfigMap"}
        for volume in pod["volumes"]:
            for source in volume.get("projected", {}).get("sources", []):
                data = maps[source["configMap"]["name"]]
                items = source["configMap"].get("items") or [{"key": key, "path": key} for key in data]
                for item in items:
                    path = folder / "etc/tegata/policies" / item["path"]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(data[item["key"]])
        (folder / "etc/tegata/tls").mkdir(parents=True)
        (folder / "var/lib/tegata").mkdir(parents=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "90",
                        "-subj", "/CN=gate", "-addext", "subjectAltName=DNS:gate-tegata.tegata-system.svc",
                        "-keyout", folder / "etc/tegata/tls/tls.key", "-out", folder / "etc/tegata/tls/tls.crt"], check=True, capture_output=True)
        metrics = free_port()
        arguments = [argument.replace("=/etc/", f"={folder}/etc/").replace("=/var/", f"={folder}/var/") for argument in pod["containers"][0]["args"]]
        arguments = [f"--listen=127.0.0.1:{free_port()}" if argument.startswith("--listen=") else argument for argument in arguments]
        arguments = [f"--metrics-listen=127.0.0.1:{metrics}" if argument.startswith("--metrics-listen=") else argument for argument in arguments]
        served = subprocess.Popen([TEGATA, *arguments], stderr=subprocess.PIPE, text=True)
        try:
            self.assertTrue(self.ready(served, metrics), f"never ready: {served.poll()} {served.stderr.read() if served.poll() is not None else ''}")
        finally:
            served.send_signal(signal.SIGTERM)
            _, errors = served.communicate(timeout=60)
        self.assertEqual(served.returncode, 0, errors)

    @staticmethod
    def ready(served, port):
        for _ in range(200):
            if served.poll() is not None:
                return False
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                    return answer.status == 200
            except OSError:
                time.sleep(0.05)
        return False


if __name__ == "__main__":
    if not HELM.exists():
        print("skipped: helm is not installed (scripts/bootstrap --test fetches it)")
        sys.exit(77)
    unittest.main(verbosity=2)
