#!/usr/bin/env python3
"""The chart, through the real helm: it lints, it renders what it promises, and what it renders starts
`tegata serve` with options that serve accepts.

Exit code 77: helm could not be had (ctest: skipped).
usage: chart_test.py TEGATA
"""
import base64
import contextlib
import json
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


def named(documents, kind):
    return {document["metadata"]["name"]: document for document in documents if document["kind"] == kind}


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

    def test_cert_manager_renews_the_certificate_under_one_authority(self):
        documents = rendered("--set", "certificate.source=certManager")
        certificates = named(documents, "Certificate")
        issuers = named(documents, "Issuer")
        served, authority = certificates["gate-tegata"]["spec"], certificates["gate-tegata-ca"]["spec"]
        self.assertIn("gate-tegata.tegata-system.svc", served["dnsNames"])
        self.assertEqual(issuers[served["issuerRef"]["name"]]["spec"], {"ca": {"secretName": authority["secretName"]}})
        self.assertNotEqual(served["secretName"], authority["secretName"])
        self.assertTrue(authority["isCA"])
        # Renewed with the same key: what the old root signed stays valid under the new one.
        self.assertEqual(authority["privateKey"]["rotationPolicy"], "Never")
        self.assertEqual(issuers[authority["issuerRef"]["name"]]["spec"], {"selfSigned": {}})
        webhook = one(documents, "ValidatingWebhookConfiguration")
        self.assertEqual(webhook["metadata"]["annotations"]["cert-manager.io/inject-ca-from"], "tegata-system/gate-tegata")

    def test_an_issuer_of_your_own_is_used_as_it_is(self):
        documents = rendered("--set", "certificate.source=certManager", "--set", "certificate.issuerRef.name=corporate",
                             "--set", "certificate.issuerRef.kind=ClusterIssuer")
        self.assertEqual(named(documents, "Issuer"), {})
        self.assertEqual(one(documents, "Certificate")["spec"]["issuerRef"], {"name": "corporate", "kind": "ClusterIssuer"})

    def test_roles_of_other_accounts_become_options(self):
        deployment = one(rendered(*self.secret, "--set-json", 'aws.roles=[{"arn": "arn:aws:iam::222233334444:role/r", "externalId": "x1"}, '
                                  '{"arn": "arn:aws:iam::555566667777:role/p/r"}]'), "Deployment")
        arguments = [word for word in deployment["spec"]["template"]["spec"]["containers"][0]["args"] if word.startswith("--aws")]
        self.assertEqual(arguments, ["--aws-role=arn:aws:iam::222233334444:role/r", "--aws-external-id=222233334444=x1",
                                     "--aws-role=arn:aws:iam::555566667777:role/p/r"])
        self.refused("--set", "aws.roles[0].arn=tegata")

    def refused(self, *settings):
        done = helm("template", "gate", ROOT / "charts/tegata", *self.secret, *settings)
        self.assertNotEqual(done.returncode, 0, settings)
        return done.stderr

    def test_refuses_a_policy_that_is_not_yaml(self):
        error = self.refused("--set-json", 'policies={"mine.yaml": "spec: [unfinished"}')
        self.assertIn("policies.mine.yaml cannot be read as YAML", error)
        error = self.refused("--set-json", 'policies={"mine.yaml": "spec: {}\\n---\\nspec: [unfinished"}')
        self.assertIn("policies.mine.yaml cannot be read as YAML", error)

    def test_refuses_a_key_that_is_named_and_not_given(self):
        policy = "--set-file", f"policies.signed\\.yaml={ROOT}/charts/tegata/ci/signed.yaml"
        self.assertIn("policies.signed.yaml names keys/ci.pub, but keys has no ci.pub", self.refused(*policy))
        self.assertIn("keys has no ci.pub", self.refused(*policy, "--set", "keys.other\\.pub=x"))
        for named_as in ("./keys/ci.pub", "keys/ci.pub"):
            second = json.dumps({"mine.yaml": "spec: {}\n--- # the second\nspec: {rules: [{trustedRoot: {logs: ['%s']}}]}" % named_as})
            self.assertIn("keys has no ci.pub", self.refused("--set-json", f"policies={second}"))
        # Only what a document says counts, and what is given is not refused.
        rendered(*self.secret, "--set-json", 'policies={"mine.yaml": "# keys/ci.pub\\nspec: {}"}')
        rendered(*self.secret, *policy, "--set", "keys.ci\\.pub=x")
        self.assertIn("trustedRoot names root.json", self.refused("--set", "trustedRoot=root.json"))

    def test_lints_the_policies_before_it_installs_or_upgrades(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            good = yaml.safe_load((ROOT / "charts/tegata/values.yaml").read_text())["policies"]["starter.yaml"]
            for name, text, code in (("good", good, 0), ("bad", good.replace("enforcement:", "enforcment:"), 64)):
                documents = rendered(*self.secret, "--set-json", "policies=" + json.dumps({"starter.yaml": None, f"{name}.yaml": text}))
                job = one(documents, "Job")
                self.assertEqual(job["metadata"]["annotations"]["helm.sh/hook"], "pre-install,pre-upgrade")
                pod = job["spec"]["template"]["spec"]
                self.lay_out(folder / name, documents, pod)
                arguments = [argument.replace("/etc/", f"{folder / name}/etc/") for argument in pod["containers"][0]["args"]]
                done = subprocess.run([TEGATA, *arguments], capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                hooks = {name for name, map in named(documents, "ConfigMap").items() if "helm.sh/hook" in map["metadata"].get("annotations", {})}
                self.assertEqual(hooks, {source["configMap"]["name"] for source in pod["volumes"][0]["projected"]["sources"]} | {"gate-tegata-keys-lint"})
        self.assertEqual(named(rendered(*self.secret, "--set", "lint=false"), "Job"), {})

    def test_is_in_dry_run_until_told_otherwise(self):
        arguments = one(rendered(*self.secret), "Deployment")["spec"]["template"]["spec"]["containers"][0]["args"]
        self.assertIn("--dry-run", arguments)
        arguments = one(rendered(*self.secret, "--set", "dryRun=false"), "Deployment")["spec"]["template"]["spec"]["containers"][0]["args"]
        self.assertNotIn("--dry-run", arguments)

    def test_a_client_certificate_is_required_where_a_ca_and_names_are_given(self):
        pod = one(rendered(*self.secret), "Deployment")["spec"]["template"]["spec"]
        self.assertFalse([argument for argument in pod["containers"][0]["args"] if "client" in argument])
        self.assertNotIn("client-ca", [volume["name"] for volume in pod["volumes"]])
        names = "--set-json", 'clientAuth.names=["kube-apiserver", "api.example.com"]'
        for source, expected in (("caConfigMap", {"configMap": {"name": "callers"}}), ("caSecret", {"secret": {"secretName": "callers"}})):
            documents = rendered(*self.secret, *names, "--set", f"clientAuth.{source}=callers", "--set", "clientAuth.caKey=root.pem")
            pod = one(documents, "Deployment")["spec"]["template"]["spec"]
            container = pod["containers"][0]
            self.assertEqual([argument for argument in container["args"] if "client" in argument],
                             ["--client-ca-file=/etc/tegata/client-ca/ca.crt", "--client-name=kube-apiserver", "--client-name=api.example.com"])
            self.assertIn({"name": "client-ca", "mountPath": "/etc/tegata/client-ca", "readOnly": True}, container["volumeMounts"])
            volume, = [volume for volume in pod["volumes"] if volume["name"] == "client-ca"]
            (kind, place), = expected.items()
            self.assertEqual(volume, {"name": "client-ca", kind: {**place, "items": [{"key": "root.pem", "path": "ca.crt"}]}})

    def test_refuses_half_of_what_a_client_certificate_needs(self):
        self.assertIn("clientAuth.names requires caConfigMap or caSecret", self.refused("--set", "clientAuth.names={kube-apiserver}"))
        self.assertIn("clientAuth: a CA requires names", self.refused("--set", "clientAuth.caSecret=callers"))
        both = "--set", "clientAuth.names={kube-apiserver}", "--set", "clientAuth.caSecret=callers", "--set", "clientAuth.caConfigMap=callers"
        self.assertIn("not both", self.refused(*both))
        self.refused("--set", "clientAuth.names=kube-apiserver")  # not a list
        self.refused("--set", "clientAuth.name=kube-apiserver")

    def test_what_it_renders_starts_serve(self):
        key = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"], capture_output=True, text=True).stdout
        public = subprocess.run(["openssl", "ec", "-pubout"], input=key, capture_output=True, text=True).stdout
        policy = (ROOT / "charts/tegata/ci/signed.yaml").read_text()
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "ci.pub").write_text(public)
            (folder / "signed.yaml").write_text(policy)
            documents = rendered(*self.secret, "--set-file", f"keys.ci\\.pub={folder}/ci.pub", "--set-file",
                                 f"policies.signed\\.yaml={folder}/signed.yaml", "--set", "audit.toStdout=false",
                                 "--set", "audit.existingClaim=records", "--set-file",
                                 f"keys.trusted_root\\.json={ROOT}/tests/testdata/sigstore/mock/trusted_root.json", "--set",
                                 "trustedRoot=trusted_root.json", "--set", "clientAuth.names={kube-apiserver}", "--set",
                                 "clientAuth.caSecret=callers")
            pod = one(documents, "Deployment")["spec"]["template"]["spec"]
            self.assertEqual(one(documents, "Deployment")["spec"]["replicas"], 2)
            self.lay_out(folder, documents, pod)
            # Two replicas, and the first of the next version while they run, on one claim.
            with contextlib.ExitStack() as replicas:
                for name in ("gate-1-a", "gate-1-b", "gate-2-a"):
                    replicas.enter_context(self.serving(folder, pod, name))
                self.assertEqual({file.name for file in folder.glob("var/lib/tegata/audit*")},
                                 {"audit-gate-1-a.jsonl", "audit-gate-1-b.jsonl", "audit-gate-2-a.jsonl"})

    @staticmethod
    def lay_out(folder, documents, pod):
        """The volumes that a Pod mounts, below a folder."""
        maps = {name: document.get("data") or {} for name, document in named(documents, "ConfigMap").items()}
        for volume in pod["volumes"]:
            for source in volume.get("projected", {}).get("sources", []):
                data = maps[source["configMap"]["name"]]
                items = source["configMap"].get("items") or [{"key": key, "path": key} for key in data]
                for item in items:
                    path = folder / "etc/tegata/policies" / item["path"]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(data[item["key"]])
        (folder / "etc/tegata/tls").mkdir(parents=True)
        (folder / "etc/tegata/client-ca").mkdir(parents=True)
        (folder / "var/lib/tegata").mkdir(parents=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "90",
                        "-subj", "/CN=gate", "-addext", "subjectAltName=DNS:gate-tegata.tegata-system.svc",
                        "-keyout", folder / "etc/tegata/tls/tls.key", "-out", folder / "etc/tegata/tls/tls.crt"], check=True, capture_output=True)
        (folder / "etc/tegata/client-ca/ca.crt").write_bytes((folder / "etc/tegata/tls/tls.crt").read_bytes())

    @contextlib.contextmanager
    def serving(self, folder, pod, name):
        """Runs a Pod's container as the kubelet would start it: with $(POD_NAME) expanded from its environment."""
        container = pod["containers"][0]
        by_field = {variable["name"]: variable["valueFrom"]["fieldRef"]["fieldPath"] for variable in container["env"] if "valueFrom" in variable}
        self.assertEqual(by_field["POD_NAME"], "metadata.name")
        metrics = free_port()
        own = {"--listen": f"127.0.0.1:{free_port()}", "--metrics-listen": f"127.0.0.1:{metrics}"}
        arguments = []
        for argument in container["args"]:
            option, _, value = argument.replace("=/etc/", f"={folder}/etc/").replace("=/var/", f"={folder}/var/").partition("=")
            value = own.get(option, value).replace("$(POD_NAME)", name)
            arguments.append(f"{option}={value}" if value else option)
        served = subprocess.Popen([TEGATA, *arguments], stderr=subprocess.PIPE, text=True)
        try:
            self.assertTrue(self.ready(served, metrics), f"never ready: {served.poll()} {served.stderr.read() if served.poll() is not None else ''}")
            yield
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
