"""A run folder made by hand: the era of example E47, 100 s of it halted, with the leases of E1 and E5 in it, a breach, an
update, an extension and a stake that unbonds.  The figures are typed, not computed."""

import csv
import os
import re

COLUMNS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "metrics", "columns.def")

SUPPLY = 10**27  # 1e9 SPON


def columns():
    """Table to its columns, in the order of the files."""
    with open(COLUMNS, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    found = {}
    for kind, table, column, rest in re.findall(r"^(COLUMN|RATIO)\((\w+),\s*(\w+),\s*(\w+)", text, flags=re.M):
        found.setdefault(table, ["run"]).append(column)
        assert kind == "RATIO" or rest in ("u64", "i64", "opt", "flag", "whole", "spon", "wei", "text"), column
    return found


def rows(keys, *lines):
    """One row a line of cells, under the keys in words."""
    return [dict(zip(keys.split(), line.split())) for line in lines]


def tiers():
    table = {1: (500, 9900, 9800, 100000, 45, 20000), 2: (400, 9800, 9600, 150000, 42, 17000),
             3: (300, 9700, 9400, 200000, 40, 15000), 4: (200, 9500, 9000, 250000, 38, 12000),
             5: (150, 9000, 8500, 300000, 35, 11000), 6: (100, 8500, 8000, 400000, 32, 10000),
             7: (50, 7500, 7500, 500000, 30, 0)}
    names = ("stake", "uptime", "tasks", "response", "feedback", "multiplier")
    return {f"tier_{t}_{n}": v * 10**18 if n == "stake" else v
            for t, values in table.items() for n, v in zip(names, values)}


def params():
    values = {"era_seconds": 86400, "block_time_ms": 1000, "bid_window_blocks": 2, "match_timeout_blocks": 10,
              "activation_timeout_s": 600, "task_outage_s": 3600, "commission_bps": 2000,
              "provider_fee_bps": 200, "user_fee_bps": 200, "min_deposit_tokens": 1, "order_hold": 0,
              "supply0": 24000 * 7300, "emission_bps_year": 500, "emission_decay_bps": 1000,
              "chain_outage_excluded": 1, "cooldown_s": 3600, "tier7_zero": 1, "bonus_amount": 0,
              "bonus_min_price": 0, "bonus_lease_hours": 100, "bonus_distinct_payers": 1,
              "promotion_eras": 3, "demotion_eras": 5, "feedback_enabled": 0, "unbonding_eras": 7,
              "standby_slash_after_s": 3600, "audit_valid_eras": 365, "misconduct_slash_bps": 10000, "match_randomness": 10000,
              "gpu_base_points": 200, "cpu_base_points": 1, "gpu_multiplier_medium_1": 10000,
              "gpu_multiplier_ultra_high_2": 120000, "compute_multiplier_gp": 10000}
    values.update(tiers())
    return [{"era": 0, "name": n, "value": v} for n, v in values.items()]


def leases():
    keys = ("lease order_id provider user wallet token price_wei start_block start_s agreed_s confirmed_s "
            "end_s end_reason billed_s locked_gross_wei locked_fee_wei gross_wei provider_net_wei "
            "commission_wei provider_fee_wei rest_wei user_fee_wei refund_wei workload extensions")
    found = rows(
        keys,
        # all day at 300 units an hour, still open: 300 x 89997 / 3600 = 7499.75
        "1 1 2 1 1 SPON 300 3 3 172800 10 90000 open 89997 14400 0 7499 5999 1499 0 1 0 0 running 0",
        # E1
        "2 2 3 2 2 USDX 175000 1000 1000 7200 1005 2800 user 1800 350000 7000 "
        "87500 68250 17500 1750 0 1750 267750 done 0",
        # never confirmed: 175000 x 600 / 3600 = 29166.67
        "3 3 3 2 2 USDX 175000 2000 2000 7200 - 2600 provider_breach 600 350000 7000 "
        "29166 22749 5833 583 1 583 327251 done 0",
        # E5, its last hour by extension
        "4 4 3 2 2 USDX 100 10000 10000 10801 10005 20801 expired 10801 301 6 300 234 60 6 0 6 1 done 1",
        "5 5 3 2 2 SPON 3600 30000 30000 7200 30005 31000 updated 1000 7200 0 1000 800 200 0 0 0 6200 done 0",
        "6 5 3 2 2 SPON 7200 31000 31000 6200 - 32000 provider 1000 12400 0 "
        "2000 1600 400 0 0 0 10400 image_failed 0")
    for row in found:
        row.update(replicas=1, cores=0, ram_mib=0, disk_gib=0, gpus=1, commission_bps=2000,
                   provider_fee_bps=200 if row["token"] == "USDX" else 0,
                   user_fee_bps=200 if row["token"] == "USDX" else 0)
        row["confirmed_s"] = row["confirmed_s"].replace("-", "")
    found[2]["task_failed"] = 1
    found[5]["replaces"] = 5
    return found


def orders():
    found = rows("order_id user wallet token price_wei provider lease block decided_s duration_s price_usd_e8",
                 "1 1 1 SPON 300 2 1 0 3 172800 0", "2 2 2 USDX 175000 3 2 997 1000 7200 17500000",
                 "3 2 2 USDX 175000 3 3 1997 2000 7200 17500000", "4 2 2 USDX 100 3 4 9997 10000 7201 10000",
                 "5 2 2 SPON 3600 3 5 29997 30000 7200 0")
    for row in found:
        row.update(created_s=row["block"], replicas=1, gpus=1, worst_tier=7, bids=1, eligible=1,
                   outcome="matched", decided_block=row["decided_s"], wait_s=3, max_price_wei=200000)
    found[1].update(bids=2, eligible=2)
    found.append(dict(order_id=6, user=2, wallet=2, block=89999, created_s=89999, replicas=1, gpus=1, worst_tier=7,
                      duration_s=3600, token="USDX", max_price_wei=5000, outcome="open"))
    found.append(dict(order_id=7, user=2, wallet=2, block=500, created_s=500, replicas=1, gpus=9, worst_tier=7,
                      duration_s=3600, token="USDX", max_price_wei=5000, outcome="expired", decided_block=503,
                      decided_s=503))
    return found


def bids():
    found = rows("order_id provider block price_wei l_q32 g_q32 key_q32", "1 2 1 300 -7 5 -2",
                 "2 3 998 175000 -100 50 -50", "2 1 999 180000 -200 50 -150", "3 3 1998 175000 -100 50 -50",
                 "4 3 9998 100 -100 50 -50", "5 3 29998 3600 -100 50 -50")
    for row in found:
        row.update(eligible=1, won=int(row["key_q32"] != "-150"))
    return found


def providers():
    keys = ("provider tier_before tier_after hours_potential hours_ok points_start points_potential points_ok "
            "up_s tasks tasks_done stake_before_spon stake_slashed_spon own_stake_spon unbonding_spon "
            "liveness_spon auto_stake slashes slashed_spon claimable_spon lease_s bonus_payers papers")
    found = rows(
        keys,
        "1 1 1 24 21 6000000 144000000 126000000 82699 0 0 501 500.9999999999999995 501.00000000000001 10 "
        "0.0000000000000105 1 1 0.0000000000000005 0 0 0 1",
        "2 1 1 24 22 6000000 144000000 132000000 84500 0 0 501 500.9999999999999995 500.9999999999999995 0 "
        "0.000000000000011 0 1 0.0000000000000005 0.000000000000011 86397 1 1",
        "3 7 7 24 24 0 0 0 86300 5 4 60 57.083333333333333334 57.083333333333333334 0 "
        "0 0 1 2.916666666666666666 0 15201 1 0")
    meets = {"1": 4, "2": 3, "3": 7}  # the best tier whose performance it meets
    for row in found:
        row.update(era=0, move="none", bidding=1, counted_s=86300, response_us=50000, feedback_tenths=0,
                   bonus_lease_s=row["lease_s"])
        row["uptime"] = {"1": "0.958273", "2": "0.979142", "3": "1.000000"}[row["provider"]]
        for t in range(1, 8):
            row[f"met_{t}"] = int(t >= meets[row["provider"]])
            row[f"failed_{t}"] = int(t < meets[row["provider"]])
    return found


def slashes():
    found = rows("slash provider cause evidence offence_s instant_s v_spon fee_spon amount_spon own_spon",
                 "1 3 breach 3 2600 2600 0 2.916666666666666666 2.916666666666666666 2.916666666666666666",
                 "2 2 deployment 2 36000 36000 "
                 "0.0000000000000005 0.0000000000000003 0.0000000000000005 0.0000000000000005",
                 "3 1 standby 1 36000 39600 0.0000000000000005 0 0.0000000000000005 0.0000000000000005")
    for row, where in zip(found, ("users_spon", "users_spon", "slark_pool_spon")):
        row.update({"era": 0, where: row["own_spon"]})
    return found


def balances():
    """What the modules do not hold the accounts have."""
    modules = [("SPON", "escrow", 2 * 10**18), ("SPON", "staking", 1069083333333333342834),
               ("SPON", "rewarder", 10000), ("SPON", "slark_pool", 500), ("SPON", "dust", 0),
               ("USDX", "escrow", 19000000 - 68250 - 17500)]
    supply = {"SPON": SUPPLY + 21500, "USDX": 10**12}
    found = [dict(token=t, pocket=p, amount_wei=a) for t, p, a in modules]
    for token, whole in supply.items():
        rest = whole - sum(a for t, _, a in modules if t == token)
        found.append(dict(token=token, pocket="account", amount_wei=rest))
    return found


def transfers():
    """As few movements as come to the same balances."""
    moves = [("SPON", "liveness", "", "rewards", 21500), ("SPON", "auto-stake", "rewards", "stake", 10500),
             ("SPON", "rewards claim", "rewards", "account", 1000), ("SPON", "slash", "stake", "slark pool", 500),
             ("SPON", "unstake", "stake", "unbonding", 10 * 10**18),
             ("SPON", "stake", "account", "stake", 1069083333333333332834),
             ("SPON", "deposit", "account", "unlocked", 2 * 10**18 - 17400), ("SPON", "deposit", "account", "locked", 6901),
             ("SPON", "deposit", "account", "lease", 1), ("SPON", "deposit", "account", "accrued", 8399),
             ("SPON", "deposit", "account", "commission", 2099),
             ("USDX", "deposit", "account", "unlocked", 18880695), ("USDX", "deposit", "account", "accrued", 22983),
             ("USDX", "deposit", "account", "commission", 5893), ("USDX", "deposit", "account", "fees", 4678),
             ("USDX", "deposit", "account", "dust", 1)]
    return [dict(token=t, cause=c, from_pocket=a, to_pocket=b, amount_wei=n) for t, c, a, b, n in moves]


def era():
    row = dict(era=0, start_s=0, end_s=86400, closed_block=86400, emission_spon="0.000000000000024",
               w_points=288000000, liveness_spon="0.0000000000000215", minted_spon="0.0000000000000215",
               supply_spon="1000000000.0000000000000215", slashes=3,
               slashed_standby_spon="0.0000000000000005", slashed_deployment_spon="0.0000000000000005",
               slashed_breach_spon="2.916666666666666666", to_slark_pool_spon="0.0000000000000005",
               to_users_spon="2.916666666666667166", providers=3, tier_1=2, tier_7=1, bidding=3, orders=6,
               matched=5, expired=1, bids=6, leases_ended=5, leases_open=1, lease_s=101598,
               gpu_used_s=101598, gpu_total_s=864000, gpu_utilisation="0.117590",
               cpu_utilisation="", price_usd_e8_sum=35010000, wait_s_sum=15,
               # 87500 + 29166 + 300 units of USDX at 100 each; 3000 units of SPON are nothing
               revenue_usd_e8=11696600)
    return [row]


def sample():
    """Table to rows; what a row does not name is 0, or empty where the audit takes a text."""
    return {
        "runs": [dict(seed=1, scenario="sample", eras=1, end_s=90000, native_token="SPON", providers=3,
                      users=2, events=1000, supply_start_spon="1000000000",
                      supply_end_spon="1000000000.0000000000000215")],
        "params": params(),
        "tokens": rows("token decimals native", "SPON 18 1", "USDX 6 0"),
        "prices": rows("token second_s usd_e8", "SPON 0 6000000", "USDX 0 100000000"),
        "eras": era(),
        "fleet": rows("provider registered_s gpus soc2 auto_stake contract", "1 0 1 1 1 0x01", "2 0 1 1 0 0x02",
                      "3 0 8 0 0 0x03"),
        "standing": rows("provider second_s block change", "1 0 0 approved", "2 0 0 approved", "3 0 0 approved",
                         "1 0 0 active", "2 0 0 active", "3 0 0 active") +
        [dict(provider=p, second_s=0, block=0, change="papers", papers_era=0) for p in (1, 2)],
        "ratings": rows("provider from_s line units base_points multiplier_bps", "1 0 v100 1 200 10000",
                        "2 0 v100 1 200 10000", "3 0 h100 8 200 120000"),
        "providers": providers(),
        "income": rows("era provider token gross_wei provider_net_wei", "0 2 SPON 7199 5759",
                       "0 3 USDX 116966 91233", "0 3 SPON 3000 2400"),
        "users": rows("user orders matched expired wait_s lease_s spent_usd_e8 restitution_spon",
                      "1 1 1 0 3 89997 0 0.0000000000000005", "2 6 4 1 12 15201 11930500 2.916666666666666666"),
        "orders": orders(), "bids": bids(), "leases": leases(),
        "extensions": [dict(lease=4, block=11000, second_s=11000, added_s=3600, agreed_s=10801, token="USDX",
                            locked_gross_wei=100, locked_fee_wei=2)],
        "outages": rows("outage provider from_s until_s down_block down_s up_block up_s",
                        "1 1 36000 39601 36061 36061 39602 39602", "2 2 36000 37800 36061 36061 37801 37801"),
        "slashes": slashes(),
        "slash_payees": rows("slash user weight_spon paid_spon",
                             "1 2 2.916666666666666666 2.916666666666666666",
                             "2 1 0.0000000000000003 0.0000000000000005"),
        "stakes": rows("provider block second_s kind amount_spon own_after_spon unbonding_after_spon due_era slash",
                       "1 1 1 stake 511 511 0", "2 1 1 stake 501 501 0", "3 1 1 stake 60 60 0",
                       "1 100 100 unstake 10 501 10 7",
                       "3 86400 2600 slash_own 2.916666666666666666 57.083333333333333334 0",
                       "2 86400 36000 slash_own 0.0000000000000005 500.9999999999999995 0",
                       "1 86400 39600 slash_own 0.0000000000000005 500.9999999999999995 10",
                       "1 86400 86400 auto_stake 0.0000000000000105 501.00000000000001 10"),
        "wallets": rows("wallet token user deposited_wei withdrawn_wei debited_wei user_fees_paid_wei "
                        "unlocked_wei locked_wei",
                        f"1 SPON 1 {10**18} 0 7499 0 {10**18 - 7499 - 6901} 6901",
                        "2 USDX 2 20000000 1000000 116966 2339 18880695 0",
                        f"2 SPON 2 {10**18} 0 3000 0 {10**18 - 3000} 0"),
        "wallet_moves": rows("wallet token block second_s kind amount_wei", f"1 SPON 0 0 deposit {10**18}",
                             "2 USDX 1 1 deposit 20000000", f"2 SPON 1 1 deposit {10**18}",
                             "2 USDX 40000 40000 withdraw 1000000"),
        "owners": rows("wallet from_s user", "1 0 1", "2 0 2"),
        "claims": rows("block second_s kind provider token amount_wei", "5000 5000 lease 3 USDX 68250",
                       "5001 5001 commission - USDX 17500", "87000 87000 reward 2 SPON 1000"),
        "balances": balances(),
        "supplies": rows("token genesis_wei minted_wei burned_wei end_wei",
                         f"SPON {SUPPLY} 21500 0 {SUPPLY + 21500}", f"USDX {10**12} 0 0 {10**12}"),
        "transfers": transfers(),
        "halts": rows("from_s until_s", "80000 80100"),
        "invariants": rows("id cadence evaluated not_vacuous in_full", "ESC-1 B 10 10 4"),
        "checkpoints": rows("event time_ns rolling_hash state_hash", "500 1 aa bb", "1000 2 cc dd"),
    }


TEXTS = {"gpu_model", "region", "arm", "reason", "name", "profile", "owner", "gpu_models"}
EMPTY = {"replaces", "until_s", "papers_era", "due_era", "slash", "id", "account", "tx", "from_id", "to_id", "lease", "provider",
         "decided_block", "decided_s", "wait_s", "price_usd_e8", "up_block", "up_s", "confirmed_s"}


def write(folder):
    header = columns()
    for table, found in sample().items():
        with open(os.path.join(folder, table + ".csv"), "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(header[table])
            for row in found:
                unknown = set(row) - set(header[table])
                assert not unknown, (table, unknown)
                cells = {c: "" if c in TEXTS or c in EMPTY else 0 for c in header[table]}
                cells.update({k: "" if v == "-" else v for k, v in row.items()})
                out.writerow([cells[c] for c in header[table]])
