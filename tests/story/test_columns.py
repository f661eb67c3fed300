#!/usr/bin/env python3
"""Each column of each table takes two values somewhere in the shipped runs: one that nobody fills
would be 0, or empty, in all of them."""

import csv
import glob
import os
import subprocess
import sys
import tempfile

# Columns that say the same in all of them, and why.
ALIKE = {
    "runs.native_token": "it is SPON everywhere",
    "runs.profile": "whitepaper is the only one yet",
    "providers.delegated_spon": "nobody delegates yet",
    "slashes.delegated_spon": "nobody delegates yet",
    "slashes.unbonding_spon": "nobody is slashed while stake unbonds",
    "wallets.transferred_in_wei": "a wallet is given as a whole (owners), nothing moves between two",
    "wallets.transferred_out_wei": "a wallet is given as a whole (owners), nothing moves between two",
    "eras.to_dust_spon": "no slash leaves a rest",
    "slashes.dust_spon": "no slash leaves a rest",
    "users.demands_turned_away": "no user has all its places for jobs taken",
}

# What the shipped scenarios leave alike, in one small run.
VARIETY = """name: variety
question: What do columns say that are alike in every shipped scenario?
eras: 3
params: {bonus_amount: 10 SPON, bonus_lease_hours: 1 h, compliance_boost: 50%, order_hold: on}
population:
  providers:
    - {name: p1, machines: [{cpu: 64, ram: 256GiB}], compliance: [SOC2], ask: 0.0700000000000007 SPON}
    - {name: p2, machines: [{cpu: 64, ram: 256GiB}], tokens: [USDX], ask: 0.070001 USDX}
  users:
    - {name: u1, deposit: 1000 SPON, outage_patience: 0s}
    - {name: u2, token: USDX, deposit: 1000 USDX}
orders:
  - {at: 1h, user: u1, cpu: 3, ram: 8GiB, replicas: 2, max_price: 1 SPON, duration: 60h}
  - {at: 1h, user: u2, cpu: 4, ram: 7GiB, replicas: 1, max_price: 1 USDX, duration: 61h}
  - {at: era 2 + 86399s, user: u1, cpu: 1, ram: 1GiB, max_price: 5 SPON, duration: 1h}
timeline:
  - {at: 3h, halt: {for: 30s}}
  - {at: 4h, down: {who: p1, for: 100min}}
  - {at: 5h, set: {commission_bps: 10%}}
output: {transfers: true}
"""


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


def run(orrery, scenario, out, *options):
    command = [orrery, "run", scenario, "--out", out, "--quiet", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode not in (0, 1):  # 1: an expectation of the scenario itself
        fail(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}")


def look(path, seen):
    """Up to two values of each column."""
    table = os.path.splitext(os.path.basename(path))[0]
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        columns = [seen.setdefault(f"{table}.{name}", set()) for name in next(rows)]
        missing = [(i, values) for i, values in enumerate(columns) if len(values) < 2]
        for row in rows:
            if not missing:
                return
            for i, values in missing:
                values.add(row[i])
            missing = [(i, values) for i, values in missing if len(values) < 2]


def main(orrery):
    seen = {}
    with tempfile.TemporaryDirectory() as out:
        variety = os.path.join(out, "variety.yaml")
        with open(variety, "w", encoding="utf-8") as file:
            file.write(VARIETY)
        for scenario in [*sorted(glob.glob("scenarios/*.yaml")), variety]:
            name = os.path.basename(scenario)
            if name == "trace-openb.yaml":  # what a column says must not hang on --data
                continue
            run(orrery, scenario, os.path.join(out, name + ".d"), "--seed", "2" if scenario == variety else "1",
                *(["--arm", "commission-10"] if name == "fee-change.yaml" else []))
        for path in sorted(glob.glob(os.path.join(out, "*.d", "*", "*.csv"))):
            look(path, seen)
    alike = {column for column, values in seen.items() if len(values) < 2 and not column.endswith(".run")}
    for column in sorted(alike - set(ALIKE)):
        print(f"# {column} is {seen[column] or 'nothing'} in every row")
    if alike - set(ALIKE):
        fail("columns that nobody fills? fill them, show them in a scenario, or say in ALIKE why")
    if set(ALIKE) - alike:
        fail(f"{', '.join(sorted(set(ALIKE) - alike))}: listed in ALIKE, but not alike")
    print(f"ok - {len(seen)} columns, of which {len(alike)} are alike for a reason")


if __name__ == "__main__":
    main(os.path.join(sys.argv[1], "orrery"))
