#!/usr/bin/env python3
"""The audit agrees with a run that was reckoned by hand, and notices one changed cell in every column
of every table, but for those that nothing depends on."""

import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import audit  # noqa: E402
import changed  # noqa: E402
import sample  # noqa: E402

# What the audit takes as it is (names, hashes, what was asked for), or uses less exactly than to
# the unit: moments that only have to lie on one side of another.
TAKEN = {
    "balances": "account name", "checkpoints": "time_ns rolling_hash state_hash", "claims": "block second_s",
    "eras": "closed_block", "extensions": "block second_s",
    "fleet": "name region contract ram_mib disk_gib gpu_models auto_stake",
    "invariants": "id cadence evaluated in_full", "leases": "gpu_model",
    "orders": "gpu_model region worst_tier max_price_wei reason",
    "outages": "announced down_block down_s up_block up_s", "owners": "from_s", "params": "unit",
    "prices": "second_s", "providers": "response_us feedback_tenths", "ratings": "line",
    "runs": "arm seed scenario profile end_s blocks events rolling_hash state_hash", "stakes": "block slash",
    "standing": "block papers_era", "users": "name region address refused demands_done demands_failed demands_given_up demands_turned_away",
    "transfers": "block tx second_s cause from_id to_id", "wallet_moves": "block second_s"}


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


def check_agrees(folder):
    report = audit.audit(folder)
    for difference in report.differences:
        print(f"# {difference}")
    if report.differences or not report.counts or 0 in report.counts.values():
        fail("the audit differs from the hand-made run")
    print(f"ok - {sum(report.counts.values())} figures of the hand-made run")


def check_columns(folder, table):
    """Every column in at least one of the rows."""
    lines = changed.read(folder, table)
    missed = {column for column in lines[0]
              if not any(changed.is_noticed(folder, table, lines, i, column) for i in range(1, len(lines)))}
    if missed - set(TAKEN.get(table, "").split()):
        fail(f"{table}.csv: no change is noticed in {', '.join(sorted(missed))}: audit it or list it in TAKEN")
    return len(lines[0]) - len(missed)


def main():
    with tempfile.TemporaryDirectory() as folder:
        sample.write(folder)
        check_agrees(folder)
        tables = [t for t in sample.sample() if len(changed.read(folder, t)) > 1]
        columns = sum(check_columns(folder, t) for t in tables)
    print(f"ok - a changed cell is noticed in {columns} columns of {len(tables)} tables")


if __name__ == "__main__":
    main()
