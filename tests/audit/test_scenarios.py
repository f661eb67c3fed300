#!/usr/bin/env python3
"""test_scenarios.py BUILD: the audit agrees with each shipped scenario that needs no data, and notices
a changed cell in each table of a run."""

import glob
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import runs  # noqa: E402

# Parameters under which other rows are told: nobody is approved, holds, stakes that do not fall
# from tier to tier (a provider that is never active, one that does not exceed its own tier's X only).
UNUSUAL = (["auto_approve=off"], ["order_hold=on", "unbonding_eras=0"],
           ["initial_tier=4", "tier_7_stake=700 SPON"], ["initial_tier=4", "tier_4_stake=700 SPON"])


def main(orrery):
    scenarios = sorted(glob.glob(os.path.join(runs.SCENARIOS, "*.yaml")))
    for path in scenarios:
        if not os.path.basename(path).startswith("trace-"):
            runs.agree(orrery, path)
    for sets in UNUSUAL:
        runs.agree(orrery, os.path.join(runs.SCENARIOS, "outage-during-lease.yaml"), sets=sets)
    runs.each_table_counts(orrery, os.path.join(runs.SCENARIOS, "outage-during-lease.yaml"))


if __name__ == "__main__":
    main(os.path.join(sys.argv[1], "orrery"))
