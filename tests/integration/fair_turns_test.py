#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Good images are checked while another user has Tegata look up as many images as it may, and while junk is verified;
SIGTERM ends a check that is under way. The registry answers each request after 50 ms.

usage: fair_turns_test.py TEGATA [--report]    --report: prints how many good images were allowed, and their latency
"""
import argparse
import asyncio
import base64
import hashlib
import http.client
import json
import os
import signal
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
DELAY = 0.05
GOOD_IMAGES = 12
SHUTDOWN = 5  # seconds after the drain time


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Registry:
    """Manifests and blobs by path, each answered after DELAY; everything else is 404. Nothing below `silent` is answered."""

    def __init__(self):
        self.contents = {}
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1024))
        self.host = "127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                await asyncio.sleep(3600 if path.startswith("/v2/silent") else DELAY)
                media_type, content = self.contents.get(path, (None, b""))
                status = b"200 OK" if media_type else b"404 Not Found"
                writer.write(b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" %
                             (status, (media_type or "text/plain").encode(), len(content)) + content)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def add_manifest(self, repository, content, tag=None):
        self.contents[f"/v2/{repository}/manifests/{tag or digest_of(content)}"] = (MANIFEST, content)

    def add_layers(self, repository, image, suffix, media_type, layers):
        """`layers`: of the content and the annotations."""
        listed = []
        for content, annotations in layers:
            self.contents[f"/v2/{repository}/blobs/{digest_of(content)}"] = ("application/octet-stream", content)
            listed.append({"mediaType": media_type, "digest": digest_of(content), "size": len(content),
                           "annotations": annotations})
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "layers": listed,
                    "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(b"{}"), "size": 2}}
        self.add_manifest(repository, json.dumps(manifest).encode(), image.replace(":", "-") + suffix)

    def image(self, repository):
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": [],
                               "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                                          "digest": digest_of(repository.encode()), "size": 2}}).encode()
        self.add_manifest(repository, manifest)
        return digest_of(manifest)


class HangingHosts:
    """Servers at so many loopback addresses that accept connections and never answer."""

    def __init__(self, count):
        self.sockets = []
        for i in range(count):
            self.sockets.append(socket.create_server((f"127.0.1.{i + 1}", 0), backlog=64))
        self.names = ["%s:%d" % each.getsockname()[:2] for each in self.sockets]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self.sockets:
            each.close()


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, **more).stdout


def review(user, images, dry_run=False):
    containers = [{"name": f"c{i}", "image": image} for i, image in enumerate(images)]
    return json.dumps({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {"uid": base64.b16encode(os.urandom(8)).decode(), "kind": {"group": "", "version": "v1", "kind": "Pod"},
                    "resource": {"group": "", "version": "v1", "resource": "pods"}, "name": "p", "namespace": "default",
                    "operation": "CREATE", "dryRun": dry_run, "options": None, "oldObject": None,
                    "userInfo": {"username": user, "uid": "1", "groups": ["system:authenticated"]},
                    "object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "default"},
                               "spec": {"containers": containers}}}})


class Serve:
    def __init__(self, program, folder, registry, rules, on_unknown="deny", hosts=(), more=()):
        (folder / "policy.yaml").write_text(json.dumps(
            {"apiVersion": "tegata.dev/v1alpha1", "kind": "DeploymentPolicy", "metadata": {"name": "p"},
             "spec": {"onUnknown": on_unknown, "rules": rules}}))
        self.process = subprocess.Popen(
            [program, "serve", "--policy", folder / "policy.yaml", "--listen", "127.0.0.1:0", "--metrics-listen",
             "127.0.0.1:0", "--tls-cert-file", folder / "tls.crt", "--tls-private-key-file", folder / "tls.key",
             "--audit-log", folder / "audit.jsonl", "--drain-grace", "300ms",
             *(word for host in (registry.host, *hosts) for word in ("--insecure-plain-http", host)), *more],
            stderr=subprocess.PIPE, text=True, env={**os.environ, "HOME": str(folder)})
        for line in self.process.stderr:
            if '"serving"' in line:
                self.port = json.loads(line)["port"]
                break
        threading.Thread(target=lambda: sys.stdout.write(self.process.stderr.read()), daemon=True).start()

    def ask(self, body, timeout=10):
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=60)
        try:
            connection.request("POST", f"/validate?timeout={timeout}s", body, {"Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())["response"]
        finally:
            connection.close()

    def stop(self):
        """Seconds from SIGTERM to the end."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - began


class FairTurns(unittest.TestCase):
    program = ""
    report = False

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="tegata-turns-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        for name, curve in (("good", "P-256"), ("tls", "P-256"), ("slow", "P-384")):
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-out", cls.folder / f"{name}.key")
            openssl("pkey", "-in", cls.folder / f"{name}.key", "-pubout", "-out", cls.folder / f"{name}.pub")
        openssl("req", "-x509", "-key", cls.folder / "tls.key", "-subj", "/CN=localhost", "-days", "90", "-out",
                cls.folder / "tls.crt")
        cls.registry = Registry()

    def serve(self, rules, **more):
        serve = Serve(self.program, self.folder, self.registry, rules, **more)
        self.addCleanup(serve.process.wait)
        self.addCleanup(serve.process.kill)
        return serve

    def key_rule(self, *keys):
        return {"name": "signed", "signature": {"anyOf": [{"key": {"file": str(self.folder / f"{key}.pub")}} for key in keys]}}

    def good_image(self, name):
        digest = self.registry.image(name)
        payload = json.dumps({"critical": {"identity": {"docker-reference": f"{self.registry.host}/{name}"},
                                           "image": {"docker-manifest-digest": digest},
                                           "type": "cosign container image signature"}, "optional": None}).encode()
        signature = openssl("dgst", "-sha256", "-sign", self.folder / "good.key", input=payload)
        self.registry.add_layers(name, digest, ".sig", SIGNATURE, [
            (payload, {"dev.cosignproject.cosign/signature": base64.b64encode(signature).decode()})])
        return f"{self.registry.host}/{name}@{digest}"

    def junk_image(self, name, layers):
        """An image with signatures that are checked in vain under the key `slow`."""
        digest = self.registry.image(name)
        junk = base64.b64encode(openssl("dgst", "-sha384", "-sign", self.folder / "slow.key", input=b"other")).decode()
        self.registry.add_layers(name, digest, ".sig", SIGNATURE, [
            (json.dumps({"critical": {"identity": {"docker-reference": str(i)}, "image": {"docker-manifest-digest": digest},
                                      "type": "cosign container image signature"}, "optional": None}).encode(),
             {"dev.cosignproject.cosign/signature": junk}) for i in range(layers)])
        return f"{self.registry.host}/{name}@{digest}"

    def deploy_good_images_under(self, what, serve, images, attack):
        """`attack` is called by four clients again and again, meanwhile."""
        ended = threading.Event()

        def repeat():
            while not ended.is_set():
                try:
                    attack()
                except (http.client.HTTPException, OSError):
                    pass  # the server ended

        clients = [threading.Thread(target=repeat, daemon=True) for _ in range(4)]
        for client in clients:
            client.start()
        time.sleep(1)
        took, refused = [], []
        for image in images:
            began = time.monotonic()
            answer = serve.ask(review("alice", [image]))
            took.append(time.monotonic() - began)
            if not answer["allowed"]:
                refused.append(answer["status"]["message"])
        ended.set()
        took.sort()
        print(f"{what}: {len(images) - len(refused)} of {len(images)} good images allowed, p50 "
              f"{took[len(took) // 2] * 1000:.0f} ms, p99 {took[-1] * 1000:.0f} ms", flush=True)
        if not self.report:
            self.assertEqual(refused, [])

    def test_that_good_images_are_checked_while_another_user_floods(self):
        images = [self.good_image(f"flood/{i}") for i in range(GOOD_IMAGES)]
        serve = self.serve([self.key_rule("good")])

        def attack():
            random = [f"{self.registry.host}/any@sha256:{os.urandom(32).hex()}" for _ in range(512)]
            serve.ask(review("mallory", random, dry_run=True))

        self.deploy_good_images_under("four clients with 512 random digests each", serve, images, attack)

    def test_that_good_images_are_checked_while_another_users_hosts_hang(self):
        """More requests to hosts that never answer than Tegata sends at one time."""
        images = [self.good_image(f"hosts/{i}") for i in range(GOOD_IMAGES)]
        with HangingHosts(128) as hosts:
            serve = self.serve([self.key_rule("good")], hosts=hosts.names)

            def attack():
                serve.ask(review("mallory", [f"{hosts.names[i % 128]}/any@sha256:{os.urandom(32).hex()}" for i in range(512)]))

            self.deploy_good_images_under("four clients with 512 images of 128 hosts that hang", serve, images, attack)

    def test_that_good_images_are_checked_while_another_users_requests_wait(self):
        """More requests that wait for a registry than there are threads."""
        images = [self.good_image(f"waiting/{i}") for i in range(GOOD_IMAGES)]
        hosts = self.enterContext(HangingHosts(1))
        serve = self.serve([self.key_rule("good")], hosts=hosts.names)
        context = ssl._create_unverified_context()
        waiting = []
        for i in range(600):
            image = f"{hosts.names[0]}/any@sha256:{os.urandom(32).hex()}"
            body = review("mallory", [image]).encode()
            connection = context.wrap_socket(socket.create_connection(("127.0.0.1", serve.port)))
            connection.sendall(b"POST /validate?timeout=30s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(body) + body)
            waiting.append(connection)
        answer = serve.ask(review("mallory", [f"{hosts.names[0]}/any@sha256:{os.urandom(32).hex()}"]))
        self.assertIn("too many requests of this user wait", answer["status"]["message"])
        for image in images:
            answer = serve.ask(review("alice", [image]), timeout=5)
            self.assertTrue(answer["allowed"], answer)
        for connection in waiting:
            connection.close()

    def test_that_good_images_are_checked_while_hosts_that_hang_hold_memory(self):
        images = [self.good_image(f"memory/{i}") for i in range(GOOD_IMAGES)]
        hosts = self.enterContext(HangingHosts(2))
        serve = self.serve([self.key_rule("good")], hosts=hosts.names, more=("--memory-limit", "352Mi"))
        pods = [threading.Thread(target=serve.ask, args=(review(user, [f"{host}/any@sha256:{os.urandom(32).hex()}" for _ in range(64)]),))
                for user, host in zip(("mallory", "malcolm"), hosts.names)]
        for pod in pods:
            pod.start()
        time.sleep(0.5)
        for image in images:
            self.assertTrue(serve.ask(review("alice", [image]), timeout=3)["allowed"])
        for pod in pods:
            pod.join()

    def test_that_good_images_are_checked_while_junk_is_verified(self):
        images = [self.good_image(f"busy/{i}") for i in range(GOOD_IMAGES)]
        junk = iter([self.junk_image(f"junk/{i}", 900) for i in range(8)])
        serve = self.serve([self.key_rule("good", "slow")])

        def attack():
            image = next(junk, None)
            if image is None:
                return time.sleep(0.1)
            serve.ask(review("mallory", [image]))

        self.deploy_good_images_under("eight images with 900 junk signatures", serve, images, attack)

    def test_that_sigterm_ends_a_check_that_is_under_way(self):
        junk = [self.junk_image(f"term/{i}", 900) for i in range(8)]
        serve = self.serve([self.key_rule("good", "slow")])
        answers = []
        client = threading.Thread(target=lambda: answers.append(serve.ask(review("mallory", junk), timeout=30)))
        client.start()
        time.sleep(2.5)
        took = serve.stop()
        client.join()
        print(f"SIGTERM while junk is verified: ended after {took:.1f} s", flush=True)
        self.assertFalse(answers[0]["allowed"])
        if not self.report:
            self.assertLess(took, 0.3 + SHUTDOWN)
            self.assertEqual(serve.process.returncode, 0)

    def test_that_sigterm_ends_a_check_that_waits_for_the_registry(self):
        serve = self.serve([self.key_rule("good")], on_unknown="warn")
        image = f"{self.registry.host}/silent@{digest_of(b'')}"
        answers = []
        client = threading.Thread(target=lambda: answers.append(serve.ask(review("alice", [image]), timeout=30)))
        client.start()
        time.sleep(1)
        took = serve.stop()
        client.join()
        print(f"SIGTERM while the registry is silent: ended after {took:.1f} s", flush=True)
        if not self.report:
            self.assertIn("allowed", answers[0])
            self.assertLess(took, 0.3 + SHUTDOWN)
            self.assertEqual(serve.process.returncode, 0)

    def test_that_a_refused_deployer_causes_no_requests(self):
        image = self.good_image("refused/app")
        deployers = {"name": "who", "deployers": {"kubernetes": {"users": ["alice"]}}}
        serve = self.serve([deployers, self.key_rule("good")])
        answer = serve.ask(review("mallory", [image], dry_run=True))
        self.assertFalse(answer["allowed"])
        self.assertIn("not looked up, because the deployer is not allowed", answer["status"]["message"])
        self.assertTrue(serve.ask(review("alice", [image]))["allowed"])
        answer = serve.ask(review("mallory", [image], dry_run=True))
        self.assertNotIn("not looked up", answer["status"]["message"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tegata")
    parser.add_argument("--report", action="store_true")
    options, rest = parser.parse_known_args()
    FairTurns.program, FairTurns.report = options.tegata, options.report
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
