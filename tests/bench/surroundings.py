# SPDX-License-Identifier: Apache-2.0
"""What the benches are run in: a registry of recorded images, `tegata serve` before it, and reviews for it."""
import contextlib
import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/testdata"

POLICY = """
apiVersion: tegata.dev/v1alpha1
kind: DeploymentPolicy
metadata: {{name: production}}
spec:
  rules:
    - {{name: our-registries, allowedRegistries: ["{registry}/**"]}}
    - {{name: no-latest, tag: {{pattern: "^v[0-9]+$", digestOnly: allow}}}}
    - {{name: signed, signature: {{anyOf: [{{key: {{file: "{keys}/p256.pub"}}}}]}}}}
"""


@contextlib.contextmanager
def started(arguments, **more):
    """A process that is told to end with the block."""
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


@contextlib.contextmanager
def registry(build):
    """The address of a server of every recorded case."""
    server = build / "tests/support/layout_server"
    with started([server, "--cases", DATA / "sigstore/cases"], stdout=subprocess.PIPE) as process:
        yield f"127.0.0.1:{process.stdout.readline().strip()}"


def image(address, case, named="digest"):
    recorded = json.loads((DATA / "sigstore/cases" / case / "case.json").read_text())
    name = f"{address}/{recorded['repository'].split('/', 1)[1]}"
    return f"{name}:v1" if named == "tag" else f"{name}@{recorded['image_digest']}"


class Serve:
    """A running `tegata serve` with the files around it."""

    def __init__(self, build, address, *options, audit_log=None):
        self.build, self.address, self.options, self.audit_log = build, address, options, audit_log
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="tegata-bench-")))
        self.policy = self.folder / "policy.yaml"
        self.policy.write_text(POLICY.format(registry=self.address, keys=DATA / "sigstore/keys"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", self.folder / "tls.key",
                        "-out", self.folder / "tls.crt"], check=True, capture_output=True)
        arguments = [self.build / "tegata", "serve", "--policy", self.policy, "--listen", "127.0.0.1:0", "--metrics-listen",
                     "127.0.0.1:0", "--tls-cert-file", self.folder / "tls.crt", "--tls-private-key-file", self.folder / "tls.key",
                     "--audit-log", self.audit_log or self.folder / "audit.jsonl", "--insecure-plain-http", self.address, "--drain-grace", "0s",
                     *self.options]
        self.log = open(self.folder / "serve.log", "w+b")
        began = time.monotonic()
        self.process = self.stack.enter_context(started(arguments, stderr=self.log))
        self.pids = [self.process.pid]
        self.port = self.wait_until_serving()
        self.started_milliseconds = (time.monotonic() - began) * 1000
        return self

    def __exit__(self, *error):
        return self.stack.__exit__(*error)

    def wait_until_serving(self):
        while self.process.poll() is None:
            for line in (self.folder / "serve.log").read_text().splitlines():
                with contextlib.suppress(ValueError):
                    told = json.loads(line)
                    if told.get("message") == "serving":
                        return int(told["port"])
            time.sleep(0.001)
        raise SystemExit("tegata serve ended: " + (self.folder / "serve.log").read_text())

    def write(self, name, review):
        path = self.folder / name
        path.write_text(json.dumps(review, separators=(",", ":")))
        return path

    def load(self, targets, connections, rounds, requests):
        return load(self, targets, connections, rounds, requests)

    def memory(self):
        """Peak and present resident memory in MiB."""
        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines())
        return tuple(int(status[name].split()[0]) / 1024 for name in ("VmHWM", "VmRSS"))


def load(server, targets, connections, rounds, requests, milliseconds=0):
    """What https_load saw of these targets (name, path, body file) at a server with a port and pids, by name."""
    command = [server.build / "tests/bench/https_load", "--port", server.port, "--connections", connections, "--rounds", rounds,
               "--requests", requests, "--milliseconds", milliseconds]
    for pid in server.pids:
        command += ["--pid", pid]
    for name, path, *body in targets:
        command += ["--target", ",".join([name, path, *map(str, body)])]
    done = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True)
    return {seen["name"]: seen for seen in json.loads(done.stdout)}


def free_port():
    """One that no program listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def deployment(images, padding=0):
    """A recorded review of a Deployment, with these images and an annotation of `padding` bytes."""
    review = json.loads((DATA / "admission-reviews/deploy1-create.02.validate.json").read_text())
    pod = review["request"]["object"]["spec"]["template"]["spec"]
    pod["containers"] = [{"name": f"c{n}", "image": one} for n, one in enumerate(images)]
    pod.pop("initContainers", None)
    pod.pop("volumes", None)
    if padding:
        review["request"]["object"]["metadata"].setdefault("annotations", {})["padding"] = "x" * padding
    return review


def images_in(value, found):
    """Every object that holds an image string, in the order of the document."""
    if isinstance(value, dict):
        if isinstance(value.get("image"), str):
            found.append(value)
        for child in value.values():
            images_in(child, found)
    elif isinstance(value, list):
        for child in value:
            images_in(child, found)
    return found


def recorded_reviews(images):
    """Every recorded validation whose object names images, with these images in turn."""
    turn = 0
    for path in sorted((DATA / "admission-reviews").glob("*.validate.json")):
        review = json.loads(path.read_text())
        places = images_in((review["request"].get("object") or {}).get("spec"), [])
        if not places:
            continue
        for place in places:
            place["image"] = images[turn % len(images)]
            turn += 1
        yield path.name, review
