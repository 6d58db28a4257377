#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line as its users meet it: exit codes, refusals by name, tables, JSON, completion.

usage: cli_test.py TEGATA
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/testdata"
TEGATA = sys.argv.pop(1)

POLICY = """
apiVersion: tegata.dev/v1alpha1
kind: DeploymentPolicy
metadata: {name: production}
spec:
  rules:
    - name: our-registries
      allowedRegistries: ["registry.example/**", "nowhere.invalid/**"]
    - name: commit-id-tags
      enforcement: warn
      tag: {format: commitId, digestOnly: allow}
    - name: signed
      images: ["nowhere.invalid/**"]
      signature: {anyOf: [{key: {file: p256.pub}}]}
    - name: pipelines-only
      deployers: {kubernetes: {users: [alice]}}
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: prod}}
spec: {{containers: [{{name: web, image: "{0}"}}]}}
"""
ECS_POLICY = """
apiVersion: tegata.dev/v1alpha1
kind: DeploymentPolicy
metadata: {name: production}
spec:
  match: {ecs: {accounts: ["111122223333"], clusters: ["prod-*"]}}
  rules:
    - name: our-registries
      allowedRegistries: ["registry.example/**"]
    - name: pipelines-only
      deployers: {ecs: {roles: ["arn:aws:iam::111122223333:role/deploy/*"]}}
"""
DIGEST = "sha256:" + "a" * 64
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("TEGATA_")}
IDENTITY = ["--certificate-identity", "a@corp.example", "--certificate-oidc-issuer", "https://corp.example"]
ROOT = DATA / "sigstore/mock/trusted_root.json"
CA_ROOT = DATA / "sigstore/keys/byo-root.crt"


class Cli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.file("policy.yaml", POLICY)
        cls.file("p256.pub", (DATA / "sigstore/keys/p256.pub").read_text())
        cls.file("broken.yaml", POLICY.replace("allowedRegistries", "allowedRegistrys"))
        cls.good = cls.file("good.yaml", POD.format("registry.example/web:3f2a91c"))
        cls.bad = cls.file("bad.yaml", POD.format("elsewhere.example/web:3f2a91c"))
        cls.odd_tag = cls.file("odd-tag.yaml", POD.format("registry.example/web:v1"))
        cls.unknown = cls.file("unknown.yaml", POD.format("nowhere.invalid/web@" + DIGEST))
        cls.garbage = cls.file("garbage.json", '{"what": "is this"}')

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def file(cls, name, text):
        path = cls.folder / name
        path.write_text(text)
        return str(path)

    def run_tegata(self, *arguments, code, stdin="", **environment):
        done = subprocess.run([TEGATA, *map(str, arguments)], input=stdin, capture_output=True, text=True,
                              timeout=120, cwd=self.folder, env={**ENVIRONMENT, **environment})
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def check(self, *arguments, code, **more):
        return self.run_tegata("check", "--policy", "policy.yaml", "--as", "alice", *arguments, code=code, **more)

    def items(self, *arguments, code):
        return json.loads(self.check("-o", "json", *arguments, code=code).stdout)["items"]

    def test_exit_codes_of_check(self):
        for files, code in [
            ([self.good], 0),
            ([self.bad], 1),
            ([self.unknown], 2),
            ([self.garbage], 65),
            ([self.good, self.garbage], 65),
            ([self.unknown, self.garbage], 2),
            ([self.bad, self.unknown, self.garbage], 1),
        ]:
            with self.subTest(files=files):
                arguments = [word for file in files for word in ("-f", file)]
                listed = self.items(*arguments, code=code)
                self.assertEqual([item["source"] for item in listed], files)

    def test_decisions_and_reasons(self):
        good, bad, unknown, garbage = self.items("-f", self.good, "-f", self.bad, "-f", self.unknown, "-f", self.garbage, code=1)
        self.assertEqual((good["decision"], good["wouldBe"], good["reasons"], good["who"]), ("allow", "allow", [], "alice"))
        self.assertEqual((bad["decision"], bad["reasons"], bad["rules"]), ("deny", ["RegistryNotAllowed"], ["our-registries"]))
        self.assertEqual(bad["findings"][0]["kind"], "violates")
        self.assertEqual((unknown["decision"], unknown["findings"][0]["kind"]), ("deny", "unknown"))
        self.assertEqual((garbage["decision"], garbage["wouldBe"], garbage["who"]), ("invalid", "deny", None))
        self.assertEqual(garbage["reasons"], ["EventMalformed"])

    def test_fail_on_and_dry_run(self):
        self.check("-f", self.odd_tag, code=0)
        self.check("-f", self.odd_tag, "--fail-on", "warn", code=1)
        self.check("-f", self.bad, "--dry-run", code=0)
        self.check("-f", self.bad, "--dry-run", "--fail-on", "dryrun", code=1)
        self.check("-f", self.unknown, "--dry-run", "--fail-on", "dryrun", code=2)

    def test_without_as_deployers_are_told_as_not_evaluable_and_change_nothing(self):
        done = self.run_tegata("check", "--policy", "policy.yaml", "-f", self.good, "-o", "json", code=0)
        item = json.loads(done.stdout)["items"][0]
        self.assertEqual((item["decision"], item["who"]), ("allow", None))
        self.assertIn("not evaluable", " ".join(item["warnings"]))
        denied = self.run_tegata("check", "--policy", "policy.yaml", "-f", self.good, "--as", "bob", "-o", "json", code=1)
        self.assertEqual(json.loads(denied.stdout)["items"][0]["reasons"], ["DeployerNotAllowed"])

    def test_standard_input_folders_and_several_documents(self):
        text = POD.format("registry.example/web:3f2a91c") + "---" + POD.format("elsewhere.example/web:3f2a91c")
        done = self.check("-f", "-", "-o", "json", code=1, stdin=text)
        self.assertEqual([i["source"] for i in json.loads(done.stdout)["items"]], ["-#1", "-#2"])
        self.assertEqual([i["decision"] for i in json.loads(done.stdout)["items"]], ["allow", "deny"])
        manifests = self.folder / "manifests"
        manifests.mkdir(exist_ok=True)
        for name in ("b.yaml", "a.yml", "c.json", "ignored.txt"):
            (manifests / name).write_text(POD.format("registry.example/web:3f2a91c") if not name.endswith("json") else
                                          json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {
                                              "containers": [{"name": "web", "image": "registry.example/web:3f2a91c"}]}}))
        sources = [item["source"] for item in self.items("-f", manifests, code=0)]
        self.assertEqual(sources, [str(manifests / name) for name in ("a.yml", "b.yaml", "c.json")])

    def test_a_namespace_comes_from_the_manifest_then_from_the_option(self):
        nameless = self.file("nameless.yaml", POD.format("registry.example/web:3f2a91c").replace(", namespace: prod", ""))
        self.assertEqual(self.items("-f", self.good, "-n", "other", code=0)[0]["request"]["namespace"], "prod")
        self.assertEqual(self.items("-f", nameless, "-n", "other", code=0)[0]["request"]["namespace"], "other")
        self.assertEqual(self.items("-f", nameless, code=0)[0]["request"]["namespace"], "default")

    def test_files_that_say_who_asks_refuse_as(self):
        for file in (next((DATA / "admission-reviews").glob("deploy1-create.*.validate.json")),
                     DATA / "aws-events/runtask-ci-role-digest-pinned.json"):
            with self.subTest(file=file):
                done = self.check("-f", file, code=64)
                self.assertIn("--as", done.stderr)
                self.assertEqual(done.stdout, "")

    def test_an_admission_review_brings_its_own_user(self):
        review = sorted((DATA / "admission-reviews").glob("deploy1-create.*.validate.json"))[0]
        done = self.run_tegata("check", "--policy", "policy.yaml", "-f", review, "-o", "json", code=1)
        user = json.loads(review.read_text())["request"]["userInfo"]["username"]
        self.assertEqual(json.loads(done.stdout)["items"][0]["who"], user)

    def test_aws_events(self):
        def judged(name, code):
            done = self.run_tegata("check", "--policy", "policy.yaml", "-f", DATA / "aws-events" / name, "-o", "json", code=code)
            return json.loads(done.stdout)["items"][0]
        ignored = judged("updateservice-human-scale-only.json", 0)
        self.assertEqual((ignored["decision"], ignored["reasons"], ignored["wouldBe"]), ("ignored", ["ScaleOnly"], "allow"))
        spoofed = judged("odd-spoofed-source.json", 65)
        self.assertEqual((spoofed["decision"], spoofed["reasons"]), ("invalid", ["EventNotTrusted"]))
        twice = judged("odd-duplicate-keys.json", 65)
        self.assertEqual((twice["decision"], twice["reasons"]), ("invalid", ["EventMalformed"]))

    def test_unmatched(self):
        self.file("elsewhere-only.yaml", POLICY.replace("spec:\n", "spec:\n  match: {kubernetes: {namespaces: [other]}}\n"))
        for unmatched, code, decision, would_be in (("allow", 0, "notCovered", "allow"), ("warn", 0, "notCovered", "allow"),
                                                    ("deny", 1, "deny", "deny")):
            done = self.run_tegata("check", "--policy", "elsewhere-only.yaml", "-f", self.good, "--unmatched", unmatched,
                                   "-o", "json", code=code)
            item = json.loads(done.stdout)["items"][0]
            self.assertEqual((item["decision"], item["wouldBe"]), (decision, would_be), unmatched)

    def ecs(self, *arguments, code, policy="ecs.yaml"):
        self.file("ecs.yaml", ECS_POLICY)
        definition = self.file("taskdef.json", json.dumps({"family": "shop", "containerDefinitions": [
            {"name": "web", "image": "registry.example/web:3f2a91c"}]}))
        return self.run_tegata("check", "--policy", policy, "-f", definition, *arguments, code=code)

    def test_a_task_definition_is_judged_where_and_by_whom_the_options_say(self):
        place = ("--account", "111122223333", "--region", "eu-west-1", "--cluster", "prod-1")
        role = "arn:aws:iam::111122223333:role/deploy/shop"
        item = json.loads(self.ecs(*place, "--as", role, "-o", "json", code=0).stdout)["items"][0]
        self.assertEqual((item["decision"], item["who"], item["request"]["cluster"]), ("allow", role, "prod-1"))
        other = json.loads(self.ecs(*place, "--as", role.replace("deploy", "people"), "-o", "json", code=1).stdout)["items"][0]
        self.assertEqual(other["reasons"], ["DeployerNotAllowed"])
        by_arn = self.ecs("--cluster", "arn:aws:ecs:eu-west-1:111122223333:cluster/prod-1", "-o", "json", code=0)
        self.assertEqual(json.loads(by_arn.stdout)["items"][0]["decision"], "allow")
        session = self.ecs(*place, "--as", "arn:aws:sts::111122223333:assumed-role/shop/ci", code=64)
        self.assertIn("arn:aws:iam::111122223333:role/shop", session.stderr)
        for wrong in (("--account", "1111"), ("--cluster", "arn:aws:ecs:r:111122223333:service/prod/x"), ("--cluster", "a/b"),
                      ("--cluster", "arn:aws:ecs:r:111122223333:cluster/a", "--account", "444455556666")):
            with self.subTest(wrong=wrong):
                self.assertIn(wrong[0], self.ecs(*wrong, code=64).stderr)

    def test_what_no_policy_matches_is_said_in_the_last_line(self):
        uncovered = "not checked: no policy matches 1 of 1, which pass unless --unmatched deny is given"
        elsewhere = ("--account", "444455556666")
        self.assertEqual(self.ecs(*elsewhere, code=0).stdout.splitlines()[-1], uncovered)
        self.assertEqual(self.ecs("--account", "111122223333", "--cluster", "dev", code=0).stdout.splitlines()[-1], uncovered)
        as_json = self.ecs(*elsewhere, "-o", "json", code=0)
        self.assertEqual(as_json.stderr.splitlines()[-1], uncovered)
        self.assertEqual(json.loads(as_json.stdout)["items"][0]["decision"], "notCovered")
        self.assertNotIn("not checked", self.ecs(*elsewhere, "--unmatched", "deny", code=1).stdout)
        self.assertNotIn("not checked", self.check("-f", self.good, code=0).stdout)

    def test_files_that_are_something_else_are_named(self):
        for name, text, words in [
            ("template.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: {T: {Image: !Ref Image}}\n", "CloudFormation"),
            ("services.json", '{"services": [{"serviceArn": "a"}], "failures": []}', "aws ecs describe-services"),
            ("trail.json", '{"Records": [{"eventSource": "ecs.amazonaws.com", "eventName": "RunTask"}]}', "CloudTrail"),
            ("list.json", '[{"name": "web", "image": "nginx"}]', "plain list of containers"),
            ("beta.json", '{"apiVersion": "admission.k8s.io/v1beta1", "kind": "AdmissionReview", "request": {"uid": "1"}}',
             "not an AdmissionReview of admission.k8s.io/v1"),
        ]:
            with self.subTest(name=name):
                done = self.run_tegata("check", "--policy", "policy.yaml", "-f", self.file(name, text), code=65)
                self.assertIn(words, done.stdout)

    def test_utf16_and_many_nodes_are_read(self):
        definition = self.file("plain.json", json.dumps({"family": "shop", "containerDefinitions": [{"image": "a.example/b:1"}]}))
        wide = self.folder / "wide.json"
        wide.write_bytes(pathlib.Path(definition).read_text().encode("utf-16"))
        self.run_tegata("check", "--policy", "policy.yaml", "-f", wide, code=1)
        pods = self.file("pods.yaml", "apiVersion: v1\nkind: List\nitems:\n" + "".join(
            "- " + POD.format("registry.example/web:3f2a91c").strip().replace("\n", "\n  ") + "\n  x: [" + "0," * 400 + "]\n"
            for _ in range(145)))
        self.assertEqual(len(self.items("-f", pods, code=0)), 145)

    def test_check_sums_up_the_kinds_that_it_does_not_judge(self):
        objects = "".join(f"---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: a{number}}}\n"
                          for number, kind in enumerate(["ConfigMap", "Service", "ConfigMap"]))
        told = self.check("-f", self.good, "-f", self.file("objects.yaml", objects), code=0)
        self.assertIn("notCovered 3 objects of kinds that Tegata does not judge: 2 v1 ConfigMap, 1 v1 Service;", told.stdout)
        self.assertNotIn("warning", told.stdout)
        self.assertIn("4 judged, 1 allow, 3 notCovered", told.stdout)
        items = self.items("-f", "objects.yaml", code=0)
        self.assertEqual([len(item["warnings"]) for item in items], [1, 1, 1])

    def test_lint_takes_several_paths_and_ends_with_the_worst(self):
        done = self.run_tegata("policy", "lint", "policy.yaml", "broken.yaml", code=64)
        self.assertIn("policy.yaml: 1 policy, 4 rules, no errors", done.stdout)
        self.assertIn("broken.yaml: 2 errors", done.stdout)
        self.run_tegata("policy", "lint", "--strict", "policy.yaml", "policy.yaml", code=1)
        done = self.run_tegata("policy", "lint", "absent.yaml", "policy.yaml", code=64)
        self.assertIn("absent.yaml", done.stderr)
        self.assertIn("policy.yaml: 1 policy", done.stdout)

    def test_usage_is_64_and_says_why(self):
        for arguments, words in [
            ([], "tegata: a subcommand is required: serve, check, verify,"),
            (["chekc"], "tegata: unknown subcommand chekc; there are: serve, check, verify,"),
            (["policy", "lnit"], "tegata policy: unknown subcommand lnit; there are: lint, schema, explain"),
            (["check"], "required"),
            (["check", "--policy", "policy.yaml"], "tegata check: -f, --filename FILE|DIR|- is required"),
            (["check", "--policy", "policy.yaml", "-f"], "tegata check: -f, --filename FILE|DIR|- requires one value"),
            (["check", "-f", self.good, "--polcy", "policy.yaml"], "tegata check: unknown option --polcy"),
            (["policy", "schema", "more"], "tegata policy schema: unexpected argument more"),
            (["replay", "--policy", "policy.yaml"], "tegata replay: AUDIT is required"),
            (["check", "--policy", "policy.yaml", "-f", "absent.yaml"], "absent.yaml"),
            (["check", "--policy", "absent.yaml", "-f", self.good], "absent.yaml"),
            (["check", "--policy", "broken.yaml", "-f", self.good], "broken.yaml:8:"),
            (["check", "--policy", "policy.yaml", "-f", self.good, "--world", "w.json"], "not in this version"),
            (["check", "--policy", "policy.yaml", "-f", self.good, "--as-group", "g"], "--as"),
            (["check", "--policy", "policy.yaml", "-f", self.good, "-o", "yaml"], "yaml"),
            (["check", "--policy", "policy.yaml", "-f", self.good, "--unmatched", "maybe"], "maybe"),
            (["report", "a.jsonl"], "not in this version"),
            (["explain", "01J", "a.jsonl"], "not in this version"),
            (["test", "."], "not in this version"),
            (["verify", "--key", "p256.pub", "a.example/b:1"], "transparency log"),
            (["verify", "--insecure-ignore-tlog", "a.example/b:1"], "--key"),
            (["verify", "--insecure-ignore-tlog", "--key", "absent.pub", "a.example/b:1"], "absent.pub"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "Not A Reference"], "Not A Reference"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "-a", "novalue", "a.example/b:1"], "KEY=VALUE"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "-a", "k=v", "-a", "k=w", "a.example/b:1"], "twice"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "-a", "k=v", "--type", "vuln", "a.example/b:1"], "--type"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", *IDENTITY, "a.example/b:1"], "two different signers"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "--ca-roots", "r.pem", "a.example/b:1"], "--ca-roots"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "--trusted-root", "absent.json", "a.example/b:1"],
             "absent.json"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "--use-signed-timestamps", "a.example/b:1"],
             "timestamp authority"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "--type", "vulnerability", "a.example/b:1"], "vuln"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "--type", "https://sigstore.dev/cosign/sign/v1",
              "a.example/b:1"], "without --type"),
            (["verify", "--certificate-identity", "a", "--trusted-root", ROOT, "a.example/b:1"], "--certificate-oidc-issuer"),
            (["verify", "--certificate-oidc-issuer", "a", "--trusted-root", ROOT, "a.example/b:1"], "--certificate-identity"),
            (["verify", "--certificate-identity", "", "--certificate-oidc-issuer", "b", "--trusted-root", ROOT, "a.example/b:1"],
             "empty"),
            (["verify", *IDENTITY, "--certificate-identity-regexp", "a", "--trusted-root", ROOT, "a.example/b:1"], "both given"),
            (["verify", "--certificate-identity-regexp", "(", "--certificate-oidc-issuer", "b", "--trusted-root", ROOT,
              "a.example/b:1"], "--certificate-identity-regexp"),
            (["verify", *IDENTITY, "a.example/b:1"], "--trusted-root"),
            (["verify", *IDENTITY, "--trusted-root", ROOT, "--ca-roots", "r.pem", "a.example/b:1"], "cannot be combined"),
            (["verify", *IDENTITY, "--ca-intermediates", "r.pem", "a.example/b:1"], "--ca-roots"),
            (["verify", *IDENTITY, "--ca-roots", "r.pem", "--certificate-chain", "c.pem", "a.example/b:1"], "--certificate-chain"),
            (["verify", *IDENTITY, "--ca-roots", CA_ROOT, "a.example/b:1"], "no transparency log"),
            (["verify-bundle"], "required"),
            (["verify-bundle", "--bundle", "b.json", "x"], "--key"),
            (["verify-bundle", "--bundle", "b.json", *IDENTITY, "x"], "--trusted-root"),
            (["verify-blob", "--key", "p256.pub", "x"], "--signature"),
            (["verify-blob", "--key", "p256.pub", "--signature", "s", "--bundle", "b", "x"], "either"),
            (["verify-blob", *IDENTITY, "--trusted-root", ROOT, "--signature", "s", "x"], "--certificate FILE"),
            (["verify-blob", *IDENTITY, "--trusted-root", ROOT, "--certificate", "c", "--signature", "s", "x"], "log entry"),
            (["verify-blob", "--signature", "s", "x"], "say whose signature is required"),
            (["verify-blob", "--key", "p256.pub", "--type", "vuln", "--signature", "s", "x"], "--bundle"),
            (["verify", "--insecure-ignore-tlog", "--key", "p256.pub", "--timeout", "soon", "a.example/b:1"], "soon"),
            (["replay", "--policy", "policy.yaml", "absent.jsonl"], "absent.jsonl"),
            (["replay", "--policy", "policy.yaml", "--evidence-dir", "absent", self.good], "absent"),
            (["policy"], "tegata policy: a subcommand is required: lint, schema, explain"),
            (["policy", "lint", "broken.yaml"], None),
            (["policy", "explain", "spec.rulez"], "rules"),
            (["completion", "tcsh"], "tcsh"),
            (["serve"], "--policy"),
        ]:
            with self.subTest(arguments=arguments):
                done = self.run_tegata(*arguments, code=64)
                if words is not None:
                    self.assertIn(words, done.stderr)
                    self.assertEqual(done.stdout, "")

    def test_serve_takes_its_options_from_line_environment_and_file(self):
        self.file("serve.toml", 'policy = "from-file.yaml"\ntls-cert-file = "c"\ntls-private-key-file = "k"\naudit-log = "-"\n')
        from_file = self.run_tegata("serve", "--config", "serve.toml", code=64)
        self.assertIn("from-file.yaml", from_file.stderr)
        from_variable = self.run_tegata("serve", "--config", "serve.toml", code=64, TEGATA_POLICY="from-variable.yaml")
        self.assertIn("from-variable.yaml", from_variable.stderr)
        from_line = self.run_tegata("serve", "--config", "serve.toml", "--policy", "from-line.yaml", code=64,
                                    TEGATA_POLICY="from-variable.yaml")
        self.assertIn("from-line.yaml", from_line.stderr)
        self.file("typo.toml", 'polciy = "x"\n')
        self.assertIn("polciy", self.run_tegata("serve", "--config", "typo.toml", code=64).stderr)
        self.assertIn("maybe", self.run_tegata("serve", "--config", "serve.toml", code=64, TEGATA_UNMATCHED="maybe").stderr)

    def test_verify_says_missing_apart_from_unknown(self):
        done = self.run_tegata("verify", "--insecure-ignore-tlog", "--key", "p256.pub", "nowhere.invalid/a@" + DIGEST, code=2)
        self.assertTrue(done.stdout.startswith("unknown"), done.stdout)

    def test_policy_lint_schema_explain(self):
        self.assertIn("no errors", self.run_tegata("policy", "lint", "policy.yaml", code=0).stdout)
        self.assertRegex(self.run_tegata("policy", "lint", "broken.yaml", code=64).stdout, r"broken\.yaml:8:\d+: ")
        self.run_tegata("policy", "lint", "--strict", "policy.yaml", code=1)
        json.loads(self.run_tegata("policy", "schema", code=0).stdout)
        self.assertIn("commitId", self.run_tegata("policy", "explain", "spec.rules.tag.format", code=0).stdout)

    def test_a_table_for_people_without_colours_where_nobody_sees_them(self):
        out = self.check("-f", self.bad, code=1).stdout
        self.assertIn("deny", out)
        self.assertIn("RegistryNotAllowed", out)
        self.assertIn("1 judged, 1 deny", out)
        self.assertNotIn("\x1b", out)
        self.assertNotIn("policy   ", out)
        self.assertIn("policy   production: our-registries, commit-id-tags, signed", self.check("-f", self.good, code=0).stdout)
        self.file("elsewhere.yaml", POLICY.replace("spec:\n", "spec:\n  match: {kubernetes: {namespaces: [other]}}\n"))
        told = self.run_tegata("check", "--policy", "elsewhere.yaml", "-f", self.good, code=0).stdout
        self.assertIn("no policy matches it", told)

    def test_a_pod_whose_containers_are_misspelt_is_warned_of(self):
        self.file("misspelt.yaml", 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {container: [{name: c, image: x}]}\n')
        self.assertIn("warning  no container names an image", self.check("-f", "misspelt.yaml", code=0).stdout)

    def test_bytes_from_outside_cannot_move_the_cursor(self):
        self.file("escape.yaml", 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: "x\\e[2J"}]}\n')
        self.assertNotIn("\x1b", self.check("-f", "escape.yaml", code=1).stdout)

    def test_help_has_examples_for_each_command(self):
        for command in ([], ["serve"], ["check"], ["verify"], ["verify-bundle"], ["verify-blob"], ["policy"], ["policy", "lint"], ["replay"], ["version"], ["completion"]):
            self.assertIn("Examples:", self.run_tegata(*command, "--help", code=0).stdout, command)

    def test_version(self):
        self.assertIn("OpenSSL", self.run_tegata("version", code=0).stdout)
        self.assertTrue(json.loads(self.run_tegata("version", "-o", "json", code=0).stdout)["version"])

    def test_completion_knows_every_option_and_bash_takes_it(self):
        script = self.run_tegata("completion", "bash", code=0).stdout
        for word in ("--task-definitions", "--insecure-ignore-tlog", "--audit-log", "lint", "--evidence-dir"):
            self.assertIn(word, script)
        self.assertNotIn("--world", script)
        asked = script + '\nCOMP_WORDS=(tegata check --fai); COMP_CWORD=2; _tegata; echo "${COMPREPLY[@]}"\n' \
                         'COMP_WORDS=(tegata policy l); COMP_CWORD=2; _tegata; echo "${COMPREPLY[@]}"\n'
        done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.stdout.split(), ["--fail-on", "lint"], done.stderr)
        for shell in ("zsh", "fish"):
            self.assertIn("--fail-on" if shell == "zsh" else "-l fail-on", self.run_tegata("completion", shell, code=0).stdout)

    def test_output_that_cannot_be_written_is_no_success(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([TEGATA, "check", "--policy", "policy.yaml", "-f", self.good, "-o", "json"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=60, cwd=self.folder)
        self.assertEqual(done.returncode, 64, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
