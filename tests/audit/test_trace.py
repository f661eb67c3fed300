#!/usr/bin/env python3
"""test_trace.py BUILD: the audit agrees with the shipped scenarios that replay a trace."""

import glob
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import runs  # noqa: E402


def main(orrery):
    data = os.environ.get("DATA", os.path.join("..", "shared", "data"))
    if not os.path.isdir(data):
        print(f"no data in {data}")
        sys.exit(77)
    for path in sorted(glob.glob(os.path.join(runs.SCENARIOS, "trace-*.yaml"))):
        runs.agree(orrery, path, data)


if __name__ == "__main__":
    main(os.path.join(sys.argv[1], "orrery"))
