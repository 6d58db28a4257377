#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tegata verify` where cosign 2 keeps signatures in places that no recording has: another repository, and
referrers (`--registry-referrers-mode oci-1-1`). The signatures are recorded ones; the registry is docker-registry.

usage: signature_places_test.py TEGATA
"""
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

DATA = HERE.parent / "testdata/sigstore"
SIG = "application/vnd.dev.cosign.artifact.sig.v1+json"
TEGATA = ""


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Case:
    """A recorded case with one image and its tag of signatures or attestations."""

    def __init__(self, name, suffix):
        folder = DATA / "cases" / name
        tags = json.loads((folder / "case.json").read_text())["tags"]
        self.blobs = {"sha256:" + blob.name: blob.read_bytes() for blob in (folder / "oci/blobs/sha256").iterdir()}
        self.tag = next(tag for tag in tags if tag.endswith(suffix))
        self.signatures_digest = tags[self.tag]
        self.signatures = json.loads(self.blobs[self.signatures_digest])
        self.image = tags["v1"]

    def push(self, registry, repository, digest):
        content = self.blobs[digest]
        manifest = json.loads(content)
        for part in [manifest["config"], *manifest["layers"]]:
            registry.push_blob(repository, part["digest"], self.blobs[part["digest"]])
        registry.push_manifest(repository, digest, content)
        return content

    def push_referrer(self, registry, repository, change):
        """The signatures as a referrer of the image, listed by the fallback tag."""
        manifest = json.loads(json.dumps(self.signatures))
        manifest["subject"] = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": self.image,
                               "size": len(self.blobs[self.image])}
        change(manifest)
        for part in [manifest["config"], *manifest["layers"]]:
            registry.push_blob(repository, part["digest"], self.blobs[part["digest"]])
        content = json.dumps(manifest).encode()
        registry.push_manifest(repository, digest_of(content), content)
        index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
            {"mediaType": manifest["mediaType"], "digest": digest_of(content), "size": len(content)}]}
        registry.push_manifest(repository, self.image.replace(":", "-"), json.dumps(index).encode())


class SignaturePlaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.process, cls.port = docker_registry_cases.start_registry(shutil.which("docker-registry"),
                                                                     pathlib.Path(cls.folder.name))
        cls.registry = docker_registry_cases.Registry(cls.port)
        cls.key = Case("legacy-key-p256", ".sig")
        cls.host = f"127.0.0.1:{cls.port}"

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait()
        cls.folder.cleanup()

    def verify(self, image, *arguments, code, **environment):
        done = subprocess.run([TEGATA, "verify", "--insecure-plain-http", self.host, "--insecure-ignore-tlog", "--key",
                               DATA / "keys/p256.pub", "-o", "json", *arguments, image], capture_output=True, text=True,
                              timeout=60, env={"PATH": os.environ["PATH"], **environment})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def test_another_repository_by_option_or_variable(self):
        self.key.push(self.registry, "app", self.key.image)
        self.key.push(self.registry, "signatures", self.key.signatures_digest)
        self.registry.push_manifest("signatures", self.key.tag, self.key.blobs[self.key.signatures_digest])
        image, there = f"{self.host}/app@{self.key.image}", f"{self.host}/signatures"
        self.assertEqual(self.verify(image, code=1)["verdict"], "missing")
        by_option = self.verify(image, "--signature-repository", there, code=0)
        self.assertEqual((by_option["verdict"], by_option["signatureRepository"]), ("verified", there))
        self.assertEqual(self.verify(image, code=0, COSIGN_REPOSITORY=there)["signatureRepository"], there)
        # The option counts before the variable.
        self.verify(image, "--signature-repository", there, code=0, COSIGN_REPOSITORY=f"{self.host}/absent")
        self.verify(image, code=1, COSIGN_REPOSITORY=f"{self.host}/absent")
        self.assertIsNone(self.verify(image, code=1, COSIGN_REPOSITORY="")["signatureRepository"])
        self.assertIn("COSIGN_REPOSITORY", self.verify(image, code=64, COSIGN_REPOSITORY="a.example/b:tag"))
        self.assertIn("--signature-repository", self.verify(image, "--signature-repository", "a.example/b:tag", code=64,
                                                            COSIGN_REPOSITORY=there))

    def test_the_variable_is_read_by_verify_alone(self):
        done = subprocess.run([TEGATA, "verify-blob", "--key", DATA / "keys/p256.pub", "--signature", "absent", "absent"],
                              capture_output=True, text=True, timeout=60, env={"COSIGN_REPOSITORY": "a.example/b:tag"})
        self.assertNotIn("COSIGN_REPOSITORY", done.stderr)

    def test_signatures_in_a_referrer_by_its_config(self):
        self.key.push(self.registry, "configured", self.key.image)

        def change(manifest):
            manifest["config"]["mediaType"] = SIG
        self.key.push_referrer(self.registry, "configured", change)
        found = self.verify(f"{self.host}/configured@{self.key.image}", code=0)
        self.assertEqual([one["format"] for one in found["verified"]], ["simpleSigning"])

    def test_signatures_in_a_referrer_by_its_artifact_type(self):
        self.key.push(self.registry, "typed", self.key.image)
        self.key.push_referrer(self.registry, "typed", lambda manifest: manifest.update(artifactType=SIG))
        self.assertEqual(self.verify(f"{self.host}/typed@{self.key.image}", code=0)["verdict"], "verified")

    def test_attestations_in_a_referrer(self):
        case = Case("legacy-att-custom", ".att")
        case.push(self.registry, "attested", case.image)
        case.push_referrer(self.registry, "attested",
                           lambda manifest: manifest.update(artifactType="application/vnd.in-toto+json"))
        image = f"{self.host}/attested@{case.image}"
        self.assertEqual(self.verify(image, "--type", "custom", code=0)["verified"][0]["format"], "envelope")
        self.assertEqual(self.verify(image, code=1)["verdict"], "missing")


if __name__ == "__main__":
    if not shutil.which("docker-registry"):
        print("skipped: docker-registry is not installed")
        sys.exit(77)
    TEGATA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
