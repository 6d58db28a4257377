#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the configs of images say: `tegata check`, `serve` and `replay` with a docker-registry.

usage: image_config_test.py TEGATA
"""
import datetime
import time

from pushed_images import PushedImages, main

SECRET = "hunter2-0123456789"
ALL = "{name: hardened, imageConfig: {user: nonRoot, secrets: deny, healthcheck: required, addFromUrl: deny}}"
GOOD = {"os": "linux", "architecture": "amd64", "created": "2026-11-22T00:00:00Z",
        "config": {"User": "65532:65532", "Env": ["PATH=/bin"], "Healthcheck": {"Test": ["CMD", "/app", "--health"]}},
        "history": [{"created_by": "ADD rootfs.tar.xz / # buildkit"}, {"created_by": "CMD [\"/app\"]"}]}
BAD = {"os": "linux", "architecture": "arm64",
       "config": {"User": "root:root", "Env": [f"DB_PASSWORD={SECRET}"], "Labels": {"com.example.token": SECRET},
                  "Healthcheck": {"Test": ["NONE"]}},
       "history": [{"created_by": f"RUN |1 NPM_TOKEN={SECRET} /bin/sh -c npm ci # buildkit"},
                   {"created_by": f"ADD https://bot:{SECRET}@example.com/tool?sig={SECRET} /tool # buildkit"}]}
REASONS = ["HealthcheckMissing", "ImageAddsFromUrl", "ImageHoldsSecret", "ImageRunsAsRoot"]


class ImageConfigs(PushedImages):
    def test_a_good_image_is_allowed_and_each_fault_of_a_bad_one_is_told(self):
        self.policy(ALL)
        self.assertEqual(self.check("@" + self.image(GOOD)["digest"], 0)["decision"], "allow")
        item = self.check("@" + self.image(BAD, {"com.example.secret": SECRET})["digest"], 1)
        self.assertEqual(item["reasons"], REASONS)
        found = {finding["reason"]: finding["found"] for finding in item["findings"]}
        self.assertEqual(found["ImageRunsAsRoot"], 'USER "root:root"')
        self.assertEqual(found["ImageHoldsSecret"],
                         "variable DB_PASSWORD, label com.example.token, build argument NPM_TOKEN and command 2 of the history")
        self.assertEqual(found["ImageAddsFromUrl"], "ADD from https://example.com")
        self.assertEqual({finding["reason"]: finding["kind"] for finding in item["findings"]}["HealthcheckMissing"], "missing")

    def test_each_word_is_asked_by_itself(self):
        image = self.image(BAD)
        for word, reason in (("user: nonRoot", "ImageRunsAsRoot"), ("secrets: deny", "ImageHoldsSecret"),
                             ("healthcheck: required", "HealthcheckMissing"), ("addFromUrl: deny", "ImageAddsFromUrl")):
            self.policy(f"{{name: one, imageConfig: {{{word}}}}}")
            self.assertEqual(self.check("@" + image["digest"], 1)["reasons"], [reason])

    def test_every_image_of_an_index_counts(self):
        self.policy("{name: user, imageConfig: {user: nonRoot}}")
        good, bad = self.image(GOOD), self.image(BAD)
        self.tag("multi", self.index(amd64=good, arm64=bad))
        item = self.check(":multi", 1)
        self.assertEqual(item["findings"][0]["found"], 'USER "root:root" (linux/arm64)')
        self.tag("multi", self.index(amd64=good, arm64=self.image({**GOOD, "architecture": "arm64"})))
        self.check(":multi", 0)

    def test_a_config_that_a_runtime_reads_in_another_way_is_unknown(self):
        self.policy("{name: user, imageConfig: {user: nonRoot}}")
        item = self.check("@" + self.image({"config": {"User": "1000", "user": "root"}})["digest"], 2)
        self.assertEqual(item["reasons"], ["RegistryAnswerMalformed"])

    def test_an_image_is_as_old_as_its_config_says(self):
        self.policy("{name: recent, age: {maxSinceBuild: 48h}}")
        now = datetime.datetime.now(datetime.timezone.utc)

        def built(**ago):
            date = (now - datetime.timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
            return {**GOOD, "created": date}
        self.assertEqual(self.check("@" + self.image(built(hours=47))["digest"], 0)["decision"], "allow")
        self.assertEqual(self.check("@" + self.image(built(hours=49))["digest"], 1)["reasons"], ["ImageTooOld"])
        for missing in ({"created": "1970-01-01T00:00:00Z"}, {}, {"created": "2999-01-01T00:00:00Z"}):
            item = self.check("@" + self.image({"config": {}, **missing})["digest"], 1)
            self.assertEqual((item["reasons"], item["findings"][0]["kind"]), (["BuildDateMissing"], "missing"))
        old = self.index(amd64=self.image(built(hours=1)), arm64=self.image(built(days=30)))
        self.assertIn("30 days ago", self.check("@" + old["digest"], 1)["findings"][0]["found"])

    def test_a_replay_takes_the_age_that_the_image_had_at_the_time(self):
        self.policy("{name: recent, age: {maxSinceBuild: 3s}}")
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        image = self.image({**GOOD, "created": date, "variant": "replayed"})
        with self.serve() as ask:
            if not ask("@" + image["digest"])["allowed"]:
                self.skipTest("the machine was too busy to ask within 3 s")
            time.sleep(4)
            self.assertFalse(ask("@" + image["digest"])["allowed"], "it ages while its config is cached")
        replayed = self.replay(code=0)
        self.assertEqual((replayed["summary"]["exact"], replayed["summary"]["inexact"]), (2, 0))

    def test_no_secret_is_in_any_answer_record_or_log_and_a_replay_is_exact(self):
        self.policy(ALL, "{name: base, onMissing: allow, baseImage: {digests: ['sha256:" + "a" * 64 + "']}}")
        bad = self.image(BAD, {"com.example.secret": SECRET})
        with self.serve("--evidence-dir", str(self.folder / "evidence")) as ask:
            answer = ask("@" + bad["digest"])
        self.assertFalse(answer["allowed"])
        self.assertIn("ImageHoldsSecret", answer["status"]["message"])
        self.assertNotIn(SECRET, str(answer))
        self.assertIn("DB_PASSWORD", self.records())
        self.assertNotIn(SECRET, self.records())
        for file in (self.folder / "evidence").rglob("*"):
            self.assertFalse(file.is_file() and SECRET.encode() in file.read_bytes(), file)
        replayed = self.replay(code=0)
        self.assertEqual((replayed["summary"]["exact"], replayed["summary"]["inexact"]), (1, 0))


if __name__ == "__main__":
    main()
