#!/usr/bin/env python3
"""Words for a fuzz target, in libFuzzer's form: what the reader looks for, from where it is written.

    dictionary.py TARGET

Prints nothing for a target that reads bytes.
"""
import pathlib
import re
import sys


def found(pattern, *files):
    words = set()
    for name in files:
        for path in sorted(pathlib.Path().glob(name)):
            words.update(re.findall(pattern, path.read_text(encoding="utf-8"), re.M))
    return words


def paths():
    rows = found(r"^PATH\((\w+), +(\w+)", "sim/scenario/paths.def")
    return {f"{entity}.*.{field}" if entity != "network" else f"network.{field}" for entity, field in rows}


def units():
    return set(re.findall(r'"([A-Za-z]+|%)"', pathlib.Path("sim/scenario/units.c").read_text(encoding="utf-8")))


def events():
    return found(r"^LOG\((\w+)", "protocol/log.def")


def scenario():
    keys = found(r'^ +(?:[A-Z]\w*)\("([a-z_]+)"', "sim/scenario/tables_*.c")
    params = found(r"^PARAM\(\w+, +(\w+)", "protocol/params.def")
    return {k + ": " for k in keys | params} | units() | paths() | events() | {"- {", "era ", "count(event ", " where "}


def expr():
    return paths() | units() | events() | {"count(event ", " where ", "sum(", "max(", "min(", "mean(", " and ", " or ",
                                            "not ", " == ", " != ", " >= ", " <= "}


def rpc():
    methods = found(r"^METHOD\((\w+)", "sim/rpc/methods.def")
    return {f'"{m}"' for m in methods} | {'"jsonrpc":"2.0"', '"id":1', '"method":', '"params":[', '"latest"', '"0x',
                                           '"fromBlock":', '"topics":[', '"address":', '"data":', '"blockHash":'}


TARGETS = {"scenario": scenario, "expr": expr, "rpc": rpc, "units": units}


def quoted(word):
    return '"' + "".join(c if c.isalnum() or c in " _.*:-{}()[],%=<>!" else f"\\x{ord(c):02x}" for c in word) + '"'


def main(target):
    for word in sorted(TARGETS[target]() if target in TARGETS else ()):
        print(quoted(word))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
