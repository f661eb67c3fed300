"""Settled, The close of an era, exactly, 3, 6 and 7: which slashes each close takes, of what, for
whom; and from them each provider's stake, unbonding and claimable rewards."""

from leases import overlap
from wallets import owner_at

ORDER = {"standby": 0, "deployment": 1, "breach": 2, "misconduct": 3}


class Due:
    """A slash that the records call for."""

    def __init__(self, cause, provider, instant, offence, evidence, hour, leases, prices_at):
        self.cause, self.provider, self.instant, self.offence = cause, provider, instant, offence
        self.evidence, self.hour, self.leases, self.prices_at = evidence, hour, leases, prices_at

    def key(self):
        return (self.instant, self.evidence, ORDER[self.cause])


def due_of_outage(s, era, outage, leases):
    """(3) Standby once an outage, deployment by the started hour; known and not yet taken.  What a close
    knew it has judged up to its end: a later limit calls up no instant before that."""
    run = s.run
    if outage.down_block >= era.block or outage.start >= era.end:
        return
    end = min(outage.known_until(era.block, era.end), era.end)
    wait = run.param("standby_slash_after_s", era.number)
    instant = outage.start + wait
    before = era.number > 0 and outage.down_block < run.eras[era.number - 1].block
    window = era.start if before else 0
    if end - outage.start > wait and instant >= window and (outage.id, "standby") not in s.judged:
        s.judged.add((outage.id, "standby"))
        if not any(overlap(x.start, x.end, outage.start, instant) for x in leases):
            yield Due("standby", outage.provider, instant, outage.start, outage.id, 0, [], None)
    k = 0
    while outage.start + 3600 * k < end:
        instant = outage.start + 3600 * k
        if (outage.id, k) not in s.judged:
            s.judged.add((outage.id, k))
            mine = [x for x in leases if overlap(x.start, x.end, instant, min(instant + 3600, end))]
            if mine:
                yield Due("deployment", outage.provider, instant, outage.start, outage.id, k, mine, outage.start)
        k += 1


def due_at(s, era):
    """All slashes of a close, in their order."""
    due = []
    for provider in s.providers.values():
        for outage in s.run.outages(provider.id):
            due += due_of_outage(s, era, outage, provider.leases)
        for x in provider.leases:
            if x.reason == "provider_breach" and era.start <= x.end <= era.end and x.id not in s.judged_breaches:
                if x.end == era.end:
                    continue  # its instant lies in the next era
                s.judged_breaches.add(x.id)
                due.append(Due("breach", provider.id, x.end, x.end, None, 0, [x], x.end - 1))
    return due


class Pots:
    """One provider's stake: own, and unbonding by request."""

    def __init__(self):
        self.own, self.requests, self.claimable = 0, [], 0

    def unbonding(self):
        return sum(r[1] for r in self.requests)

    def take(self, amount, offence):
        """Own stake, then unbonding, the latest request first, only of requests after the offence."""
        own = min(amount, self.own)
        self.own -= own
        amount, taken = amount - own, 0
        for r in reversed(self.requests):
            if r[0] > offence:
                part = min(amount - taken, r[1])
                r[1] -= part
                taken += part
        return own, taken


def check_misconduct(run, report, row, pots):
    """Row 57, 58: the same part of every pot; to the users up to their damage, the rest to the treasury."""
    era = row.int("era")
    bps = run.param("misconduct_slash_bps", era)
    own, rewards = pots.own * bps // 10000, pots.claimable * bps // 10000
    parts = [r[1] * bps // 10000 for r in pots.requests]
    for r, part in zip(pots.requests, parts):
        r[1] -= part
    pots.own -= own
    pots.claimable -= rewards
    taken = own + rewards + sum(parts)
    for column, expected in (("own_spon", own), ("unbonding_spon", sum(parts)), ("rewards_spon", rewards),
                             ("delegated_spon", 0), ("amount_spon", taken), ("bad_debt_spon", 0)):
        report.same_spon("slashes", row, column, expected)
    payees = run.where("slash_payees", slash=row["slash"])
    damage = sum(p.spon("weight_spon") for p in payees)
    paid = 0
    for p in payees:
        weight = p.spon("weight_spon")
        share = weight if damage <= taken else taken * weight // damage
        report.same_spon("restitution", p, "paid_spon", share)
        paid += share
    for column, expected in (("users_spon", paid), ("treasury_spon", taken - paid),
                             ("dust_spon", 0), ("slark_pool_spon", 0)):
        report.same_spon("restitution", row, column, expected)


def check_slash(s, row, due, pots):
    """(3) The amount, what is taken of which pot."""
    run, report = s.run, s.report
    value = s.hour_value(due.provider, due.instant)
    fees = {x.id: run.in_spon(x.token, x.price, due.prices_at) for x in due.leases}
    amount = max(value, sum(fees.values()))
    own, unbonding = pots.take(amount, due.offence)
    report.same_text("slashes", row, "cause", due.cause)
    for column, expected in (("provider", due.provider), ("instant_s", due.instant),
                             ("offence_s", due.offence), ("hour", due.hour)):
        report.same("slashes", row, column, expected)
    if due.evidence is not None:
        report.same("slashes", row, "evidence", due.evidence)
    for column, expected in (("v_spon", value), ("fee_spon", sum(fees.values())), ("amount_spon", amount),
                             ("own_spon", own), ("unbonding_spon", unbonding), ("delegated_spon", 0),
                             ("rewards_spon", 0), ("bad_debt_spon", amount - own - unbonding)):
        report.same_spon("slashes", row, column, expected)
    check_restitution(s, row, due, fees, own + unbonding)


def check_restitution(s, row, due, fees, taken):
    """(3) Paid to the owners at the instant, pro rata by fee, the rest to dust; else to the Slarks."""
    run, report = s.run, s.report
    claims = {}
    for x in due.leases:
        owner = owner_at(run, x.row["wallet"], due.instant)
        claims[owner] = claims.get(owner, 0) + fees[x.id]
    total = sum(claims.values())
    rows = {r.int("user"): r for r in run.where("slash_payees", slash=row["slash"])}
    paid = 0
    if due.cause != "standby" and total > 0:
        for user, weight in claims.items():
            share = taken * weight // total
            paid += share
            payee = rows.pop(user, None)
            report.holds("restitution", row, "users_spon", f"user {user} is paid", payee is not None)
            if payee is not None:
                report.same_spon("restitution", payee, "weight_spon", weight)
                report.same_spon("restitution", payee, "paid_spon", share)
    for extra in rows.values():
        report.holds("restitution", extra, "user", "an owner of an affected lease", False)
    shared = due.cause != "standby" and total > 0
    for column, expected in (("users_spon", paid), ("dust_spon", taken - paid if shared else 0),
                             ("slark_pool_spon", 0 if shared else taken), ("treasury_spon", 0)):
        report.same_spon("restitution", row, column, expected)


def take_slashes(s, era, pots):
    """Match what the records call for with slashes.csv, row for row in their order."""
    rows = s.run.where("slashes", era=era.number)
    due = due_at(s, era)
    breach_rows = [r for r in rows if r["cause"] == "breach"]
    for d in due:  # a breach's evidence is a number of its own
        if d.evidence is None:
            mine = [r for r in breach_rows if (r.int("provider"), r.int("instant_s")) == (d.provider, d.instant)]
            d.evidence = mine[0].int("evidence") if mine else 0
            if mine:
                breach_rows.remove(mine[0])
    due.sort(key=Due.key)
    for row in rows:
        mine = pots.setdefault(row.int("provider"), Pots())
        if row["cause"] == "misconduct":
            check_misconduct(s.run, s.report, row, mine)
            continue
        s.report.holds("slashes", row, "slash", "no further slash is due", bool(due))
        if due:
            check_slash(s, row, due.pop(0), mine)
    for d in due:
        s.report.count("slashes")
        s.report.differ("slashes", "slashes", 1, "instant_s",
                        f"a {d.cause} slash of provider {d.provider} at {d.instant}", "none")


class Stakes:
    """Movements of stake, row by row: what stands in the file and what the close says must agree."""

    def __init__(self, s):
        self.s, self.report = s, s.report
        self.pots, self.seen = {}, 0

    def of(self, provider):
        return self.pots.setdefault(provider, Pots())

    def move(self, row, era):
        """A row of stakes.csv between two closes."""
        pots, amount, kind = self.of(row.int("provider")), row.spon("amount_spon"), row["kind"]
        if kind == "stake":
            pots.own += amount
        elif kind == "unstake":
            pots.own -= amount
            due = era + self.s.run.param("unbonding_eras", era)
            pots.requests.append([row.int("second_s"), amount, due])
            self.report.same("stakes", row, "due_era", due)
        else:
            self.report.holds("stakes", row, "kind", "stake or unstake between closes", False)
        self.after(row, pots)

    def after(self, row, pots):
        self.report.holds("stakes", row, "amount_spon", "at most the own stake", pots.own >= 0)
        self.report.same_spon("stakes", row, "own_after_spon", max(0, pots.own))
        self.report.same_spon("stakes", row, "unbonding_after_spon", pots.unbonding())

    def closes(self, row):
        return row["kind"] not in ("stake", "unstake")

    def of_close(self, row, era):
        """Whether a close's row is of this era's close or an earlier one: a slash may be of an instant before
        its era, what else a close does is dated the era's end."""
        for slash in self.s.run.where("slashes", slash=row["slash"]) if row["slash"] else []:
            return slash.int("era") <= era.number
        return row.int("second_s") <= era.end


def frozen(s, era, provider):
    """57: the pots are frozen from the verdict until its slash is taken."""
    struck = s.providers[provider].struck
    return struck is not None and struck < era.block and not any(
        r["cause"] == "misconduct" and r.int("era") <= era.number
        for r in s.run.where("slashes", provider=str(provider)))


def pay_matured(s, era, pots, provider):
    """(7) Requests of the era unbonding_eras before are paid out."""
    if frozen(s, era, provider):
        return 0
    paid = sum(r[1] for r in pots.requests if r[2] <= era.number)
    pots.requests = [r for r in pots.requests if r[2] > era.number]
    return paid


def close_provider(stakes, era, row, before, rows):
    """(6), (7) One provider's stake after the close, and the rows of stakes.csv that say so."""
    s, report = stakes.s, stakes.report
    pots = stakes.of(row.int("provider"))
    mine = s.run.where("slashes", era=row["era"], provider=row["provider"])
    report.same_spon("stakes", row, "stake_before_spon", before)
    report.same_spon("stakes", row, "stake_slashed_spon", pots.own)
    report.same("slashes", row, "slashes", len(mine))
    report.same_spon("slashes", row, "slashed_spon", sum(
        r.spon(c) for r in mine for c in ("own_spon", "unbonding_spon", "delegated_spon", "rewards_spon")))
    report.same_spon("slashes", row, "bad_debt_spon", sum(r.spon("bad_debt_spon") for r in mine))
    rewards = row.spon("liveness_spon") + row.spon("bonus_spon")
    auto = row["auto_stake"] == "1"
    pots.own += rewards if auto else 0
    pots.claimable += 0 if auto else rewards
    paid = pay_matured(s, era, pots, row.int("provider"))
    for column, expected in (("own_stake_spon", pots.own), ("delegated_spon", 0),
                             ("unbonding_spon", pots.unbonding()), ("claimable_spon", pots.claimable)):
        report.same_spon("stakes", row, column, expected)
    expected = {"auto_stake": rewards if auto else 0, "payout": paid,
                "slash_own": sum(r.spon("own_spon") for r in mine),
                "slash_unbonding": sum(r.spon("unbonding_spon") for r in mine)}
    for kind, amount in expected.items():
        there = [r for r in rows if r["kind"] == kind]
        report.count("stakes")
        if sum(r.spon("amount_spon") for r in there) != amount:
            report.differ("stakes", "stakes", there[0].line if there else 1, "amount_spon",
                          f"{kind} of {amount} in era {era.number}", sum(r.spon("amount_spon") for r in there))
    if rows:
        stakes.after(rows[-1], pots)


def claims_until(s, claims, pots, block):
    while claims and claims[0].int("block") < block:
        row = claims.pop(0)
        mine = pots.setdefault(row.int("provider"), Pots())
        s.report.holds("claims", row, "amount_wei", f"at most {mine.claimable} is claimable",
                       row.int("amount_wei") <= mine.claimable)
        mine.claimable -= row.int("amount_wei")


def check(run, report, s):
    """Go through the eras: stake moves and claims of its blocks, then its close."""
    s.judged, s.judged_breaches = set(), set()
    stakes = Stakes(s)
    moves = list(run["stakes"])
    claims = [r for r in run["claims"] if r["kind"] == "reward"]
    for era in run.eras:
        while moves and not stakes.closes(moves[0]) and moves[0].int("block") < era.block:
            stakes.move(moves.pop(0), era.number)
        claims_until(s, claims, stakes.pots, era.block)
        of_close = {}
        while moves and stakes.closes(moves[0]) and stakes.of_close(moves[0], era):
            of_close.setdefault(moves[0].int("provider"), []).append(moves.pop(0))
        before = {p: pots.own for p, pots in stakes.pots.items()}
        take_slashes(s, era, stakes.pots)
        for (number, provider), row in s.rows.items():
            if number == era.number:
                close_provider(stakes, era, row, before.get(provider, 0), of_close.get(provider, []))
    for row in moves:
        stakes.move(row, run.era_of(row.int("second_s")))
    claims_until(s, claims, stakes.pots, 1 << 64)
    return stakes
