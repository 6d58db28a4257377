#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tegata verify-blob` and `tegata verify-bundle` as they are called: files, exit codes, and whose signatures count.

usage: blob_test.py TEGATA
"""
import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

DATA = pathlib.Path(__file__).resolve().parents[1] / "testdata/sigstore"
ROOT = DATA / "mock/trusted_root.json"
TEGATA = str(pathlib.Path(sys.argv.pop(1)).resolve())
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("TEGATA_")}
FILE = b"a file that was released\n"
KEYS = {
    "p256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "p521": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    "rsa2048": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ed25519": ["-algorithm", "Ed25519"],
    "pss": ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
    "k1": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
}
SIGNER = ["--certificate-identity", "signer@corp.example", "--certificate-oidc-issuer", ""]
OWN_PKI = ["--ca-roots", DATA / "keys/byo-root.crt", "--ca-intermediates", DATA / "keys/byo-int.crt", "--insecure-ignore-sct"]
BY_GITHUB = ["--certificate-identity", "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main",
             "--certificate-oidc-issuer", "https://token.actions.githubusercontent.com"]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def recorded_bundle(name):
    """The only bundle of a case, and the digest of what it signs."""
    folder = DATA / "cases" / name
    case = json.loads((folder / "case.json").read_text())
    bundles = [blob for blob in (folder / "oci/blobs/sha256").iterdir()
               if blob.read_bytes().startswith(b'{"mediaType":"application/vnd.dev.sigstore.bundle')]
    assert len(bundles) == 1
    return bundles[0], case["image_digest"]


class Blobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        (cls.folder / "file").write_bytes(FILE)
        for name, options in KEYS.items():
            openssl("genpkey", *options, "-out", cls.folder / f"{name}.pem")
            openssl("pkey", "-in", cls.folder / f"{name}.pem", "-pubout", "-out", cls.folder / f"{name}.pub")

    def sign(self, key, *options):
        openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.key_file(key), "-in", self.folder / "file", "-out",
                self.folder / "signature", *options)
        return (self.folder / "signature").read_bytes()

    def key_file(self, key):
        return key if isinstance(key, pathlib.Path) else self.folder / f"{key}.pem"

    def file(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    def run_tegata(self, *arguments, code, **environment):
        done = subprocess.run([TEGATA, *map(str, arguments)], capture_output=True, text=True, timeout=60, cwd=self.folder,
                              env={**ENVIRONMENT, **environment})
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done.stderr if code == 64 or code == 2 else done.stdout

    def blob(self, *arguments, code):
        return self.run_tegata("verify-blob", "file", *arguments, code=code)

    def bundle(self, *arguments, code, **environment):
        return self.run_tegata("verify-bundle", *arguments, code=code, **environment)

    def message_bundle(self, key, digest=None):
        document = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                    "verificationMaterial": {"publicKey": {"hint": ""}},
                    "messageSignature": {"messageDigest": {"algorithm": "SHA2_256", "digest": base64.b64encode(
                                             digest or hashlib.sha256(FILE).digest()).decode()},
                                         "signature": base64.b64encode(self.sign(key)).decode()}}
        return self.file("bundle.json", json.dumps(document))

    def test_a_bare_signature_needs_nothing_but_its_key(self):
        for key, options in (("p256", ["-digest", "sha256"]), ("p384", ["-digest", "sha384"]), ("p384", ["-digest", "sha256"]),
                             ("p521", ["-digest", "sha512"]), ("p521", ["-digest", "sha256"]),
                             ("rsa2048", ["-digest", "sha256"]), ("ed25519", [])):
            with self.subTest(key=key, options=options):
                raw = self.sign(key, *options)
                self.file("raw.sig", raw)
                self.file("base64.sig", base64.b64encode(raw).decode() + "\n")
                self.file("lines.sig", base64.encodebytes(raw).decode().replace("\n", "\r\n"))
                for signature in ("raw.sig", "base64.sig", "lines.sig"):
                    self.assertIn("verified", self.blob("--key", f"{key}.pub", "--signature", signature, code=0))
                self.file("broken.sig", raw[:-1] + bytes([raw[-1] ^ 1]))
                self.assertIn("OtherSigner", self.blob("--key", f"{key}.pub", "--signature", "broken.sig", code=1))

    def test_hashes_and_paddings_that_a_key_does_not_sign_with(self):
        for key, options in (("p256", ["-digest", "sha512"]), ("p384", ["-digest", "sha512"]), ("p521", ["-digest", "sha384"]),
                             ("rsa2048", ["-digest", "sha512"]), ("rsa2048", ["-digest", "sha1"]),
                             ("rsa2048", ["-digest", "sha256", "-pkeyopt", "rsa_padding_mode:pss"])):
            with self.subTest(key=key, options=options):
                self.file("odd.sig", self.sign(key, *options))
                self.blob("--key", f"{key}.pub", "--signature", "odd.sig", code=1)

    def test_keys_of_other_kinds_are_refused(self):
        self.file("any.sig", self.sign("p256"))
        for key in ("pss", "k1"):
            self.assertIn(f"{key}.pub", self.blob("--key", f"{key}.pub", "--signature", "any.sig", code=64))

    def test_signatures_that_are_none(self):
        for content in (b"", b"\n", b"not a signature", base64.b64encode(b""), b"A" * 70_000):
            self.file("none.sig", content)
            self.blob("--key", "p256.pub", "--signature", "none.sig", code=2 if len(content) > 65_536 else 1)

    def test_another_file_was_signed(self):
        self.file("good.sig", self.sign("p256"))
        self.file("other", FILE + b"\n")
        answer = self.run_tegata("verify-blob", "other", "--key", "p256.pub", "--signature", "good.sig", code=1)
        self.assertIn("not signed with this ECDSA P-256 key, or not over this file", answer)

    def test_files_that_are_not_there(self):
        self.file("good.sig", self.sign("p256"))
        self.assertIn("absent", self.run_tegata("verify-blob", "absent", "--key", "p256.pub", "--signature", "good.sig", code=2))
        self.assertIn("absent", self.blob("--key", "p256.pub", "--signature", "absent", code=2))
        self.assertIn("absent", self.blob("--key", "absent", "--signature", "good.sig", code=2))
        self.assertIn("absent", self.bundle("--bundle", "absent", "--key", "p256.pub", "file", code=2))
        self.assertIn("absent", self.bundle("--bundle", self.message_bundle("p256"), "--key", "p256.pub", "absent", code=2))

    def test_a_certificate_beside_a_bare_signature(self):
        self.file("byo.sig", self.sign(DATA / "keys/byo-leaf.pem"))
        given = [*SIGNER, *OWN_PKI, "--insecure-ignore-tlog", "--signature", "byo.sig"]
        leaf = ["--certificate", DATA / "keys/byo-leaf.crt"]
        self.assertIn("signer@corp.example", self.blob(*given, *leaf, code=0))
        chain = [*SIGNER, "--certificate-chain", DATA / "keys/byo-chain.pem", "--insecure-ignore-sct", "--insecure-ignore-tlog"]
        self.blob(*chain, *leaf, "--signature", "byo.sig", code=0)
        self.assertIn("IdentityMismatch", self.blob("--certificate-identity", "else@corp.example", *given[2:], *leaf, code=1))
        self.assertIn("SignatureNotByCertificate",
                      self.blob(*given, "--certificate", DATA / "keys/byo-leaf-fulcioext.crt", code=1))
        self.file("other.sig", self.sign("p256"))
        self.assertIn("SignatureNotByCertificate", self.blob(*given[:-1], "other.sig", *leaf, code=1))
        without_intermediate = ["--ca-roots", DATA / "keys/byo-root.crt", "--insecure-ignore-sct", "--insecure-ignore-tlog"]
        self.assertIn("CertificateUntrusted",
                      self.blob(*SIGNER, *without_intermediate, *leaf, "--signature", "byo.sig", code=1))

    def test_a_bundle_without_a_log_entry_needs_leave(self):
        bundle = self.message_bundle("p256")
        self.blob("--key", "p256.pub", "--bundle", bundle, "--insecure-ignore-tlog", code=0)
        self.assertIn("--trusted-root", self.blob("--key", "p256.pub", "--bundle", bundle, code=64))
        self.assertIn("LogEntryMissing", self.blob("--key", "p256.pub", "--bundle", bundle, "--trusted-root", ROOT, code=1))
        self.bundle("--bundle", bundle, "--key", "p256.pub", "file", code=0)
        self.bundle("--bundle", bundle, "--key", "p256.pub", "--trusted-root", ROOT, "file", code=1)
        self.bundle("--bundle", bundle, "--key", "p256.pub", "file", code=1, TEGATA_TRUSTED_ROOT=str(ROOT))

    def test_a_digest_stands_for_a_file_unless_a_file_has_that_name(self):
        bundle = self.message_bundle("p256")
        digest = "sha256:" + hashlib.sha256(FILE).hexdigest()
        self.bundle("--bundle", bundle, "--key", "p256.pub", digest, code=0)
        self.bundle("--bundle", bundle, "--key", "p256.pub", "sha256:" + "0" * 64, code=1)
        self.file(digest, b"something else")
        self.bundle("--bundle", bundle, "--key", "p256.pub", digest, code=1)
        os.remove(self.folder / digest)

    def test_a_message_digest_is_compared_and_not_believed(self):
        self.file("other", b"another file")
        of_other = self.message_bundle("p256", hashlib.sha256(b"another file").digest())
        self.assertIn("PayloadOtherImage", self.bundle("--bundle", of_other, "--key", "p256.pub", "file", code=1))
        self.assertIn("OtherSigner", self.bundle("--bundle", of_other, "--key", "p256.pub", "other", code=1))

    def test_recorded_bundles_and_the_default_root(self):
        for case in ("bundle-keyless-gh-rekor1", "bundle-attach-control", "bundle-att-keyless-rekor2"):
            bundle, digest = recorded_bundle(case)
            asked = ["--bundle", bundle, *BY_GITHUB]
            self.bundle(*asked, "--trusted-root", ROOT, digest, code=0)
            self.bundle(*asked, digest, code=0, TEGATA_TRUSTED_ROOT=str(ROOT))
            self.bundle("--staging", *asked, digest, code=0, TEGATA_STAGING_TRUSTED_ROOT=str(ROOT))
            self.bundle("--staging", *asked, digest, code=64, TEGATA_TRUSTED_ROOT=str(ROOT))
            self.bundle(*asked, "--trusted-root", DATA / "mock/trusted_root.other-fulcio.json", digest, code=1)
            self.bundle(*asked[:-1], "https://accounts.example.com", "--trusted-root", ROOT, digest, code=1)
            self.bundle(*asked, "--trusted-root", ROOT, "sha256:" + "0" * 64, code=1)

    def test_an_attestation_is_no_signature_of_a_file(self):
        bundle, digest = recorded_bundle("bundle-att-keyless-rekor2")
        answer = self.run_tegata("verify-blob", "file", "--bundle", bundle, *BY_GITHUB, "--trusted-root", ROOT, code=1)
        self.assertIn("PayloadOtherType", answer)
        self.assertIn("verified", self.bundle("--bundle", bundle, *BY_GITHUB, "--trusted-root", ROOT, digest, code=0))

    def test_the_table_says_who_when_and_where(self):
        bundle, digest = recorded_bundle("bundle-keyless-gh-rekor1")
        asked = ["--bundle", bundle, "--trusted-root", ROOT, "--certificate-oidc-issuer", BY_GITHUB[3], "--certificate-identity"]
        lines = self.bundle(*asked, BY_GITHUB[1], digest, code=0).splitlines()
        self.assertEqual(lines[:3], [f"verified  {digest}", f"  by {BY_GITHUB[1]} (issuer {BY_GITHUB[3]})",
                                     "    sourceRepositoryURI https://github.com/acme/app"])
        self.assertEqual(lines[-2:], ["    signed 2026-11-22T03:39:04.000Z", "    in the transparency log rekor.mock.local"])
        lines = self.bundle(*asked, "mallory", digest, code=1).splitlines()
        self.assertEqual(lines, [f"rejected  {digest}", f'  IdentityMismatch: subject is "{BY_GITHUB[1]}", not "mallory"'])

    def test_json_says_who_when_and_where(self):
        bundle, digest = recorded_bundle("bundle-keyless-gh-rekor1")
        answer = json.loads(self.bundle("--bundle", bundle, *BY_GITHUB, "--trusted-root", ROOT, "-o", "json", digest, code=0))
        self.assertEqual((answer["kind"], answer["verdict"], answer["rejected"]), ("BlobVerification", "verified", None))
        self.assertEqual(answer["verified"]["identity"]["subject"], BY_GITHUB[1])
        self.assertTrue(answer["verified"]["times"][0].startswith("2026-11-22T"))
        self.assertEqual(len(answer["verified"]["logs"]), 1)
        wrong = json.loads(self.bundle("--bundle", bundle, *BY_GITHUB, "--trusted-root", ROOT, "-o", "json",
                                       "sha256:" + "0" * 64, code=1))
        self.assertEqual((wrong["verdict"], wrong["rejected"]["reason"]), ("rejected", "PayloadOtherImage"))


if __name__ == "__main__":
    unittest.main()
