#!/usr/bin/env python3
"""Tegata's main job on an embedded default: a real registry and a real TLS webhook on loopback,
recorded AdmissionReviews of a real API server, and ECS events. Run it by ./scripts/demo.

Only the image strings of the recordings are replaced, so that they name the local registry.
usage: demo.py TEGATA
"""
import json
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.error
import urllib.request

import registry

ROOT = pathlib.Path(__file__).resolve().parents[1]
DATA = ROOT / "tests/testdata"
COMMIT = "4c6bdf556bb17f452e944b2693d0d7fe2bf4c1fe"
OTHER_COMMIT = "40eb9844db73a2db969f825e5e4ec43cbde61484"

# The images in the registry: repository, tag, and the recorded case that gives image and signatures.
IMAGES = [
    ("shop/app", COMMIT, "legacy-key-p256"),           # .sig tag, by the CI's key
    ("shop/proxy", OTHER_COMMIT, "bundle-key-p256"),   # sigstore bundle, by the CI's key
    ("shop/app", "1.4.2", "legacy-key-p256"),
    ("shop/unsigned", COMMIT, "neg-unsigned"),
    ("shop/stranger", COMMIT, "legacy-key-ed25519"),   # signed, by a key that no policy names
    ("legacy/pay", COMMIT, "neg-unsigned"),
    ("trial/app", COMMIT, "legacy-key-p256"),
]
SERVICE_ACCOUNT = "pod-create-sa-token.02.validate.json"
# Requests: title, recording, images in the order of its fields, expected reason or decision.
REVIEWS = [
    ("signed, commit-ID tag, by the pipeline", SERVICE_ACCOUNT, ["R/shop/app:C"], "allow"),
    ("signed with a sigstore bundle", "deploy2-create-by-sa.02.validate.json", ["R/shop/proxy:O"], "allow"),
    ("not signed", SERVICE_ACCOUNT, ["R/shop/unsigned:C"], "SignatureMissing"),
    ("signed with another key", SERVICE_ACCOUNT, ["R/shop/stranger:C"], "SignatureByOtherSigner"),
    ("from a registry that is not ours", SERVICE_ACCOUNT, ["docker.io/library/nginx:C"], "RegistryNotAllowed"),
    ("the tag is not a commit ID", SERVICE_ACCOUNT, ["R/shop/app:1.4.2"], "TagNotCommitId"),
    ("deployed manually", "pod-create-impersonated.02.validate.json", ["R/shop/app:C"], "DeployerNotAllowed"),
    ("not signed, but exempted", SERVICE_ACCOUNT, ["R/legacy/pay:C"], "allow"),
    ("breaks a rule that is in dry-run", SERVICE_ACCOUNT, ["R/trial/app:C"], "allow"),
    ("its registry does not answer", SERVICE_ACCOUNT, ["D/shop/app:C"], "RegistryUnreachable"),
    ("three images, one of them bad", "deploy1-create.02.validate.json",
     ["R/shop/app:C", "R/shop/unsigned:C", "R/shop/proxy:O"], "SignatureMissing"),
    ("a Pod that a controller makes", "deploy1-create.10.validate.json",
     ["R/shop/app:C", "R/shop/app:C", "R/shop/proxy:O"], "allow"),
]


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


def review_of(recording, images):
    review = json.loads((DATA / "admission-reviews" / recording).read_text())
    places = images_in(review["request"]["object"]["spec"], [])
    assert len(places) == len(images), f"{recording} has {len(places)} images"
    for place, image in zip(places, images):
        place["image"] = image
    return review


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=tegata-demo", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", folder / "tls.key", "-out", folder / "tls.crt"], check=True, capture_output=True)
    return ssl.create_default_context(cafile=str(folder / "tls.crt"))


def wait_until_ready(process, url):
    for _ in range(200):
        if process.poll() is not None:
            sys.exit(f"tegata serve ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{url} was never ready")


def paragraphs(text, indent="      "):
    """Wrapped lines; what follows `expected:`, `found:` and `fix:` continues below its first word."""
    for line in text.splitlines():
        labelled = re.match(r" *(?:expected|found|fix): *", line)
        hang = len(labelled[0]) if labelled else 2
        yield textwrap.fill(line, 110, initial_indent=indent, subsequent_indent=indent + " " * hang, break_long_words=False, break_on_hyphens=False)


def lines_of(finding):
    subject = "image " + finding["image"] if finding["image"] else "the deployment"
    return "\n".join([f"{subject}: {finding['reason']}", *(f"  {name + ':':<9} {finding[member]}" for name, member in
                      (("expected", "expected"), ("found", "found"), ("fix", "remedy")))])


def show(number, title, who, decision, text):
    mark = {"allow": "ALLOW", "deny": "DENY "}[decision]
    print(f"{number:>3}  {mark}  {title:<42} {who}")
    for paragraph in paragraphs(text):
        print(paragraph)


def judge_reviews(url, trust, fill):
    wrong = 0
    print("\nKubernetes: recorded AdmissionReviews, sent to `tegata serve` over TLS\n")
    for number, (title, recording, images, expected) in enumerate(REVIEWS, 1):
        review = review_of(recording, [fill(image) for image in images])
        request = urllib.request.Request(url, json.dumps(review).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
            response = json.load(answer)["response"]
        decision = "allow" if response["allowed"] else "deny"
        message = response.get("status", {}).get("message", "")
        show(number, title, review["request"]["userInfo"]["username"], decision, message)
        reasons = response.get("auditAnnotations", {}).get("reasons", "")
        right = decision == "allow" if expected == "allow" else decision == "deny" and expected in message
        if title.endswith("dry-run"):
            right = right and "SignatureByOtherSigner" in reasons
            print(f"      recorded: it would be denied ({reasons})")
        if not right:
            wrong += 1
            print(f"      NOT AS EXPECTED: {expected}")
    return wrong


def judge_ecs(tegata, folder, options, fill):
    """A task definition and two CloudTrail events, judged by `tegata check`."""
    definitions = folder / "task-definitions"
    definitions.mkdir()
    world = json.loads((DATA / "aws-events/world.json").read_text())["taskDefinitions"]
    for revision, image in (("42", "R/shop/app:C"), ("43", "R/shop/proxy:O")):
        definition = world[f"arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-api:{revision}"]
        definition["containerDefinitions"][0]["image"] = fill(image)
        (definitions / f"shop-api-{revision}.json").write_text(json.dumps({"taskDefinition": definition}))
    unsigned = json.loads((definitions / "shop-api-43.json").read_text())
    unsigned["taskDefinition"]["containerDefinitions"][0]["image"] = fill("R/shop/unsigned:C")
    (folder / "unsigned-task-definition.json").write_text(json.dumps(unsigned))

    print("\nECS: a task definition and two CloudTrail events, judged by `tegata check`\n")
    inputs = [
        ("a task definition whose image is not signed", folder / "unsigned-task-definition.json", "SignatureMissing"),
        ("UpdateService by the pipeline's role", DATA / "aws-events/updateservice-ci-new-taskdef.json", "allow"),
        ("RunTask by an administrator in the console", DATA / "aws-events/runtask-sso-admin-console.json", "DeployerNotAllowed"),
    ]
    wrong = 0
    for number, (title, path, expected) in enumerate(inputs, len(REVIEWS) + 1):
        done = subprocess.run([tegata, "check", "-f", path, "--task-definitions", definitions, "-o", "json", *options],
                              capture_output=True, text=True, timeout=60)
        try:
            item = json.loads(done.stdout)["items"][0]
        except (ValueError, LookupError):
            sys.exit(f"tegata check {path} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
        show(number, title, item["who"] or "(no name given)", item["decision"],
             "\n".join(lines_of(finding) for finding in item["findings"]))
        if (item["decision"] != "allow") if expected == "allow" else (expected not in item["reasons"]):
            wrong += 1
            print(f"      NOT AS EXPECTED: {expected}")
    return wrong


def main():
    tegata = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="tegata-demo-") as name:
        folder = pathlib.Path(name)
        started = time.monotonic()
        with registry.DockerRegistry(folder / "registry") as images:
            for repository, tag, case in IMAGES:
                images.push_case(DATA / "sigstore/cases" / case, repository, tag)
            here, dead = images.address, f"127.0.0.1:{registry.free_port()}"
            fill = lambda image: image.replace("R/", here + "/", 1).replace("D/", dead + "/", 1).replace(":C", ":" + COMMIT).replace(":O", ":" + OTHER_COMMIT)
            (folder / "keys").mkdir()
            (folder / "keys/ci.pub").write_bytes((DATA / "sigstore/keys/p256.pub").read_bytes())
            (folder / "keys/next.pub").write_bytes((DATA / "sigstore/keys/ed25519.pub").read_bytes())
            policy = folder / "policy.yaml"
            policy.write_text((ROOT / "demo/policy.yaml").read_text().replace("DEAD_REGISTRY", dead).replace("REGISTRY", here))
            options = ["--policy", str(policy), "--insecure-plain-http", here, "--insecure-plain-http", dead]

            trust = certificate(folder)
            port, metrics = registry.free_port(), registry.free_port()
            served = subprocess.Popen([tegata, "serve", *options, "--listen", f"127.0.0.1:{port}", "--metrics-listen", f"127.0.0.1:{metrics}",
                                       "--tls-cert-file", folder / "tls.crt", "--tls-private-key-file", folder / "tls.key",
                                       "--audit-log", folder / "audit.jsonl"], stderr=open(folder / "serve.log", "wb"))
            try:
                wait_until_ready(served, f"http://127.0.0.1:{metrics}/readyz")
                print(f"registry {here} with {len(IMAGES)} images, `tegata serve` on 127.0.0.1:{port}, policy demo/policy.yaml")
                wrong = judge_reviews(f"https://127.0.0.1:{port}/validate?timeout=10s", trust, fill)
                wrong += judge_ecs(tegata, folder, options, fill)
                records = sum('"DecisionRecord"' in line for line in open(folder / "audit.jsonl"))
                print(f"\n{records} decisions recorded (`check` records nothing); {time.monotonic() - started:.1f} s. The policy is demo/policy.yaml with the addresses of this run in it (a template: `policy lint` wants them filled in). Next: README.md, \"A policy\".")
            finally:
                served.send_signal(signal.SIGTERM)
                served.wait(timeout=60)
    if wrong or served.returncode != 0:
        sys.exit(f"demo: {wrong} answers were not as expected; serve ended with {served.returncode}")


main()
