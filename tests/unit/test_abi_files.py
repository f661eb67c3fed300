#!/usr/bin/env python3
"""test_abi_files.py BUILD: every function, event and error of the deployed contracts.

Our canonical signatures, selectors and topics are those of spheron/abi/signatures.csv, and our
JSON says what the published ABI files say.  Exit code 77 where the specification is not there.
"""

import csv
import json
import pathlib
import subprocess
import sys

ABI = pathlib.Path("../shared/spheron/abi")
KINDS = ("function", "event", "error")


def ours(build, signatures):
    """(canonical, topic, JSON entry) of each signature."""
    lines = "".join(s + "\n" for s in signatures)
    out = subprocess.run([build + "/tests/unit/test_abi_type", "print"], input=lines,
                         capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(out) == len(signatures)
    return [(c, t, json.loads(j)) for c, t, j in (line.split("\t") for line in out)]


def signature(entry):
    """What a person would write for an entry of a JSON ABI."""
    def params(those):
        return "(" + ", ".join(param(p) for p in those) + ")"

    def param(p):
        kind = p["type"]
        if kind.startswith("tuple"):
            kind = params(p["components"]) + kind[len("tuple"):]
        return " ".join(w for w in (kind, "indexed" if p.get("indexed") else "", p["name"]) if w)

    text = entry["type"] + " " + entry["name"] + params(entry["inputs"])
    if entry.get("stateMutability", "nonpayable") != "nonpayable":
        text += " " + entry["stateMutability"]
    return text + (" returns " + params(entry["outputs"]) if entry.get("outputs") else "")


def bare(value):
    """An entry without what the compiler alone knows."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k != "internalType"}
    return [bare(v) for v in value] if isinstance(value, list) else value


def main(build):
    if not ABI.is_dir():
        print(f"no {ABI}")
        sys.exit(77)
    wrong = []

    with open(ABI / "signatures.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, (canonical, topic, _) in zip(rows, ours(build, [r["named_signature"] for r in rows])):
        want = row["selector_or_topic"]
        if canonical != row["signature"] or topic[:len(want)] != want or len(want) not in (10, 66):
            wrong.append(f"{row['named_signature']}: {canonical} {topic}")

    entries = [entry for path in sorted(ABI.glob("*/*.json"))
               for entry in json.loads(path.read_text(encoding="utf-8")) if entry["type"] in KINDS]
    for entry, (_, _, got) in zip(entries, ours(build, [signature(e) for e in entries])):
        if got != bare(entry):
            wrong.append(f"{entry}\n  {got}")

    assert len(rows) > 1000 and len(entries) > 1000
    if wrong:
        print("\n".join(wrong))
        sys.exit(1)
    print(f"ok - {len(rows)} signatures and {len(entries)} entries of JSON")


if __name__ == "__main__":
    main(sys.argv[1])
