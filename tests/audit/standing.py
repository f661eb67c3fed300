"""Settled, The close of an era, exactly, 2, 4 and 5: hours, points, W, emission, liveness, bonus and
tier of each provider, from the records of what happened."""

from leases import era_of_end, overlap
from wallets import owner_at

YEAR = 365 * 86400
TIERS = range(1, 8)
STARTS, ENDS = ("active",), ("exiting", "left", "struck")


def emission(run, era):
    """Row 29: M(E) - M(S), with the parameters of the era."""
    def year(y):
        return (run.param("supply0", era.number) * run.param("emission_bps_year", era.number)
                * (10000 - run.param("emission_decay_bps", era.number)) ** y // (10000 * 10000**y))

    def minted(t):
        y, part = divmod(t, YEAR)
        return sum(year(i) for i in range(y)) + year(y) * part // YEAR

    return minted(era.end) - minted(era.start)


def subtract(span, holes):
    """Parts of [a, b) that no hole covers."""
    parts = [span]
    for c, d in holes:
        parts = [p for a, b in parts for p in ((a, min(b, c)), (max(a, d), b)) if p[0] < p[1]]
    return parts


def length(parts):
    """Seconds that the intervals cover together."""
    total, end = 0, -1
    for a, b in sorted(parts):
        total += max(0, b - max(a, end))
        end = max(end, b)
    return total


class Provider:
    """What is known of one provider over the whole run."""

    def __init__(self, run, fleet):
        self.run, self.row, self.id = run, fleet, fleet.int("provider")
        self.registered = fleet.int("registered_s")
        self.approved, self.active, self.until, self.struck = None, None, None, None
        self.soc2, self.reports = [(0, fleet["soc2"] == "1")], []
        self.ratings = {}
        self.leases = []

    def change(self, row):
        if row["change"] == "struck" and self.struck is None:
            self.struck = row.int("block")
        if row["change"] == "approved":
            self.approved = row.int("second_s")
        if row["change"] in STARTS and self.active is None:
            self.active = row.int("second_s")
        elif row["change"] in ENDS and self.until is None:
            self.until = row.int("second_s")
        elif row["change"] == "papers":
            self.reports.append((row.int("block"), row.int("papers_era")))
        elif row["change"] in ("soc2", "no_soc2"):
            self.soc2.append((row.int("block"), row["change"] == "soc2"))

    def papers(self, era):
        """Row 144: SOC2 and an audit report that is not too old, as the blocks before the close say."""
        valid = self.run.param("audit_valid_eras", era.number) if self.reports else 0
        report = any(block < era.block and since + valid >= era.number for block, since in self.reports)
        return report and [flag for block, flag in self.soc2 if block < era.block or block == 0][-1]

    def points(self, second, tier, era):
        """(2) p of an hour that starts then, in units of 10^-5."""
        since = max((s for s in self.ratings if s <= second), default=None)
        if since is None or (tier == 7 and self.run.param("tier7_zero", era)):
            return 0
        trust = self.run.param(f"tier_{tier}_multiplier", era)
        return sum(r.int("units") * r.int("base_points")
                   * (r.int("multiplier_bps") + r.int("boosts_bps") + trust)
                   for r in self.ratings[since])

    def downtime(self, era):
        """Counted downtime as its close knows it (158), and the cooldowns after it (62)."""
        down, cool = [], []
        for o in self.run.outages(self.id):
            if o.down_block >= era.block or o.start >= era.end:
                continue
            until = o.known_until(era.block, era.end)
            if until > era.start:
                down.append((o.start, min(until, era.end)))
            if o.up_block is not None and o.up_block < era.block:
                # as long as it was when the reconnect was heard of
                cool.append((until, until + self.run.param("cooldown_s", self.run.era_of(o.up_s))))
        return down, cool


class Hours:
    """A provider's era: which hours are potential, which count, and what they are worth."""

    def __init__(self, provider, era, tier, halts):
        down, cool = provider.downtime(era)
        up = [p for d in down for p in subtract(d, halts)]
        self.potential, self.ok = [], []
        for h in era.hours():
            if provider.active is None or provider.active > h:
                continue
            if provider.until is not None and provider.until < h + 3600:
                continue
            points = provider.points(h, tier, era.number)
            self.potential.append(points)
            if not any(overlap(a, b, h, h + 3600) for a, b in up + cool):
                self.ok.append(points)
        there = subtract((max(era.start, provider.registered), era.end), halts)
        self.counted = length(there) if provider.registered < era.end else 0
        since = max(era.start, provider.registered)
        self.up = self.counted - length([(max(a, since), b) for a, b in up if max(a, since) < b])


class Standing:
    """All providers, era by era."""

    def __init__(self, run, report, leases):
        self.run, self.report = run, report
        self.providers = {r.int("provider"): Provider(run, r) for r in run["fleet"]}
        for row in run["standing"]:
            self.of(row).change(row)
        for row in run["ratings"]:
            self.of(row).ratings.setdefault(row.int("from_s"), []).append(row)
        for lease in leases.values():
            provider = self.providers.get(lease.provider)
            report.holds("providers", lease.row, "provider", "a provider of fleet.csv", provider is not None)
            if provider is not None:
                provider.leases.append(lease)
        self.rows = {}
        for row in run["providers"]:
            self.rows[row.int("era"), row.int("provider")] = row
        self.halts = [(r.int("from_s"), r.int("until_s")) for r in run["halts"]]
        self.weight, self.emission, self.hour = {}, {}, {}

    def of(self, row):
        provider = self.providers.get(row.int("provider"))
        self.report.holds("providers", row, "provider", "a provider of fleet.csv", provider is not None)
        return provider or Provider(self.run, row)

    def tier(self, era, provider):
        return self.rows[era, provider].int("tier_before")

    def tier_at_start(self, era, provider):
        """An approval within the era gives another."""
        before = self.rows.get((era - 1, provider))
        return self.tier(era, provider) if before is None else before.int("tier_after")

    def hour_value(self, provider, second):
        """(2) V: one hour's liveness at a second of a closed era."""
        number = self.run.era_of(second)
        era = self.run.eras[number]
        if self.weight[number] == 0 or (number, provider) not in self.rows:
            return 0
        hour, who = second - (second - era.start) % 3600, self.providers[provider]
        waits = who.approved is not None and hour < who.approved
        tier = self.tier_at_start(number, provider) if waits else self.tier(number, provider)
        points = who.points(hour, tier, number)
        return self.emission[number] * points // self.weight[number]


def check_hours(s, era):
    """(2) and the liveness of (4)"""
    report, hours = s.report, {}
    halts = s.halts if s.run.param("chain_outage_excluded", era.number) else []
    for key, row in s.rows.items():
        if key[0] == era.number:
            hours[key[1]] = Hours(s.of(row), era, row.int("tier_before"), halts)
    weight = sum(sum(h.potential) for h in hours.values())
    s.weight[era.number], s.emission[era.number] = weight, emission(s.run, era)
    report.same_spon("emission", era.row, "emission_spon", s.emission[era.number])
    report.same("hours", era.row, "w_points", weight)
    for number, h in hours.items():
        row = s.rows[era.number, number]
        report.same_ratio("hours", row, "uptime", "up_s", "counted_s")
        for column, expected in (("hours_potential", len(h.potential)), ("hours_ok", len(h.ok)),
                                 ("points_potential", sum(h.potential)), ("points_ok", sum(h.ok)),
                                 ("up_s", h.up), ("counted_s", h.counted)):
            report.same("hours", row, column, expected)
        report.same("hours", row, "points_start",
                    s.providers[number].points(era.start, s.tier_at_start(era.number, number), era.number))
        report.same_spon("liveness", row, "liveness_spon",
                         s.emission[era.number] * sum(h.ok) // weight if weight else 0)


def bonus_due(s, era, provider, row):
    """Row 32: lease seconds that count, and who paid them."""
    run, seconds, counted, payers = s.run, 0, 0, set()
    for lease in provider.leases:
        part = overlap(lease.start, lease.end, era.start, era.end)
        seconds += part
        price = run.in_spon(lease.token, lease.price, era.end - 1)
        if part and price >= run.param("bonus_min_price", era.number):
            counted += part
            payers.add(owner_at(run, lease.row["wallet"], min(lease.end, era.end)))
    s.report.same("bonus", row, "lease_s", seconds)
    s.report.same("bonus", row, "bonus_lease_s", counted)
    s.report.same("bonus", row, "bonus_payers", len(payers))
    return (counted >= run.param("bonus_lease_hours", era.number) * 3600
            and len(payers) >= run.param("bonus_distinct_payers", era.number))


def check_bonus(s, era):
    """(4) Each the whole bonus, or floor(left x bonus / sum) where the emission is short."""
    amount = s.run.param("bonus_amount", era.number)
    rows = {n: r for (e, n), r in s.rows.items() if e == era.number}
    earners = [n for n, r in rows.items() if bonus_due(s, era, s.of(r), r)]
    left = s.emission[era.number] - sum(r.spon("liveness_spon") for r in rows.values())
    if earners and amount * len(earners) > left:
        amount = left * amount // (amount * len(earners))
    for number, row in rows.items():
        s.report.same_spon("bonus", row, "bonus_spon", amount if number in earners else 0)


def check_tasks(s, era):
    for (number, provider), row in s.rows.items():
        if number != era.number:
            continue
        ended = [x for x in s.providers[provider].leases
                 if not x.is_open() and era_of_end(s.run, x) == era.number]
        failed = sum(x.row.int("task_failed") for x in ended)
        s.report.same("tasks", row, "tasks", len(ended))
        s.report.same("tasks", row, "tasks_done", len(ended) - failed)


def meets(run, era, t, row):
    """(5) The performance of tier t; integers only, strictly."""
    def limit(name):
        return run.param(f"tier_{t}_{name}", era)

    tasks = row.int("tasks")
    return (row.int("up_s") * 10000 > limit("uptime") * row.int("counted_s")
            and (tasks == 0 or row.int("tasks_done") * 10000 > limit("tasks") * tasks)
            and row.int("response_us") < limit("response")
            and (not run.param("feedback_enabled", era) or row.int("feedback_tenths") > limit("feedback")))


def judge(run, era, tier, suspended, met, failed, row, papers):
    """(5) One close: the tier after it, whether it is suspended, and what kind of move it was."""
    neutral = row["neutral"] == "1"
    if not neutral:
        for t in TIERS:
            meets_it = meets(run, era, t, row)
            met[t] = met[t] + 1 if meets_it else 0
            failed[t] = 0 if meets_it and (t > 1 or papers) else failed[t] + 1
        if meets(run, era, 7, row):
            suspended = False
    stake = row.spon("stake_slashed_spon")
    above = [t for t in TIERS if stake > run.param(f"tier_{t}_stake", era)]
    allowed = min(above, default=7)
    fails = failed[tier] >= run.param("demotion_eras", era)
    if allowed > tier:
        return (max(allowed, tier + 1) if fails else allowed), suspended, "stake"
    if fails:
        return (tier, True, "none") if tier == 7 else (tier + 1, suspended, "demoted")
    if (tier > 1 and met[tier - 1] >= run.param("promotion_eras", era)
            and tier - 1 in above and (tier > 2 or papers)):
        return tier - 1, suspended, "promoted"
    return tier, suspended, "none"


def check_tier(s, era, provider, state):
    """One provider's close; state is (tier, suspended, met, failed) of the close before."""
    run, report, row = s.run, s.report, s.rows[era.number, provider.id]
    tier, suspended, met, failed = state or (row.int("tier_before"), False, {t: 0 for t in TIERS}, {t: 0 for t in TIERS})
    report.same("tiers", row, "tier_before", tier)
    report.same("tiers", row, "neutral",
                int(provider.registered > era.start or row.int("counted_s") == 0))
    papers = provider.papers(era)
    report.same("tiers", row, "papers", int(papers))
    to, suspended, move = judge(run, era.number, tier, suspended, met, failed, row, papers)
    if to != tier:
        met, failed = {t: 0 for t in TIERS}, {t: 0 for t in TIERS}
    report.same("tiers", row, "tier_after", to)
    report.same_text("tiers", row, "move", move)
    report.same("tiers", row, "suspended", int(suspended))
    for t in TIERS:
        report.same("tiers", row, f"met_{t}", met[t])
        report.same("tiers", row, f"failed_{t}", failed[t])
    later = run.param(f"tier_{to}_stake", era.number + 1)  # as changes of this close left it (8)
    gone = provider.until is not None and provider.until < era.end
    report.same("tiers", row, "bidding", int(
        provider.active is not None and provider.active < era.end and not gone and not suspended
        and row.spon("own_stake_spon") + row.spon("delegated_spon") > later))
    return to, suspended, met, failed


def check_tiers(s):
    for provider in s.providers.values():
        state = None
        for era in s.run.eras:
            if provider.approved is not None and s.run.era_of(provider.approved) == era.number:
                state = None  # begins anew
            if (era.number, provider.id) in s.rows:
                state = check_tier(s, era, provider, state)
            else:
                s.report.holds("tiers", era.row, "era", f"a row of provider {provider.id}",
                               state is None and provider.registered >= era.end)


def check_fleet(s):
    """Ratings say what the fleet registered, in the points of the parameters."""
    run, report = s.run, s.report
    for provider in s.providers.values():
        lines = provider.ratings.get(min(provider.ratings, default=None), [])
        for row in lines:
            cpu = row["line"] == "cpu"
            era = run.era_of(row.int("from_s"))
            report.same("ratings", row, "base_points",
                        run.param("cpu_base_points" if cpu else "gpu_base_points", era))
            prefix = "compute_multiplier_" if cpu else "gpu_multiplier_"
            report.holds("ratings", row, "multiplier_bps", "a multiplier of params.csv",
                         row.int("multiplier_bps") in {run.param(n, era) for n in run.params if n.startswith(prefix)})
        if lines:
            report.same("ratings", provider.row, "cores",
                        sum(r.int("units") for r in lines if r["line"] == "cpu"))
            report.same("ratings", provider.row, "gpus",
                        sum(r.int("units") for r in lines if r["line"] != "cpu"))


def check(run, report, leases):
    s = Standing(run, report, leases)
    check_fleet(s)
    for era in run.eras:
        check_hours(s, era)
        check_tasks(s, era)
        check_bonus(s, era)
    check_tiers(s)
    return s
