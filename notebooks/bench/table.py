#!/usr/bin/env python3
"""Measure benchmarks and put their tables, and the plot of the market, where the README shows them.

    table.py PROGRAM [NAME...]      all of them where none is named

A table stands between <!-- bench NAME --> and <!-- end -->.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PLOT = ROOT / "notebooks/images/market-growth.svg"


def measured(program, name):
    command = [program, "bench", name, "--markdown"]
    if name == "market":
        command += ["--plot", str(PLOT)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def white_ground(svg):
    svg = re.sub(r'(<rect x="0" y="0"[^>]*) fill="none"/>', r'\1 fill="white"/>', svg, count=1)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def put(text, name, table):
    block = re.compile(rf"(<!-- bench {name} -->\n).*?(<!-- end -->)", re.S)
    if not block.search(text):
        sys.exit(f"README.md: there is no place for the table of {name}")
    return block.sub(lambda m: m.group(1) + "\n" + table.strip() + "\n\n" + m.group(2), text)


def main(program, names):
    places = re.findall(r"<!-- bench (\w+) -->", README.read_text(encoding="utf-8"))
    for name in names or places:
        table = measured(program, name)
        README.write_text(put(README.read_text(encoding="utf-8"), name, table), encoding="utf-8")
        if name == "market":
            PLOT.write_text(white_ground(PLOT.read_text(encoding="utf-8")), encoding="utf-8")
        print(table)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
