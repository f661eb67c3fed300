#!/usr/bin/env python3
"""Recompute a run from its tables alone: every lease's debit, fees and refund, every wallet, every
reward, slash and tier move, and total supply.  Knows the rules of ../shared/protocol/settled.md and
the meaning of the columns, shares no code with the simulator.

    audit.py RUN_FOLDER

Prints what was checked, and the first differences as table, row, column, expected, found.
Exit code 0: all agrees, 1: something differs, 2: the folder cannot be read."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import balances  # noqa: E402
import leases  # noqa: E402
import slashes  # noqa: E402
import standing  # noqa: E402
import tables  # noqa: E402
import totals  # noqa: E402
import wallets  # noqa: E402

SHOWN = 20


def audit(folder):
    """The report on all runs of a folder."""
    report = tables.Report()
    for run in tables.read_folder(folder):
        found = leases.check(run, report)
        wallets.check(run, report, found)
        s = standing.check(run, report, found)
        balances.check(run, report, found, slashes.check(run, report, s))
        totals.check(run, report, s, found)
    return report


def main(folder):
    try:
        report = audit(folder)
    except (tables.Broken, OSError, UnicodeDecodeError) as why:
        print(f"audit: {why}", file=sys.stderr)
        return 2
    for check in sorted(report.counts):
        print(f"checked {report.counts[check]:>9} {check}")
    for check, table, line, column, expected, found in report.differences[:SHOWN]:
        print(f"differs: {table}.csv:{line} {column}: expected {expected}, found {found} ({check})")
    if len(report.differences) > SHOWN:
        print(f"... and {len(report.differences) - SHOWN} more")
    print(f"{sum(report.counts.values())} checked, {len(report.differences)} differ")
    return 1 if report.differences else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
