#!/usr/bin/env python3
"""What the README shows is what the program says: every `$ command` of it is run, in order, and so
are the runs whose summaries it prints.  Wall-clock times alone may differ."""

import os
import re
import subprocess
import sys
import tempfile

# Summaries that are shown without a `$`, by the first word of them.
DATA = os.path.abspath(os.environ.get("DATA", "../shared/data"))
SUMMARIES = {"baseline": "", "fee-change": "", "trace-openb": f" --data {DATA}"}
TIMES = re.compile(r"^Run +[0-9].*? s, ")


def blocks(text):
    """The lines of each fenced block, and the line at which it begins."""
    lines = text.split("\n")
    fences = [i for i, line in enumerate(lines) if line.startswith("```")]
    for start, end in zip(fences[::2], fences[1::2]):
        yield start + 2, lines[start + 1 : end]


def transcripts(lines, first):
    """(line, command, what it says) of a block."""
    at = [i for i, line in enumerate(lines) if line.startswith("$ ")]
    for i, end in zip(at, at[1:] + [len(lines)]):
        yield first + i, lines[i][2:], lines[i + 1 : end]


def says(command, folder):
    done = subprocess.run(
        command, shell=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return [TIMES.sub("Run ", line) for line in done.stdout.rstrip("\n").split("\n")]


def compare(line, command, shown, folder):
    shown = [TIMES.sub("Run ", said) for said in shown]
    said = says(command, folder)
    if said == shown:
        return True
    differ = [i for i, pair in enumerate(zip(shown, said)) if pair[0] != pair[1]]
    i = differ[0] if differ else min(len(shown), len(said))
    print(f"README.md:{line}: $ {command}")
    print(f"  shown  {shown[i] if i < len(shown) else '(nothing more)'}")
    print(f"  said   {said[i] if i < len(said) else '(nothing more)'}")
    return False


def main():
    root = os.getcwd()
    well, count = True, 0
    with open("README.md", encoding="utf-8") as f:
        text = f.read()
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "build"))
        os.symlink(os.path.join(root, sys.argv[1]), os.path.join(folder, "build", "release"))
        for name in ["scenarios", "tests"]:
            os.symlink(os.path.join(root, name), os.path.join(folder, name))
        for first, lines in blocks(text):
            name = lines[0].split(" ")[0].rstrip(":") if lines else ""
            if name in SUMMARIES:
                if SUMMARIES[name] and not os.path.isdir(DATA):
                    print(f"{name} is not compared: there is no {DATA}")
                    continue
                command = f"build/release/orrery run scenarios/{name}.yaml{SUMMARIES[name]}"
                well &= compare(first, command, lines, folder)
                count += 1
            for line, command, shown in transcripts(lines, first):
                well &= compare(line, command, shown, folder)
                count += 1
    if count < 10:
        print(f"only {count} examples were found in the README")
        well = False
    return 0 if well else 1


sys.exit(main())
