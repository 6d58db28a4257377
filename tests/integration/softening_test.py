#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `onUnknown: warn` lets pass: an image whose registry fails, and nothing that people who deploy or push can bring about.

usage: softening_test.py TEGATA [--report]    --report: prints the CPU seconds and requests of each attack
"""
import asyncio
import base64
import collections
import contextlib
import hashlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
SIGNATURE = "application/vnd.dev.cosign.simplesigning.v1+json"
ENVELOPE = "application/vnd.dsse.envelope.v1+json"
PREDICATE = "https://slsa.dev/provenance/v1"
KEYS = Path(__file__).parent.parent / "testdata" / "sigstore" / "keys"
REPORT = False


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, **more).stdout


class Registry:
    """Manifests and blobs by path, each answered after `delay`; everything else is 404. `status` answers all requests with it,
    `limit` with `refusal` after so many, `rate` with it above so many in a second; `hangs`: no answer; `serial`: one answer after
    the other; `head`: this and the end of the connection."""

    def __init__(self, delay=0.0, status=None, limit=None, rate=None, refusal=429, hangs=False, serial=False, head=b""):
        self.delay, self.status, self.limit, self.rate, self.refusal, self.hangs = delay, status, limit, rate, refusal, hangs
        self.lock = asyncio.Lock() if serial else contextlib.nullcontext()
        self.times, self.head = collections.deque(), head
        self.contents, self.requests = {}, 0
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1024))
        self.host = "127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                media_type, content = self.contents.get(head.split(b" ", 2)[1].decode(), (None, b""))
                status = 200 if media_type else 404
                status = self.status or status
                if self.head:
                    writer.write(self.head)
                    return writer.close()
                if self.refuses():
                    status = self.refusal
                async with self.lock:
                    await asyncio.sleep(3600 if self.hangs else self.delay)
                content = content if status == 200 else b""
                writer.write(b"HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" %
                             (status, (media_type or "text/plain").encode(), len(content)) + content)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def refuses(self):
        if self.rate is not None:
            now = time.monotonic()
            while self.times and self.times[0] < now - 1:
                self.times.popleft()
            if len(self.times) >= self.rate:
                return True
            self.times.append(now)
        return self.limit is not None and self.requests > self.limit

    def image(self, name):
        config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(name.encode()), "size": 2}
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": [], "config": config}).encode()
        self.contents[f"/v2/{name}/manifests/{digest_of(manifest)}"] = (MANIFEST, manifest)
        return f"{self.host}/{name}@{digest_of(manifest)}"

    def add_layers(self, image, suffix, media_type, layers):
        """`layers`: of the content and the annotations."""
        name, digest = image.removeprefix(self.host + "/").split("@")
        listed = []
        for content, annotations in layers:
            self.contents[f"/v2/{name}/blobs/{digest_of(content)}"] = ("application/octet-stream", content)
            listed.append({"mediaType": media_type, "digest": digest_of(content), "size": len(content),
                           "annotations": annotations})
        config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(b"{}"), "size": 2}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "layers": listed, "config": config}
        tag = digest.replace(":", "-") + suffix
        self.contents[f"/v2/{name}/manifests/{tag}"] = (MANIFEST, json.dumps(manifest).encode())


def make_certificate(folder, *names):
    """tls.crt and tls.key, self-signed."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-days", "2",
            "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in ("localhost", *names)),
            "-keyout", folder / "tls.key", "-out", folder / "tls.crt")


def payload_of(image, number):
    return json.dumps({"critical": {"identity": {"docker-reference": str(number)},
                                    "image": {"docker-manifest-digest": image.split("@")[1]},
                                    "type": "cosign container image signature"}, "optional": None}).encode()


def junk_envelope(image, number, signature):
    statement = json.dumps({"_type": "https://in-toto.io/Statement/v1", "predicateType": PREDICATE, "predicate": {"n": number},
                            "subject": [{"digest": {"sha256": image.split("@sha256:")[1]}}]}).encode()
    return json.dumps({"payload": base64.b64encode(statement).decode(), "payloadType": "application/vnd.in-toto+json",
                       "signatures": [{"sig": signature}] * 32}).encode()


def review(images):
    containers = [{"name": f"c{i}", "image": image} for i, image in enumerate(images)]
    return json.dumps({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {"uid": os.urandom(8).hex(), "kind": {"group": "", "version": "v1", "kind": "Pod"},
                    "resource": {"group": "", "version": "v1", "resource": "pods"}, "name": "p", "namespace": "default",
                    "operation": "CREATE", "dryRun": False, "options": None, "oldObject": None,
                    "userInfo": {"username": "mallory", "uid": "1", "groups": ["system:authenticated"]},
                    "object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "default"},
                               "spec": {"containers": containers}}}})


class Serve:
    def __init__(self, folder, hosts, rule, more=()):
        (folder / "policy.yaml").write_text(json.dumps(
            {"apiVersion": "tegata.dev/v1alpha1", "kind": "DeploymentPolicy", "metadata": {"name": "p"},
             "spec": {"onUnknown": "warn", "rules": [rule]}}))
        plain = [word for host in hosts for word in ("--insecure-plain-http", host)]
        self.process = subprocess.Popen(
            [Softening.program, "serve", "--policy", folder / "policy.yaml", "--listen", "127.0.0.1:0", "--metrics-listen",
             "127.0.0.1:0", "--tls-cert-file", folder / "tls.crt", "--tls-private-key-file", folder / "tls.key",
             "--audit-log", folder / f"{os.urandom(4).hex()}.jsonl", "--drain-grace", "100ms", *plain, *more],
            stderr=subprocess.PIPE, text=True, env={**os.environ, "HOME": str(folder)})
        log = ""
        for line in self.process.stderr:
            log += line
            if '"serving"' in line:
                self.port = json.loads(line)["port"]
                break
        else:
            raise AssertionError(log)
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def ask(self, images, timeout=10, patience=60):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=ssl._create_unverified_context(), timeout=patience)
        try:
            connection.request("POST", f"/validate?timeout={timeout}s", review(images), {"Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())["response"]
        finally:
            connection.close()

    def cpu(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Softening(unittest.TestCase):
    program = ""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="tegata-softening-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        for name, curve in (("tls", "P-256"), ("good", "P-256"), ("p384", "P-384")):
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-out", cls.folder / f"{name}.key")
            openssl("pkey", "-in", cls.folder / f"{name}.key", "-pubout", "-out", cls.folder / f"{name}.pub")
        openssl("req", "-x509", "-key", cls.folder / "tls.key", "-subj", "/CN=localhost", "-days", "90", "-out",
                cls.folder / "tls.crt")
        cls.junk = base64.b64encode(openssl("dgst", "-sha384", "-sign", cls.folder / "p384.key", input=b"other")).decode()

    def serve(self, *registries, rule=None, more=()):
        serve = Serve(self.folder, [getattr(each, "host", each) for each in registries], rule or self.signed("good"), more)
        self.addCleanup(serve.process.stderr.close)
        self.addCleanup(serve.process.wait)
        self.addCleanup(serve.process.kill)
        return serve

    def signed(self, key, kind="signature", **more):
        return {"name": "signed", kind: {"anyOf": [{"key": {"file": str(self.folder / f"{key}.pub")}}], **more}}

    def assert_denied(self, answer, reason):
        self.assertFalse(answer["allowed"], answer)
        self.assertIn(reason, answer["status"]["message"])

    def report(self, what, serve, registry, began):
        if REPORT:
            print(f"{what}: {serve.cpu():.1f} s of CPU, {registry.requests} requests, {time.monotonic() - began:.1f} s",
                  flush=True)

    # An honest outage is softened, for one image and for a Pod of 8.

    def assert_softened(self, registry, timeout=10):
        host = getattr(registry, "host", registry)
        for count in (1, 8):
            serve = self.serve(registry)
            answer = serve.ask([f"{host}/app{i}@{digest_of(bytes([i]))}" for i in range(count)], timeout)
            self.assertTrue(answer["allowed"], answer)
            self.assertEqual(len(answer["warnings"]) > 0, True, answer)
            serve.process.kill()

    def test_connection_refused(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.assert_softened(f"127.0.0.1:{port}")

    def test_hangs(self):
        self.assert_softened(Registry(hangs=True))

    def test_hangs_within_the_least_budget(self):
        registry = Registry(hangs=True)
        answer = self.serve(registry).ask([f"{registry.host}/app@{digest_of(b'0')}"], timeout=5)
        self.assertTrue(answer["allowed"], answer)

    def test_statuses(self):
        for status in (401, 403, 429, 500, 503):
            with self.subTest(status):
                self.assert_softened(Registry(status=status))

    def test_that_fails_for_all(self):
        registry = Registry(status=503)
        serve = self.serve(registry)
        serve.ask([f"{registry.host}/app{i}@{digest_of(bytes([i]))}" for i in range(200)])
        answer = serve.ask([f"{registry.host}/app@{digest_of(b'0')}"])
        self.assertTrue(answer["allowed"], answer)

    def test_host_without_a_name(self):
        answer = self.serve().ask([f"no.such.invalid/app@{digest_of(b'0')}"])
        self.assertTrue(answer["allowed"], answer)

    # Overload is not.

    def test_flood_of_random_digests(self):
        registry = Registry(delay=0.05)
        unsigned = registry.image("unsigned")
        serve = self.serve(registry)
        began = time.monotonic()
        flood = [threading.Thread(target=serve.ask, args=([f"{registry.host}/f{n}@{digest_of(os.urandom(8))}"
                                                           for _ in range(512)],)) for n in range(4)]
        for thread in flood:
            thread.start()
        time.sleep(0.5)
        answers = [serve.ask([unsigned])]
        for thread in flood:
            thread.join()
        answers.append(serve.ask([unsigned]))
        self.report("flood", serve, registry, began)
        for answer in answers:
            self.assertFalse(answer["allowed"], answer)

    def flood(self, serve, host):
        """A Pod of 512 random digests; it is not awaited."""
        random = [f"{host}/f{n}@{digest_of(os.urandom(8))}" for n in range(512)]
        thread = threading.Thread(target=serve.ask, args=(random,))
        thread.start()
        self.addCleanup(thread.join)

    def test_flood_of_a_registry_that_answers_one_at_a_time(self):
        for delay in (0.2, 0.3):
            with self.subTest(delay):
                registry = Registry(delay=delay, serial=True)
                unsigned = registry.image("unsigned")
                serve = self.serve(registry)
                self.flood(serve, registry.host)
                for pause in (3, 5):  # the second one is answered after the flood
                    time.sleep(pause)
                    answer = serve.ask([unsigned])
                    self.assertFalse(answer["allowed"], answer)

    def test_flood_of_a_registry_that_limits_its_rate(self):
        for refusal in (403, 429, 500, 503):
            with self.subTest(refusal):
                registry = Registry(delay=0.01, rate=20, refusal=refusal)
                unsigned = registry.image("unsigned")
                serve = self.serve(registry)
                self.flood(serve, registry.host)
                time.sleep(1.5)
                for _ in range(5):
                    answer = serve.ask([unsigned])
                    self.assertFalse(answer["allowed"], answer)

    def test_flood_by_another_name_of_the_registry(self):
        registry = Registry(delay=0.01, rate=20, refusal=503)
        unsigned = registry.image("unsigned")
        alias = registry.host.replace("127.0.0.1", "localhost")
        serve = self.serve(registry, alias)
        self.flood(serve, alias)
        time.sleep(1.5)
        for _ in range(5):
            answer = serve.ask([unsigned])
            self.assertFalse(answer["allowed"], answer)

    def test_refused_addresses(self):
        serve = self.serve()
        for host in ("localhost:1", "127.0.0.1:1", "169.254.169.254", "[::1]:1"):
            self.assert_denied(serve.ask([f"{host}/app@{digest_of(b'0')}"]), "RegistryUnreachable")

    def test_heads_that_end_early_are_no_answers(self):
        for head in (b"HTTP/1.1 404 Not Found\r\n", b"HTTP/1.1 404 Not F", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n"):
            with self.subTest(head):
                answer = self.serve(registry := Registry(head=head)).ask([f"{registry.host}/app@{digest_of(b'0')}"])
                self.assertTrue(answer["allowed"], answer)
                self.assertIn("RegistryUnreachable", answer["warnings"][0])

    def test_junk_layers_and_refusals(self):
        for limit, refusal in ((10, 429), (100, 429), (500, 429), (10, 503), (100, 503), (500, 403)):
            with self.subTest(limit=limit, refusal=refusal):
                registry = Registry(limit=limit, refusal=refusal)
                image = registry.image("junk")
                registry.add_layers(image, ".sig", SIGNATURE, [(payload_of(image, n), {}) for n in range(900)])
                serve = self.serve(registry)
                began = time.monotonic()
                answer = serve.ask([image])
                self.report(f"900 layers, {refusal} after {limit}", serve, registry, began)
                self.assert_denied(answer, "RegistryRateLimited")
                self.assertLessEqual(registry.requests, 1250)

    def test_attestations_under_a_slow_key(self):
        registry = Registry()
        image = registry.image("junk")
        registry.add_layers(image, ".att", ENVELOPE, [(junk_envelope(image, n, self.junk), {}) for n in range(600)])
        serve = self.serve(registry, rule=self.signed("p384", "attestation", type=PREDICATE))
        began = time.monotonic()
        answer = serve.ask([image], timeout=30)
        self.report("600 layers of 32 signatures", serve, registry, began)
        self.assert_denied(answer, "TooManyCandidates")

    def test_layers_under_a_slow_key(self):
        registry = Registry()
        image = registry.image("junk")
        registry.add_layers(image, ".sig", SIGNATURE, [
            (payload_of(image, n), {"dev.cosignproject.cosign/signature": self.junk}) for n in range(1000)])
        serve = self.serve(registry, rule=self.signed("p384"))
        began = time.monotonic()
        answer = serve.ask([image], timeout=30)
        self.report("1,000 layers under P-384", serve, registry, began)
        self.assert_denied(answer, "TooManyCandidates")

    def test_images_of_layers_under_a_certificate_rule(self):
        registry = Registry()
        leaf, chain = (KEYS / "byo-leaf.crt").read_text(), (KEYS / "byo-chain.pem").read_text()
        images = []
        for i in range(24):
            images.append(registry.image(f"junk{i}"))
            signature = base64.b64encode(openssl("dgst", "-sha256", "-sign", KEYS / "byo-leaf.pem",
                                                 input=payload_of(images[-1], 0))).decode()
            annotations = {"dev.cosignproject.cosign/signature": signature, "dev.sigstore.cosign/certificate": leaf,
                           "dev.sigstore.cosign/chain": chain}
            registry.add_layers(images[-1], ".sig", SIGNATURE, [(payload_of(images[-1], 0), annotations)] * 1000)
        (self.folder / "chain.pem").write_text(chain)
        rule = {"name": "signed", "signature": {"anyOf": [{"certificate": {
            "issuer": "", "subject": "other@example.org", "roots": [str(self.folder / "chain.pem")]}}]}}
        serve = self.serve(registry, rule=rule)
        began = time.monotonic()
        answer = serve.ask(images)
        self.report("24 images of 1,000 layers", serve, registry, began)
        self.assertFalse(answer["allowed"], answer)


if __name__ == "__main__":
    REPORT = "--report" in sys.argv
    Softening.program = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
