# SPDX-License-Identifier: Apache-2.0
"""Images pushed to a docker-registry, and `tegata` asked about them. Skips where there is no docker-registry."""
import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "sigstore_cases"))
import docker_registry_cases  # noqa: E402

DATA = HERE.parent / "testdata"
TEGATA = os.path.abspath(sys.argv.pop(1))
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("TEGATA_")}
MANIFEST, INDEX = "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
POLICY = """
apiVersion: tegata.dev/v1alpha1
kind: DeploymentPolicy
metadata: {{name: production}}
spec:
  rules:
{0}"""
POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: prod}}
spec: {{containers: [{{name: web, image: "{0}"}}]}}
"""


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PushedImages(unittest.TestCase):
    """One registry for all tests of a class; every test has a folder with `policy.yaml`."""

    @classmethod
    def setUpClass(cls):
        program = shutil.which("docker-registry")
        if program is None:
            raise unittest.SkipTest("docker-registry is not installed")
        cls.registry_folder = tempfile.TemporaryDirectory()
        cls.process, cls.port = docker_registry_cases.start_registry(program, pathlib.Path(cls.registry_folder.name))
        cls.registry = docker_registry_cases.Registry(cls.port)
        cls.host = f"127.0.0.1:{cls.port}"
        cls.pushed = {}

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait()
        cls.registry_folder.cleanup()

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def policy(self, *rules):
        (self.folder / "policy.yaml").write_text(POLICY.format("".join(f"    - {rule}\n" for rule in rules)))

    def name(self, reference):
        return f"{self.host}/shop/api{reference}"

    def push(self, document):
        content = json.dumps(document).encode()
        self.registry.push_manifest("shop/api", digest_of(content), content)
        self.pushed[digest_of(content)] = content
        return {"mediaType": document["mediaType"], "digest": digest_of(content), "size": len(content)}

    def image(self, config=None, annotations=None):
        content = json.dumps(config or {}).encode()
        self.registry.push_blob("shop/api", digest_of(content), content)
        return self.push({"schemaVersion": 2, "mediaType": MANIFEST, "layers": [], "annotations": annotations or {},
                          "config": {"mediaType": CONFIG, "digest": digest_of(content), "size": len(content)}})

    def index(self, **images):
        return self.push({"schemaVersion": 2, "mediaType": INDEX, "manifests": [
            {**descriptor, "platform": {"os": "linux", "architecture": name}} for name, descriptor in images.items()]})

    def tag(self, name, descriptor):
        self.registry.push_manifest("shop/api", name, self.pushed[descriptor["digest"]])

    def run_tegata(self, *arguments, code):
        done = subprocess.run([TEGATA, *map(str, arguments)], capture_output=True, text=True, timeout=120, cwd=self.folder,
                              env=ENVIRONMENT)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def check(self, reference, code, *options):
        """The decision about a Pod, which is that about a task definition too."""
        image = self.name(reference)
        (self.folder / "pod.yaml").write_text(POD.format(image))
        (self.folder / "task.json").write_text(json.dumps({
            "family": "web", "containerDefinitions": [{"name": "web", "image": image, "essential": True}]}))
        output, _ = self.run_tegata("check", "--policy", "policy.yaml", "-f", "pod.yaml", "-f", "task.json", "-o", "json",
                                    "--insecure-plain-http", self.host, *options, code=code)
        pod, task = json.loads(output)["items"]
        self.assertEqual((pod["decision"], pod["reasons"], [finding["found"] for finding in pod["findings"]]),
                         (task["decision"], task["reasons"], [finding["found"] for finding in task["findings"]]))
        return pod

    @contextlib.contextmanager
    def serve(self, *options):
        """`tegata serve` with policy.yaml; gives a function that sends a Pod and tells whether it was allowed."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", self.folder / "tls.key",
                        "-out", self.folder / "tls.crt"], check=True, capture_output=True)
        port, metrics = free_port(), free_port()
        arguments = [TEGATA, "serve", "--policy", "policy.yaml", "--listen", f"127.0.0.1:{port}", "--metrics-listen",
                     f"127.0.0.1:{metrics}", "--tls-cert-file", "tls.crt", "--tls-private-key-file", "tls.key", "--audit-log",
                     "audit.jsonl", "--insecure-plain-http", self.host, "--drain-grace", "0s", *options]
        review = json.loads(sorted((DATA / "admission-reviews").glob("deploy1-create.*.validate.json"))[0].read_text())
        trust = ssl.create_default_context(cafile=self.folder / "tls.crt")

        def ask(reference):
            pod = review["request"]["object"]["spec"]["template"]["spec"]
            for container in pod["containers"] + pod.get("initContainers", []):
                container["image"] = self.name(reference)
            request = urllib.request.Request(f"https://localhost:{port}/validate?timeout=10s", json.dumps(review).encode(),
                                             {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
                return json.load(answer)["response"]

        with open(self.folder / "serve.log", "w") as log, subprocess.Popen(arguments, cwd=self.folder, env=ENVIRONMENT,
                                                                           stderr=log) as process:
            try:
                self.wait_until_ready(metrics, process)
                yield ask
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(30)

    def wait_until_ready(self, port, process):
        for _ in range(600):
            self.assertIsNone(process.poll(), "tegata serve ended")
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        self.fail("tegata serve was never ready")

    def records(self):
        """Everything that was recorded and logged, as text."""
        return (self.folder / "audit.jsonl").read_text() + (self.folder / "serve.log").read_text()

    def replay(self, code):
        output, _ = self.run_tegata("replay", "--policy", "policy.yaml", "-o", "json", "audit.jsonl", code=code)
        return json.loads(output)


def main():
    if shutil.which("docker-registry") is None:
        print("docker-registry is not installed")
        sys.exit(77)
    unittest.main()
