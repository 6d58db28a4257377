# SPDX-License-Identifier: Apache-2.0
"""What the soak runs in: a registry on loopback that can fail, images, and `tegata serve` with the files around it."""
import asyncio
import base64
import contextlib
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
SIGNATURE = "application/vnd.dev.cosign.simplesigning.v1+json"


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, **more).stdout


def manifest_of(config, layers):
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(config), "size": len(config)}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers}).encode()


class Registry:
    """Manifests and blobs by path; everything else is 404. `mode`: up, down, slow, lying or limiting (429)."""

    def __init__(self, key):
        self.key, self.contents, self.mode, self.writers = key, {}, "up", set()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.port = 0
        self.listen()
        self.host = f"127.0.0.1:{self.port}"

    def listen(self):
        self.server = self.call(asyncio.start_server(self.serve, "127.0.0.1", self.port, backlog=1024))
        self.port = self.server.sockets[0].getsockname()[1]

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    async def close(self):
        self.server.close()
        for writer in list(self.writers):
            writer.transport.abort()

    def become(self, mode):
        if self.mode == "down":
            self.listen()
        self.mode = mode
        if mode == "down":
            self.call(self.close())

    def answer(self, path):
        if self.mode == "limiting":
            return 429, "text/plain", b""
        media_type, content = self.contents.get(path, (None, b""))
        if self.mode == "lying":
            if path.endswith(".sig"):  # the signature of another image
                media_type, content = next(value for name, value in self.contents.items() if name.endswith(".sig"))
            else:
                content = content[::-1]
        return (200 if media_type else 404), media_type or "text/plain", content

    async def serve(self, reader, writer):
        self.writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if self.mode == "slow":
                    await asyncio.sleep(6)
                status, media_type, content = self.answer(head.split(b" ", 2)[1].decode())
                writer.write(b"HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" %
                             (status, media_type.encode(), len(content)) + content)
                await writer.drain()
        self.writers.discard(writer)
        writer.close()

    def unsigned_image(self, name):
        manifest = manifest_of(name.encode(), [])
        self.contents[f"/v2/{name}/manifests/{digest_of(manifest)}"] = (MANIFEST, manifest)
        return f"{self.host}/{name}@{digest_of(manifest)}"

    def signed_image(self, name):
        image = self.unsigned_image(name)
        digest = image.split("@")[1]
        payload = json.dumps({"critical": {"identity": {"docker-reference": f"{self.host}/{name}"}, "image": {"docker-manifest-digest": digest},
                                           "type": "cosign container image signature"}, "optional": None}).encode()
        signature = base64.b64encode(openssl("dgst", "-sha256", "-sign", self.key, input=payload)).decode()
        layer = {"mediaType": SIGNATURE, "digest": digest_of(payload), "size": len(payload),
                 "annotations": {"dev.cosignproject.cosign/signature": signature}}
        self.contents[f"/v2/{name}/blobs/{digest_of(payload)}"] = ("application/octet-stream", payload)
        self.contents[f"/v2/{name}/manifests/{digest.replace(':', '-')}.sig"] = (MANIFEST, manifest_of(b"{}", [layer]))
        return image


def review(image, annotations=None):
    """A review's uid and bytes."""
    uid = os.urandom(12).hex()
    metadata = {"name": "p", "namespace": "default", "annotations": annotations or {}}
    return uid, json.dumps({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {"uid": uid, "kind": {"group": "", "version": "v1", "kind": "Pod"}, "name": "p", "namespace": "default",
                    "operation": "CREATE", "dryRun": False, "userInfo": {"username": "alice", "uid": "1", "groups": ["developers"]},
                    "object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [{"name": "c", "image": image}]}}}})


class Serve:
    """A running `tegata serve`. Every audit file that it has written is in `audit_files`."""

    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        for name in ("good", "tls"):
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.folder / f"{name}.key")
        openssl("pkey", "-in", self.folder / "good.key", "-pubout", "-out", self.folder / "good.pub")
        self.registry = Registry(self.folder / "good.key")
        self.audit, self.audit_files, self.from_pipe = self.folder / "audit.jsonl", [], []
        self.write_certificate("1")
        self.write_policy("first")
        command = [program, "serve", "--policy", self.folder / "policy.yaml", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
                   "--tls-cert-file", self.folder / "tls.crt", "--tls-private-key-file", self.folder / "tls.key", "--audit-log", self.audit,
                   "--drain-grace", "2s", "--insecure-plain-http", self.registry.host]
        self.log = open(self.folder / "serve.log", "wb")
        self.process = subprocess.Popen(list(map(str, command)), stderr=self.log, env={**os.environ, "HOME": str(self.folder)})
        self.port = int(self.wait_for_log(r'"message":"serving".*?"port":"?(\d+)|"port":"?(\d+).*?"message":"serving"'))

    def wait_for_log(self, pattern, since=0, seconds=10):
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            if found := re.search(pattern, (self.folder / "serve.log").read_text()[since:]):
                return next((group for group in found.groups() if group), "")
            time.sleep(0.02)
        raise SystemExit(f"soak: no {pattern} in the log of tegata serve:\n" + (self.folder / "serve.log").read_text()[-2000:])

    def write(self, name, text):
        """At once, as a Secret or ConfigMap changes."""
        (self.folder / f".{name}").write_text(text)
        (self.folder / f".{name}").rename(self.folder / name)

    def write_certificate(self, serial):
        openssl("req", "-x509", "-key", self.folder / "tls.key", "-subj", "/CN=localhost", "-days", "90", "-set_serial", serial,
                "-out", self.folder / "new.crt")
        (self.folder / "new.crt").rename(self.folder / "tls.crt")

    def write_policy(self, name, text=None):
        rule = {"name": name, "signature": {"anyOf": [{"key": {"file": str(self.folder / "good.pub")}}]}}
        self.write("policy.yaml", text or json.dumps({"apiVersion": "tegata.dev/v1alpha1", "kind": "DeploymentPolicy",
                                                      "metadata": {"name": "soak"}, "spec": {"rules": [rule]}}))

    def reload(self, pattern):
        """SIGHUP, and then a line of the log."""
        since = (self.folder / "serve.log").stat().st_size
        self.process.send_signal(signal.SIGHUP)
        self.wait_for_log(pattern, since)

    def move_audit_log(self):
        moved = self.folder / f"audit-{len(self.audit_files)}.jsonl"
        self.audit.rename(moved)
        self.audit_files.append(moved)

    def memory(self):
        """Resident MiB."""
        found = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found.group(1)) / 1024 if found else 0.0

    def records(self):
        """Every line of every audit file, in their order."""
        files = [*self.audit_files, self.audit]
        lines = [line for file in files for line in file.read_text().splitlines()]
        return [json.loads(line) for line in lines + b"".join(self.from_pipe).decode().splitlines()]
