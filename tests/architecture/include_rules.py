#!/usr/bin/env python3
"""Holds the direction of dependencies (ARCHITECTURE.md) by reading every #include.

webhook -> verifier -> policy/model, and webhook -> policy -> policy/model; policy and verifier never
see each other; policy/model knows only the standard library; each third-party library is behind its wall.
`--self-test` shows that a breach of each rule is found.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)

# folder prefix -> prefixes of ours that it may include (the longest matching prefix decides)
MAY_INCLUDE = {
    "policy/model/": ["policy/model/"],
    "policy/": ["policy/"],
    "verifier/": ["verifier/", "policy/model/"],
    "webhook/": ["webhook/", "verifier/", "policy/"],
}
# the stages of verifier/sigstore: each knows the rooms below it, itself, and these stages
STAGES = {"candidate": [], "root": [], "discover": ["candidate"], "proof": ["candidate", "root"]}
for stage, earlier in STAGES.items():
    MAY_INCLUDE[f"verifier/sigstore/{stage}/"] = [
        "policy/model/", "verifier/crypto/", "verifier/file/", "verifier/json/", "verifier/oci/",
        "verifier/sigstore/rejection.h", "verifier/sigstore/message_members.h",
        *(f"verifier/sigstore/{name}/" for name in [stage, *earlier]),
    ]

# the services of AWS: beside the rooms below it, only the interface that an ECR login implements
MAY_INCLUDE["verifier/aws/"] = [
    "policy/model/", "verifier/crypto/", "verifier/file/", "verifier/json/", "verifier/net/", "verifier/oci/credentials.h",
    "verifier/aws/",
]

# library header -> the only places that may include it
WALLS = {
    r"yaml-cpp/": ["policy/document/read_yaml.cc", "webhook/kubernetes/manifest_yaml.cc"],
    r"re2/": ["policy/"],
    r"openssl/": ["verifier/crypto/", "webhook/http/tls_context", "webhook/http/byte_stream.cc"],
    r"sodium": ["verifier/crypto/", "webhook/decision_id.cc"],
    r"curl/": ["verifier/net/"],
    r"httplib": ["webhook/http/httplib_router.cc"],
    r"simdjson": ["webhook/kubernetes/"],
    r"prometheus/": ["webhook/metrics/"],
    r"CLI/": ["webhook/main/", "webhook/cli/"],
    r"nlohmann/": ["verifier/", "webhook/", "policy/document/schema.cc"],
}
# what policy/ may not touch: it has no network, file or clock
NOT_IN_POLICY = {"fstream", "filesystem", "iostream", "thread", "mutex", "sys/socket.h", "unistd.h", "fcntl.h"}


def breaches_of(path: str, text: str):
    """Every include of `text` that a file at `path` may not have."""
    room = max((prefix for prefix in MAY_INCLUDE if path.startswith(prefix)), key=len)
    for bracket, header in INCLUDE.findall(text):
        if bracket == '"':
            if not any(header.startswith(prefix) for prefix in MAY_INCLUDE[room]):
                yield f"{path}: may not include \"{header}\" (allowed: {', '.join(MAY_INCLUDE[room])})"
            continue
        for library, places in WALLS.items():
            if re.match(library, header) and not any(path.startswith(place) for place in places):
                yield f"{path}: <{header}> belongs behind its wall ({', '.join(places)})"
        if room == "policy/model/" and ("/" in header or header.endswith(".h")):
            yield f"{path}: policy/model knows only the standard library, not <{header}>"
        if path.startswith("policy/") and header in NOT_IN_POLICY:
            yield f"{path}: policy/ is pure, so no <{header}>"
    if path.startswith("policy/") and path != "policy/model/deadline.h" and re.search(r"\b\w*[Cc]lock::now\(", text):
        yield f"{path}: policy/ reads no clock"
    if re.search(r"#\s*include\s*<regex>", text):
        yield f"{path}: std::regex is forbidden"


def self_test():
    breaking = {
        "policy/model/a.h": '#include "policy/engine/engine.h"',
        "policy/model/b.h": "#include <openssl/evp.h>",
        "policy/engine/a.cc": '#include "verifier/crypto/hash.h"',
        "policy/rules/a.cc": "#include <fstream>",
        "policy/rules/b.cc": "auto t = std::chrono::system_clock::now();",
        "verifier/oci/a.cc": '#include "policy/engine/engine.h"',
        "verifier/oci/b.cc": '#include "webhook/decide.h"',
        "verifier/oci/c.cc": "#include <curl/curl.h>",
        "verifier/sigstore/candidate/a.cc": '#include "verifier/sigstore/proof/prove_signer.h"',
        "verifier/aws/a.cc": '#include "verifier/evidence/gather.h"',
        "webhook/cli/a.cc": "#include <httplib.h>",
        "webhook/ecs/a.cc": "#include <regex>",
    }
    missed = [path for path, text in breaking.items() if not list(breaches_of(path, text))]
    if missed:
        sys.exit(f"include_rules: breaches that were not found: {missed}")
    print(f"include_rules: {len(breaking)} planted breaches found")


def main():
    if "--self-test" in sys.argv:
        return self_test()
    files = [p for room in ("policy", "verifier", "webhook") for p in (ROOT / room).rglob("*") if p.suffix in (".h", ".cc")]
    found = [b for p in sorted(files) for b in breaches_of(str(p.relative_to(ROOT)), p.read_text())]
    print("\n".join(found))
    if found or len(files) < 20:
        sys.exit(f"include_rules: {len(found)} breaches in {len(files)} files")
    print(f"include_rules: {len(files)} files, no breach")


main()
