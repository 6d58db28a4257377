#!/usr/bin/env python3
"""Files have one idea each: none is over 400 lines, and the median stays near 100."""
import pathlib
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CEILING = 400

sizes = {
    str(path.relative_to(ROOT)): len(path.read_text().splitlines())
    for room in ("policy", "verifier", "webhook", "tests")
    for path in (ROOT / room).rglob("*")
    if path.suffix in (".h", ".cc")
}
long_files = {path: lines for path, lines in sizes.items() if lines > CEILING}
for path, lines in sorted(long_files.items()):
    print(f"{path}: {lines} lines (ceiling {CEILING}); is it one idea?")
print(f"size_rules: {len(sizes)} files, median {statistics.median(sizes.values()):.0f} lines, longest {max(sizes.values())}")
if long_files:
    sys.exit(1)
