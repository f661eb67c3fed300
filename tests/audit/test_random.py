#!/usr/bin/env python3
"""test_random.py BUILD [FIRST LAST]: no invariant is violated in small scenarios by chance, and the audit agrees with
each; before them, what such scenarios have found.  With seeds, the scenarios of those alone."""

import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import chance  # noqa: E402
import runs  # noqa: E402

SEEDS = range(1, 71)  # some ten seconds


def one(name, timeline, orders=(), eras=3, provider=None, **more):
    """One provider and one user, who pays in USDX."""
    p1 = {"name": "p1", "machines": [{"cpu": 32, "ram": "128GiB"}], "tokens": ["SPON", "USDX"], "ask": "0.2 USDX",
          "stake": "600 SPON", "initial_tier": 4}
    return {"name": name, "question": "Do the rules and the audit come to the same figures?", "eras": eras,
            "tokens": [{"symbol": "SPON", "usd": "0.1 USD"}, {"symbol": "USDX", "decimals": 6, "usd": "1 USD"}],
            "population": {"providers": [{**p1, **(provider or {})}],
                           "users": [{"name": "u1", "token": "USDX", "deposit": "100 USDX", "outage_patience": "0s"}]},
            "orders": [{"user": "u1", "cpu": 4, "ram": "8GiB", "max_price": "1 USDX", **order} for order in orders],
            "timeline": [{"at": at, kind: what} for at, kind, what in timeline], **more}


def found():
    """What these scenarios, or the like, have found."""
    down = {"who": "p1", "for": "10min"}
    yield one("a-shorter-standby-limit", [("4h", "down", down), ("6h", "set", {"standby_slash_after_s": "1s"})])
    yield one("a-longer-standby-limit", [("4h", "down", {"who": "p1", "for": "30h"}),
                                         ("6h", "set", {"standby_slash_after_s": "25h"})])
    yield one("an-outage-in-a-halt-over-an-era", [("22h", "halt", {"for": "4h"}), ("22h", "down", {"who": "p1", "for": "2h"})])
    yield one("closes-of-one-block", [("22h", "halt", {"for": "50h"}), ("30h", "down", {"who": "p1", "for": "2h"})], eras=5)
    yield one("a-lease-that-ends-in-a-halt", [("22h", "halt", {"for": "22h"}), ("26h", "down", {"who": "p1", "for": "3h"})],
              [{"at": "12h", "duration": "30h"}])
    yield one("a-price-in-a-halt", [("22h", "halt", {"for": "4h"}), ("25h", "price", {"token": "USDX", "usd": "0.5 USD"})],
              [{"at": "12h", "duration": "20h", "lifetime": "11h"}])
    yield one("a-full-block-after-a-halt", [("22h", "halt", {"for": "24h"})], provider={"claims_every": "1min"})
    yield one("a-dearer-bonus", [("6h", "set", {"bonus_min_price": "3 SPON"})], [{"at": "1h", "duration": "60h"}],
              params={"bonus_amount": "3 SPON", "bonus_lease_hours": "2 h"})
    yield one("papers-that-age", [("6h", "set", {"audit_valid_eras": "1 eras"})], eras=4,
              provider={"audited": True, "compliance": ["SOC2"]})
    yield one("a-longer-cooldown", [("4h", "down", down), ("8h", "set", {"cooldown_s": "1d"})], eras=24,
              params={"era_seconds": "1h"})
    yield one("a-longer-task-outage", [("4h", "down", {"who": "p1", "for": "2h"}), ("50h", "set", {"task_outage_s": "3h"})],
              [{"at": "1h", "duration": "90h"}], eras=5)
    yield one("points-that-stay", [("6h", "set", {"tier7_zero": "off", "cpu_base_points": "0 points"})],
              provider={"initial_tier": 7})
    yield one("an-order-that-expires-with-its-era", [("23h", "halt", {"for": "2h"})],
              [{"at": "82730s", "duration": "1h"}], params={"match_timeout_blocks": "59 blocks", "block_time_ms": "1min"})
    yield one("nobody-comes-in", [("1s", "halt", {"for": "30h"})], eras=1)
    yield one("another-randomness-in-the-window", [("12h", "set", {"match_randomness": "5bps"})],
              [{"at": "86393s", "duration": "1h"}])


def agree(orrery, folder, scenario):
    path = os.path.join(folder, scenario["name"] + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(scenario, file)  # which is YAML too
    runs.agree(orrery, path)


def main(orrery, seeds):
    params = chance.parameters(orrery)
    with tempfile.TemporaryDirectory() as folder:
        for scenario in found() if seeds is SEEDS else ():
            agree(orrery, folder, scenario)
        for seed in seeds:
            agree(orrery, folder, chance.scenario(params, seed))


if __name__ == "__main__":
    main(os.path.join(sys.argv[1], "orrery"),
         range(int(sys.argv[2]), int(sys.argv[3]) + 1) if len(sys.argv) > 2 else SEEDS)
