"""What sums up the rest: eras, users, orders, bids and the run."""

from leases import era_of_end, overlap


def check_era(run, report, s, leases, era):
    row, rows = era.row, run.where("providers", era=era.number)
    slashes = run.where("slashes", era=era.number)

    def spon(rows, *columns):
        return sum(r.spon(c) for r in rows for c in columns)

    taken = ("own_spon", "unbonding_spon", "delegated_spon", "rewards_spon")
    liveness, bonus = spon(rows, "liveness_spon"), spon(rows, "bonus_spon")
    for column, expected in (
            ("liveness_spon", liveness), ("bonus_spon", bonus), ("minted_spon", liveness + bonus),
            ("bad_debt_spon", spon(slashes, "bad_debt_spon")),
            ("to_slark_pool_spon", spon(slashes, "slark_pool_spon")),
            ("to_users_spon", spon(slashes, "users_spon")),
            ("to_treasury_spon", spon(slashes, "treasury_spon")),
            ("to_dust_spon", spon(slashes, "dust_spon"))):
        report.same_spon("era totals", row, column, expected)
    for cause in ("standby", "deployment", "breach", "misconduct"):
        report.same_spon("era totals", row, f"slashed_{cause}_spon",
                         spon([r for r in slashes if r["cause"] == cause], *taken))
    report.same("era totals", row, "slashes", len(slashes))
    report.same("era totals", row, "providers", len(rows))
    for t in range(1, 8):
        report.same("era totals", row, f"tier_{t}", sum(r["tier_after"] == str(t) for r in rows))
    report.same("era totals", row, "bidding", sum(r["bidding"] == "1" for r in rows))
    check_use(run, report, s, leases, era)


def check_use(run, report, s, leases, era):
    """Leases and machines, seconds of each in the era."""
    used = {"lease_s": 0, "cpu_used_s": 0, "gpu_used_s": 0, "leases_open": 0}
    for x in leases:
        if x.end < era.start or x.start >= era.end:
            continue
        seconds = overlap(x.start, x.end, era.start, era.end)
        used["lease_s"] += seconds
        for column, units in (("cpu_used_s", "cores"), ("gpu_used_s", "gpus")):
            used[column] += seconds * x.row.int(units) * x.row.int("replicas")
        used["leases_open"] += x.is_open() or x.end > era.end or (
            x.end == era.end and x.reason in ("user", "provider", "updated"))
    for column, expected in used.items():
        report.same("era totals", era.row, column, expected)
    report.same_ratio("era totals", era.row, "cpu_utilisation", "cpu_used_s", "cpu_total_s")
    report.same_ratio("era totals", era.row, "gpu_utilisation", "gpu_used_s", "gpu_total_s")
    for column, is_cpu in (("cpu_total_s", True), ("gpu_total_s", False)):
        report.same("era totals", era.row, column, sum(capacity(p, era, is_cpu) for p in s.providers.values()))


def capacity(provider, era, is_cpu):
    """Units of one who is approved, staked or not, x seconds of the era: what the ratings list, until he leaves."""
    if provider.approved is None:
        return 0
    starts, total = sorted(provider.ratings), 0
    for start, end in zip(starts, starts[1:] + [era.end]):
        units = sum(r.int("units") for r in provider.ratings[start] if (r["line"] == "cpu") == is_cpu)
        total += units * overlap(max(start, provider.approved), min(end, provider.until or end), era.start, era.end)
    return total


def era_rows(run, rows, block):
    """Rows by the era whose blocks hold them: those of the closing block come after the close."""
    found, blocks = {}, [e.block for e in run.eras]
    at = 0
    for row in sorted((r for r in rows if r[block] != ""), key=lambda r: r.int(block)):
        while at < len(blocks) and row.int(block) >= blocks[at]:
            at += 1
        found.setdefault(at, []).append(row)
    return found


def by_timeout(run, row):
    """Row 117: it expired as a moment, and so before the close of an era that ends in its second (154)."""
    era = run.era_of(row.int("decided_s") - 1)
    last = row.int("block") + sum(run.param(n, era) for n in ("bid_window_blocks", "match_timeout_blocks"))
    return row["outcome"] == "expired" and row.int("decided_s") == last * run.param("block_time_ms", 0) // 1000


def check_flow(run, report, leases):
    """Orders and bids of each era."""
    created, bids = era_rows(run, run["orders"], "block"), era_rows(run, run["bids"], "block")
    decided = {}
    for r in run["orders"]:
        if r["outcome"] != "open":
            decided.setdefault(run.era_of(r.int("decided_s") - by_timeout(run, r)), []).append(r)
    for i, era in enumerate(run.eras):
        ended = [x for x in leases if not x.is_open() and era_of_end(run, x) == era.number]
        done = decided.get(era.number, [])
        matched = [r for r in done if r["outcome"] == "matched"]
        for column, expected in (
                ("orders", len(created.get(i, []))),
                ("bids", len(bids.get(i, [])) if run.has("bids") else era.row.int("bids")),
                ("matched", len(matched)), ("expired", sum(r["outcome"] == "expired" for r in done)),
                ("cancelled", sum(r["outcome"] in ("cancelled", "insufficient", "bracket") for r in done)),
                ("leases_ended", len(ended)), ("wait_s_sum", sum(r.int("wait_s") for r in matched)),
                ("price_usd_e8_sum", sum(r.opt("price_usd_e8") or 0 for r in matched)),
                ("revenue_usd_e8", sum(spent(run, x)[0] for x in ended))):
            report.same("era totals", era.row, column, expected)


def spent(run, lease):
    """Gross and user fee in 10^-8 USD at the last price before the second of the end."""
    return tuple(run.usd(lease.token, a, lease.end - 1) for a in (lease.gross_at(lease.end), lease.user_fee()))


def check_supply(run, report):
    """Supply after each close: genesis and what the closes minted."""
    native = run.where("supplies", token=run.native)
    supply = native[0].int("genesis_wei") if native else run["runs"][0].spon("supply_start_spon")
    for i, era in enumerate(run.eras):
        supply += era.row.spon("liveness_spon") + era.row.spon("bonus_spon")
        report.same_spon("supply", era.row, "supply_spon", supply)
        report.same("supply", era.row, "era", i)
        report.same("supply", era.row, "start_s", run.eras[i - 1].end if i else 0)
        report.same("supply", era.row, "end_s", era.start + run.param("era_seconds", era.number))
    report.same_spon("supply", run["runs"][0], "supply_end_spon", supply)


def check_orders(run, report):
    for row in run["orders"]:
        bids, block = run.where("bids", order_id=row["order_id"]), row.int("block")
        if row["outcome"] == "matched":
            check_match(run, report, row)
        else:
            report.same("orders", row, "lease", None)
            report.same("orders", row, "price_wei", 0)
        if not run.has("bids"):
            continue
        report.same("orders", row, "bids", len(bids))
        report.same("orders", row, "eligible", sum(b["eligible"] == "1" for b in bids))
        for bid in bids:
            report.holds("bids", bid, "price_wei", "at most the order's maximum, more than 0",
                         0 < bid.int("price_wei") <= row.int("max_price_wei"))
            report.holds("bids", bid, "block", f"in the window after {block} (12)",
                         block < bid.int("block") <= block + window_in(run, bid.int("block")))
        check_winner(run, report, row, bids)


def slot_after_halts(run, slot):
    """No block is made while the chain stands still (63): the first slot after that."""
    slot_ms = run.param("block_time_ms", 0)
    for halt in run["halts"]:
        if halt.int("from_s") * 1000 <= slot * slot_ms < halt.int("until_s") * 1000:
            slot = -(-halt.int("until_s") * 1000 // slot_ms)
    return slot


def window_in(run, block):
    """bid_window_blocks as the transactions of a block find it: after the closes in it."""
    return run.param("bid_window_blocks", sum(e.block <= block for e in run.eras))


def match_block(run, block):
    """Matching, exactly, 1: the block after the window of an order of this one, moments and so closes before it."""
    match = slot_after_halts(run, block + window_in(run, block) + 1)
    for close in (e.block for e in run.eras):
        if block < close <= match:
            match = slot_after_halts(run, max(close, block + window_in(run, close) + 1))
    return match


def check_match(run, report, row):
    second = row.int("decided_s")
    report.same("orders", row, "decided_block", match_block(run, row.int("block")))
    report.same("orders", row, "wait_s", second - row.int("created_s"))
    if run.price(row["token"], second - 1) is not None:
        report.same("orders", row, "price_usd_e8", run.usd(row["token"], row.int("price_wei"), second - 1))


def check_winner(run, report, order, bids):
    """Matching, exactly, 7: the greatest key; equal: the lower contract address."""
    eligible = [b for b in bids if b["eligible"] == "1"]
    randomness = run.param("match_randomness", run.era_of(order.opt("decided_s") or order.int("created_s")))
    for bid in eligible:
        key = bid.int("l_q32") * 10000 // randomness + bid.int("g_q32") if randomness else bid.int("l_q32")
        report.same("bids", bid, "key_q32", key)
    contract = {r["provider"]: r["contract"] for r in run["fleet"]}
    best = min(eligible, key=lambda b: (-b.int("key_q32"), contract[b["provider"]]), default=None)
    for bid in bids:
        won = bid is best and order["outcome"] == "matched"
        report.same("bids", bid, "won", int(won))
        if won:
            report.same("bids", order, "provider", bid.int("provider"))
            report.same("bids", order, "price_wei", bid.int("price_wei"))


def check_users(run, report, leases):
    paid = {}
    for row in run["slash_payees"]:
        paid[row["user"]] = paid.get(row["user"], 0) + row.spon("paid_spon")
    mine = {}
    for x in leases:
        mine.setdefault(x.user, []).append(x)
    for row in run["users"]:
        user = row["user"]
        orders = run.where("orders", user=user)
        outcomes = [r["outcome"] for r in orders]
        has = mine.get(int(user), [])
        for column, expected in (
                ("orders", len(orders)), ("matched", outcomes.count("matched")),
                ("expired", outcomes.count("expired")),
                ("cancelled", sum(o in ("cancelled", "insufficient", "bracket") for o in outcomes)),
                ("wait_s", sum(r.opt("wait_s") or 0 for r in orders)),
                ("lease_s", sum(x.end - x.start for x in has)),
                ("spent_usd_e8", sum(sum(spent(run, x)) for x in has))):
            report.same("users", row, column, expected)
        report.same_spon("users", row, "restitution_spon", paid.get(user, 0))


def check_run(run, report):
    row = run["runs"][0]
    report.same("run", row, "eras", len(run.eras))
    report.same("run", row, "providers", len(run["fleet"]))
    report.same("run", row, "users", len(run["users"]))
    report.same_text("run", row, "native_token", run.native)
    checkpoints = run["checkpoints"]
    for a, b in zip(checkpoints, checkpoints[1:]):
        report.holds("run", b, "event", "more events than the checkpoint before", a.int("event") < b.int("event"))
        report.holds("run", b, "time_ns", "not before it", a.int("time_ns") <= b.int("time_ns"))
    for r in checkpoints:
        report.holds("run", r, "event", "at most the events of the run", r.int("event") <= row.int("events"))
    for r in run["invariants"]:
        report.holds("run", r, "not_vacuous", "at most evaluated", r.int("not_vacuous") <= r.int("evaluated"))


def check(run, report, s, leases):
    for era in run.eras:
        check_era(run, report, s, leases.values(), era)
    check_flow(run, report, leases.values())
    check_supply(run, report)
    check_orders(run, report)
    check_users(run, report, leases.values())
    check_run(run, report)
