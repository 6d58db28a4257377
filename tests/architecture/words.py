#!/usr/bin/env python3
"""Plain words: lists words and phrases that text of this repository should not use, each with a suggestion.

Reads source comments and strings, docs, charts and scripts. A phrase under REFUSED fails the check; one under
REPORTED is printed and does not fail it. To refuse a phrase, move its line from REPORTED to REFUSED.
Arguments: `--brief` prints one line for each reported phrase instead of one for each hit; `--strict` treats
REPORTED as REFUSED; `--self-test` shows that a planted phrase is found; file or folder names limit the check.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("policy", "verifier", "webhook")  # *.h and *.cc
TEXTS = ("docs", "charts", "scripts", "deploy", "demo")  # every file
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")

# regular expression (whole words, any case; a space also matches a line break inside a comment) -> suggestion
REFUSED = {
    "a thing": "name it",
    "in words": "as text",
    "wish(?:es|ed)?": "setting, request",
    "fit to print": "printable",
    "in vain": "without effect",
    "the other way round": "the reverse",
    "as it stands": "unchanged",
    "for ever": "permanently, without end",
    "nobody": "no one, or say what does not happen",
    "by hand": "manually",
    "let alone": "and not",
    "so to speak": "(drop it)",
    "says goodbye": "closes the connection",
    "lies about": "does not match",
    "had better": "should",
    "comes? to nothing": "fails",
    "knows? nothing of": "does not use",
    "by and by": "later",
    "behold|thereof|hereby|whereof|henceforth": "(drop it)",
}
REPORTED = {
    "whoever": "anyone who, or name the actor",
    "somebody": "a user, a caller, another process",
    "anybody": "anyone",
    r"(?<!there\x20)(?:is|was) no(?! longer| more)": "is not a, or: invalid",
    r"(?<!there\x20)are no(?! longer| more)": "are not",
    "stands?": "is, is listed",
    "is over": "has expired, has ended",
    "of its own": "its own, separate",
    "at hand": "available, current",
    "anew": "again",
    "told|tells": "reports, says; of a program: is configured, is notified",
    "ask(?:s|ed) for": "requires (keep it for queries)",
    "such a": "this, a … like this",
    "bugs? of ours": "internal error",
    r"design\.md|reference/[a-z0-9-]+\.md": "cite a public specification, or a file of this repository",
}
# phrase -> files that may use it, with the reason
ALLOWED: dict = {
    # "told|tells": {"docs/example.md"},  # quotes another project
}

BREAK = r"(?:\s+|\s*\n\s*(?://[/!]?<?|#|>)?\s*)"


def compiled(phrase: str):
    return re.compile(r"(?<![\w-])(?:" + phrase.replace(" ", BREAK) + r")(?![\w-])", re.I)


def suggestion(phrase: str):
    return REFUSED.get(phrase) or REPORTED[phrase]


def hits_of(path: str, text: str, phrases: dict):
    """(line, phrase, matched text) of each use of a phrase that this file may not use."""
    for phrase in phrases:
        if path in ALLOWED.get(phrase, ()):
            continue
        for found in compiled(phrase).finditer(text):
            yield text.count("\n", 0, found.start()) + 1, phrase, re.sub(BREAK, " ", found.group())


def files():
    found = [ROOT / name for name in PAGES]
    found += [path for room in SOURCES for path in (ROOT / room).rglob("*") if path.suffix in (".h", ".cc")]
    found += [path for room in TEXTS for path in (ROOT / room).rglob("*") if "__pycache__" not in path.parts]
    for path in sorted(found):
        if path.is_file():
            yield str(path.relative_to(ROOT)), path.read_text(errors="replace")


def self_test():
    phrases = {"what is over": "expired", "whoever": "anyone who"}
    text = "/// one\n/// WHOEVER reads what\n  /// is over, not whoever-else or whoevers\n"
    found = [(line, phrase) for line, phrase, _ in hits_of("a.h", text, phrases)]
    if found != [(2, "what is over"), (2, "whoever")]:
        sys.exit(f"words: the self-test found {found}")
    both = REFUSED.keys() & REPORTED.keys()
    unknown = ALLOWED.keys() - REFUSED.keys() - REPORTED.keys()
    if both or unknown:
        sys.exit(f"words: listed twice: {sorted(both)}; exceptions for unlisted phrases: {sorted(unknown)}")
    print(f"words: {len(REFUSED)} phrases refused, {len(REPORTED)} reported")


def main():
    if "--self-test" in sys.argv:
        return self_test()
    brief, strict = "--brief" in sys.argv, "--strict" in sys.argv
    only = tuple(argument.rstrip("/") for argument in sys.argv[1:] if not argument.startswith("--"))
    refused = {**REFUSED, **REPORTED} if strict else REFUSED
    counts = dict.fromkeys({**REFUSED, **REPORTED}, 0)
    example = {}
    for name, text in files():
        if only and not any(name == each or name.startswith(each + "/") for each in only):
            continue
        for line, phrase, words in hits_of(name, text, counts):
            counts[phrase] += 1
            example.setdefault(phrase, words.lower())
            if phrase in refused or not brief:
                level = "" if phrase in refused else "(reported) "
                print(f"{name}:{line}: {level}'{words}': write {suggestion(phrase)}")
    reported = {phrase: count for phrase, count in counts.items() if count and phrase not in refused}
    if brief:
        for phrase, count in reported.items():
            print(f"words: {count:3} times '{example[phrase]}' (reported): write {suggestion(phrase)}")
    failures = sum(counts[phrase] for phrase in refused)
    if failures:
        sys.exit(f"words: {failures} refused, {sum(reported.values())} reported")
    print(f"words: none refused, {sum(reported.values())} reported")


main()
