#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Withdrawn images: `tegata check`, `serve` and `replay` with a `denied` rule and a docker-registry.

usage: denied_test.py TEGATA
"""
import time

from pushed_images import PushedImages, main


class Denied(PushedImages):
    def setUp(self):
        super().setUp()
        self.policy("{name: withdrawn, denied: {file: denied.txt}}")

    def withdraw(self, *descriptors):
        (self.folder / "denied.txt").write_text("# withdrawn\n" + "".join(f"{one['digest']}\n" for one in descriptors))

    def test_a_digest_in_the_reference_is_refused_though_no_registry_answers(self):
        self.withdraw({"digest": "sha256:" + "a" * 64})
        for host in ("127.0.0.1:1", "nowhere.example"):
            (self.folder / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: "
                                                  f"[{{name: web, image: \"{host}/x@sha256:{'a' * 64}\"}}]}}\n")
            output, _ = self.run_tegata("check", "--policy", "policy.yaml", "-f", "pod.yaml", code=1)
            self.assertIn("DigestDenied", output)

    def test_the_image_its_tag_and_every_manifest_of_its_index_are_compared(self):
        amd, arm = self.image({"architecture": "amd64"}), self.image({"architecture": "arm64"})
        index = self.index(amd64=amd, arm64=arm)
        self.tag("v1", index)
        self.withdraw({"digest": "sha256:" + "b" * 64})
        for reference in (":v1", "@" + index["digest"], "@" + arm["digest"], ":v1@" + index["digest"]):
            self.assertEqual(self.check(reference, 0)["decision"], "allow")
        self.withdraw(arm)
        for reference in (":v1", "@" + index["digest"], "@" + arm["digest"]):
            item = self.check(reference, 1)
            self.assertEqual(item["reasons"], ["DigestDenied"])
            self.assertIn(arm["digest"], item["findings"][0]["found"])
        self.assertEqual(self.check("@" + amd["digest"], 0)["decision"], "allow")
        self.withdraw(index)
        self.assertIn('the tag "v1" names', self.check(":v1", 1)["findings"][0]["found"])

    def test_what_does_not_exist_is_missing_and_what_cannot_be_asked_unknown(self):
        self.withdraw({"digest": "sha256:" + "b" * 64})
        self.assertEqual(self.check(":none", 1)["reasons"], ["ImageNotFound"])
        self.assertEqual(self.check("@sha256:" + "c" * 64, 1)["reasons"], ["ImageNotFound"])
        (self.folder / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: "
                                              "[{name: web, image: \"127.0.0.1:1/x:v1\"}]}\n")
        self.run_tegata("check", "--policy", "policy.yaml", "-f", "pod.yaml", "--insecure-plain-http", "127.0.0.1:1", code=2)

    def test_a_list_or_an_exemption_that_cannot_be_used_is_named_with_its_place(self):
        for text, words in ((f"# one\nsha256:{'A' * 64}\n", "denied.txt:2: "), ("", "denied.txt:1: the file is empty"),
                            (None, "denied.txt: ")):
            (self.folder / "denied.txt").unlink(missing_ok=True)
            if text is not None:
                (self.folder / "denied.txt").write_text(text)
            output, _ = self.run_tegata("policy", "lint", "policy.yaml", code=64)
            self.assertIn("policy.yaml:7:40: the list of digests cannot be used: ", output)
            self.assertIn(words, output)
        self.withdraw({"digest": "sha256:" + "b" * 64})
        with open(self.folder / "policy.yaml", "a") as policy:
            policy.write("  exemptions:\n    - {rules: [withdrawn], images: ['**'], reason: r, owner: o, expires: 2030-01-01}\n")
        output, _ = self.run_tegata("policy", "lint", "policy.yaml", code=64)
        self.assertIn("policy.yaml:9:16: rule 'withdrawn' is of the kind denied, which no exemption lifts", output)

    def test_serve_follows_the_list_and_a_replay_says_who_would_have_been_stopped(self):
        image = self.image({"architecture": "amd64"})
        self.tag("v2", image)
        self.withdraw()
        with self.serve() as ask:
            self.assertTrue(ask(":v2")["allowed"])
            self.withdraw(image)
            deadline = time.monotonic() + 60
            while (answer := ask(":v2"))["allowed"]:
                self.assertLess(time.monotonic(), deadline, "the list was never read again")
                time.sleep(0.2)
            self.assertIn("DigestDenied", answer["status"]["message"])
        replayed = self.replay(code=1)
        self.assertEqual(replayed["summary"]["notRecorded"], 0)
        self.assertEqual({item["comparison"] for item in replayed["items"]}, {"newlyDenied"})


if __name__ == "__main__":
    main()
