#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The largest requests and images that the bounds allow, many at a time: `serve` stays within its memory limit and answers each.

usage: memory_test.py TEGATA [--report]    --report: prints the peak of memory after each attack
"""
import http.client
import json
import os
import resource
import ssl
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import softening_test
from softening_test import KEYS, MANIFEST, SIGNATURE, Registry, Serve, digest_of, make_certificate, payload_of

LIMIT = 352  # MiB: limits::kLeastMemory
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
REPORT = False


def peak_mib(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def add_referrers(registry, image, manifests, said=None):
    """`manifests` are listed by the referrers API with their sizes, or all with the size `said`."""
    name, digest = image.removeprefix(registry.host + "/").split("@")
    listed = []
    for manifest in manifests:
        registry.contents[f"/v2/{name}/manifests/{digest_of(manifest)}"] = (MANIFEST, manifest)
        listed.append({"mediaType": MANIFEST, "digest": digest_of(manifest), "size": said or len(manifest)})
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": listed}
    registry.contents[f"/v2/{name}/referrers/{digest}"] = (index["mediaType"], json.dumps(index).encode())


def bundle_referrer(registry, image, content):
    name, digest = image.removeprefix(registry.host + "/").split("@")
    registry.contents[f"/v2/{name}/blobs/{digest_of(content)}"] = ("application/octet-stream", content)
    empty = {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(b"{}"), "size": 2}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": BUNDLE, "config": empty,
                       "layers": [{"mediaType": BUNDLE, "digest": digest_of(content), "size": len(content)}],
                       "subject": {"mediaType": MANIFEST, "digest": digest, "size": 100}}).encode()


class MemoryLimit(unittest.TestCase):
    program = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        make_certificate(self.folder)
        self.registry = Registry()
        rule = {"name": "signed", "signature": {"anyOf": [{"key": {"file": str(KEYS / "hand-p256.pub")}}]}}
        self.serve = Serve(self.folder, [self.registry.host], rule,
                           ["--memory-limit", f"{LIMIT}Mi", "--evidence-dir", str(self.folder / "evidence")])
        self.addCleanup(self.stop)

    def stop(self):
        self.serve.process.terminate()
        self.serve.process.wait(timeout=30)

    def attack(self, name, requests, timeout=20):
        answers, began = [], time.monotonic()
        threads = [threading.Thread(target=lambda images: answers.append(self.serve.ask(images, timeout)), args=(images,))
                   for images in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        peak = peak_mib(self.serve.process)
        if REPORT:
            print(f"{name}: peak {peak} MiB, {time.monotonic() - began:.1f} s", flush=True)
        self.assertEqual(len(answers), len(requests))
        for answer in answers:
            self.assertFalse(answer["allowed"], answer)
        self.assertLess(peak, LIMIT)

    def test_payloads_of_a_mebibyte(self):
        def image(name):
            image = self.registry.image(name)
            size = 1024 * 1024 - 400
            self.registry.add_layers(image, ".sig", SIGNATURE, [
                (payload_of(image, os.urandom(size // 2).hex()), {"dev.cosignproject.cosign/signature": "MEUCIQ=="})
                for _ in range(63)])
            return image
        self.attack("63 payloads of 1 MiB in each of two images, 3 requests", [[image("a"), image("b")], [image("c")], [image("d")]])

    def test_large_manifests_of_referrers(self):
        def image(name, said):
            image = self.registry.image(name)
            filler = "a" * (4 * 1024 * 1024 - 300)
            add_referrers(self.registry, image, [
                json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "n": n, "layers": [], "annotations": {"x": filler}}).encode()
                for n in range(32)], said)
            return image
        images = [image(f"r{n}", 1000 if n % 2 else None) for n in range(6)]
        self.attack("32 referrers of 4 MiB in each of 6 images", [images])
        at_bound = [self.registry.image(f"m{n}") for n in range(6)]
        for image in at_bound:
            add_referrers(self.registry, image, [
                json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "n": n, "layers": [],
                            "annotations": {f"k{i}": "v" * 40 for i in range(15_000)}}).encode() for n in range(32)])
        self.attack("32 referrers of 1 MiB in each of 6 images", [at_bound[:3], at_bound[3:]])

    def test_dense_bundles(self):
        def image(name):
            image = self.registry.image(name)
            dense = [("[" + ",".join(["{}"] * 499_000) + f",{n}]").ljust(15 * 1024 * 1024).encode() for n in range(4)]
            add_referrers(self.registry, image, [bundle_referrer(self.registry, image, content) for content in dense])
            return image
        self.attack("4 bundles of 15 MiB in each of 4 images", [[image(f"b{n}")] for n in range(4)])

    def test_memory_is_refused(self):
        """RLIMIT_DATA is used up: no request ends the process, and it decides again once there is memory."""
        process = self.serve.process
        for left in (0, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024, 16 * 1024 * 1024):
            data = int(Path(f"/proc/{process.pid}/status").read_text().split("VmData:")[1].split()[0]) * 1024
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (data + left, resource.RLIM_INFINITY))
            threads = [threading.Thread(target=self.try_to_ask, args=([f"{self.registry.host}/x{n}@{digest_of(os.urandom(8))}"
                                                                       for _ in range(500)],)) for n in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            self.assertIsNone(process.poll())
            self.attack(f"memory was refused above {left} bytes, and is there again", [[self.registry.image(f"again{left}")]])

    def try_to_ask(self, images):
        try:
            self.serve.ask(images, timeout=3, patience=5)
        except (OSError, http.client.HTTPException, ValueError):
            pass  # closed, or an answer without a verdict

    def test_dense_reviews(self):
        def post(body):
            connection = http.client.HTTPSConnection("127.0.0.1", self.serve.port, timeout=60,
                                                     context=ssl._create_unverified_context())
            try:
                connection.request("POST", "/validate?timeout=10s", body, {"Content-Type": "application/json"})
                statuses.append(connection.getresponse().status)
            except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                statuses.append(0)  # answered before all of it was sent, and closed
            finally:
                connection.close()
        statuses = []
        bodies = ["[" + "[]," * 5_000_000 + "[]]", '{"request":{"uid":"1","object":[' + '"",' * 1_100_000 + '""]}}' + " " * 16_000_000]
        threads = [threading.Thread(target=post, args=(bodies[n % 2],)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if REPORT:
            print(f"12 dense reviews of 15 MiB: peak {peak_mib(self.serve.process)} MiB, {sorted(statuses)}")
        self.assertLess(peak_mib(self.serve.process), LIMIT)
        self.assertIsNone(self.serve.process.poll())
        self.assertLessEqual(set(statuses), {0, 200, 400, 413, 429})
        self.attack("afterwards", [[self.registry.image("after")]])


if __name__ == "__main__":
    REPORT = "--report" in sys.argv
    softening_test.Softening.program = MemoryLimit.program = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
