#!/usr/bin/env python3
"""The audit's own rules against worked examples of ../shared/protocol/examples.md."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import leases  # noqa: E402
import sample  # noqa: E402
import slashes  # noqa: E402
import standing  # noqa: E402
import tables  # noqa: E402

DAY = 86400


def same(what, expected, found):
    if expected != found:
        print(f"not ok - {what}: expected {expected}, found {found}")
        sys.exit(1)


def rows(table, found):
    """Rows of a table, what they do not name 0 or empty."""
    header = sample.columns()[table]
    made = []
    for i, row in enumerate(found):
        cells = {c: "" if c in sample.TEXTS | sample.EMPTY else "0" for c in header}
        cells.update({k: "" if v is None else str(v) for k, v in row.items()})
        made.append(tables.Row(table, i + 2, cells))
    return made


def run_of(eras=1, params=None, changes=(), **more):
    """A run of so many eras of a day, each closed in the block of its last second; changes are
    (first era, parameter, value)."""
    first = tuple((0, name, value) for name, value in (params or {}).items())
    given = {"runs": [dict(end_s=eras * DAY)],
             "params": sample.params() + [dict(era=e, name=n, value=v) for e, n, v in first + tuple(changes)],
             "tokens": [dict(token="SPON", decimals=18, native=1), dict(token="USDX", decimals=6)],
             "eras": [dict(era=e, start_s=e * DAY, end_s=(e + 1) * DAY, closed_block=(e + 1) * DAY)
                      for e in range(eras)]}
    given.update(more)
    return tables.Run(0, {t: rows(t, r) for t, r in given.items()}, set(given))


def lease(run, **terms):
    terms = {"lease": 1, "provider": 1, "token": "USDX", "commission_bps": 2000, "provider_fee_bps": 200, "user_fee_bps": 200, **terms}
    return leases.Lease(run, rows("leases", [terms])[0])


def test_leases():
    """E1, E3, E5, E7"""
    run = run_of()
    x = lease(run, price_wei=175000, start_s=1000, agreed_s=7200, end_s=2800, end_reason="user")
    same("E1 locks", (350000, 7000), (x.gross_lock(), x.fee_lock()))
    same("E1 shares", (68250, 17500, 1750, 0), x.shares())
    same("E1 fee, refund", (1750, 267750), (x.user_fee(), x.left()))
    x = lease(run, price_wei=175000, start_s=1000, agreed_s=7200, end_s=8199, end_reason="user")
    same("E3", (349951, 6999, 50), (x.gross_at(x.end), x.user_fee(), x.left()))
    x = lease(run, price_wei=100, start_s=0, agreed_s=10801, end_s=10801, end_reason="expired")
    same("E5", (301, 6, 300, 6, 1), (x.gross_lock(), x.fee_lock(), x.gross_at(x.end), x.user_fee(), x.left()))
    for gross, shares in ((49, (38, 9, 0, 2)), (50, (39, 10, 1, 0))):
        x = lease(run, price_wei=3600, start_s=0, agreed_s=100, end_s=gross, end_reason="user")
        same("E7", shares, x.shares())


def hours_of(downs, era, eras=2, **more):
    """The hours and uptime of a provider that was down then."""
    outages = [dict(outage=i + 1, provider=1, from_s=a, until_s=b, down_block=a + 60,
                    up_block=b, up_s=b) for i, (a, b) in enumerate(downs)]
    run = run_of(eras, outages=outages, **more)
    provider = standing.Provider(run, rows("fleet", [dict(provider=1)])[0])
    provider.active = 0
    provider.ratings = {0: rows("ratings", [dict(line="v100", units=1, base_points=200, multiplier_bps=10000)])}
    return standing.Hours(provider, run.eras[era], 1, [(r.int("from_s"), r.int("until_s")) for r in run["halts"]])


def at(text):
    h, m, s = (int(x) for x in text.split(":"))
    return h * 3600 + m * 60 + s


def test_hours():
    """E23, E25, E27; E45's halt"""
    for a, b, lost in (("10:30:00", "10:31:00", 2), ("10:30:00", "11:29:00", 3)):
        same("E23", 24 - lost, len(hours_of([(at(a), at(b))], 0).ok))
    for era, lost, up in ((0, 1, 85800), (1, 1, 86400)):
        h = hours_of([(at("23:30:00"), at("23:40:00"))], era)
        same("E25", (24 - lost, up, DAY), (len(h.ok), h.up, h.counted))
    for era, lost, up in ((0, 2, 79200), (1, 24, 0)):
        h = hours_of([(at("22:00:00"), None)], era)
        same("E27", (24 - lost, up, DAY), (len(h.ok), h.up, h.counted))
    for changes, lost in (((1, "cooldown_s", DAY),), 0), (((0, "cooldown_s", DAY), (1, "cooldown_s", 0)), 20):
        h = hours_of([(at("19:00:00"), at("19:30:00"))], 1, changes=changes)
        same("62: as long as it was at the reconnect", 24 - lost, len(h.ok))
    h = hours_of([(10000, 10000 + 4200)], 0, halts=[dict(from_s=50000, until_s=52400)])
    same("E45's halt", (79800, 84000), (h.up, h.counted))
    h = hours_of([(49000, 53000)], 0, halts=[dict(from_s=50000, until_s=52400)])
    same("halted seconds are up", (84000 - 1600, 84000), (h.up, h.counted))
    same("an hour's points", [6000000] * 24, h.potential)


def test_emission():
    """E31"""
    run = run_of(366, params={"supply0": 10**27})
    same("E31 era 0", 136986301369863013698630, standing.emission(run, run.eras[0]))
    same("E31 year 1", 123287671232876712328767, standing.emission(run, run.eras[365]))
    same("E31 a whole year", 5 * 10**25, sum(standing.emission(run, e) for e in run.eras[:365]))


GOOD = dict(up_s=DAY, counted_s=DAY, response_us=1)


def close(tier, stake, eras, papers=True):
    """Tiers after each close, from fresh counters."""
    run, suspended = run_of(len(eras)), False
    met, failed, after = {t: 0 for t in range(1, 8)}, {t: 0 for t in range(1, 8)}, []
    for i, era in enumerate(eras):
        row = rows("providers", [dict(era, stake_slashed_spon=stake)])[0]
        to, suspended, _ = standing.judge(run, i, tier, suspended, met, failed, row, papers)
        if to != tier:
            tier, met, failed = to, {t: 0 for t in range(1, 8)}, {t: 0 for t in range(1, 8)}
        after.append(-tier if suspended else tier)
    return after


def test_tiers():
    """E41, E43, E45; settled 46, 48"""
    bad, neutral = dict(GOOD, up_s=0), dict(GOOD, neutral=1)
    same("E41", [7, 7, 7, 6], close(7, 501, [GOOD, GOOD, neutral, GOOD]))
    same("E41", [7, 7, 7, 7, 7, 6], close(7, 501, [GOOD, GOOD, bad, GOOD, GOOD, GOOD]))
    same("E43", [3], close(2, 400, [GOOD]))
    same("E43", [2], close(2, "400.000000000000000001", [GOOD]))
    same("E43", [7], close(2, 50, [GOOD]))
    run = run_of()
    for tier, era, meets in ((1, dict(GOOD, up_s=85536), False), (1, dict(GOOD, up_s=85537), True),
                             (1, dict(GOOD, tasks=100, tasks_done=98), False),
                             (1, dict(GOOD, response_us=100000), False),
                             (4, dict(GOOD, up_s=79800, counted_s=84000), False),
                             (4, dict(GOOD, up_s=79801, counted_s=84000), True)):
        same(f"E45 {tier} {era}", meets, standing.meets(run, 0, tier, rows("providers", [era])[0]))
    same("46: five failing eras", [3, 3, 3, 3, 4], close(3, 501, [bad] * 5))
    same("46: and short of stake, the worse of both", [3, 3, 3, 3, 6],
         close(3, 301, [bad] * 4) + close_fifth(3, 101, bad))
    same("48: suspended, and back", [7, 7, 7, 7, -7, -7, 7], close(7, 501, [bad] * 6 + [GOOD]))
    same("144: no tier 1 without papers", [2, 2, 2, 2], close(2, 501, [GOOD] * 4, papers=False))
    same("144: tier 1 fails without them", [1, 1, 1, 1, 2], close(1, 501, [GOOD] * 5, papers=False))


def close_fifth(tier, stake, era):
    """A fifth failing era in a row."""
    met, failed = {t: 0 for t in range(1, 8)}, {t: 4 for t in range(1, 8)}
    row = rows("providers", [dict(era, stake_slashed_spon=stake)])[0]
    return [standing.judge(run_of(), 0, tier, False, met, failed, row, True)[0]]


class Known:
    """What due_of_outage asks of the standing of all providers."""

    def __init__(self, run):
        self.run, self.judged = run, set()


def due(outage, held, eras=1, changes=()):
    """(cause, instant) of an outage with leases (start, end) of the provider."""
    a, b = outage
    run = run_of(eras, changes=changes, outages=[dict(outage=1, provider=1, from_s=a, until_s=b, down_block=a, up_block=b)])
    mine = [lease(run, start_s=s, end_s=e, agreed_s=e - s + 1, price_wei=1, end_reason="user") for s, e in held]
    known = Known(run)
    return [[(d.cause, d.instant) for d in slashes.due_of_outage(known, era, run.outages(1)[0], mine)]
            for era in run.eras]


def test_slashes():
    """E35, E37, E39, E49"""
    ten = at("10:00:00")
    same("E35", [[("deployment", 36000), ("deployment", 39600)]], due((ten, ten + 3601), [(0, DAY), (0, DAY)]))
    same("E37 ends inside", [[("deployment", 36000)]], due((ten, at("15:00:00")), [(0, at("11:00:00"))]))
    same("E37 ends as it begins", [[("standby", 39600)]], due((ten, at("15:00:00")), [(0, ten)]))
    same("54: not longer than an hour", [[]], due((ten, ten + 3600), []))
    same("54: once, in the era of its instant", [[], [("standby", DAY + 1800)]],
         due((DAY - 1800, None), [], eras=2))
    same("53: an hour that crosses the end is paid once", [[("deployment", DAY - 1800)], [("deployment", DAY + 1800)]],
         due((DAY - 1800, DAY + 1801), [(0, 3 * DAY)], eras=2))
    limit = "standby_slash_after_s"
    same("54: a shorter limit calls up nothing that a close has judged", [[], []],
         due((ten, ten + 600), [], eras=2, changes=[(1, limit, 1)]))
    same("54: once per outage, whatever the limit", [[("standby", ten + 3600)], []],
         due((ten, None), [], eras=2, changes=[(1, limit, 20 * 3600)]))
    same("54: an instant that no close has judged", [[], [], [("standby", ten + 200000)]],
         due((ten, None), [], eras=3, changes=[(0, limit, 300000), (1, limit, 3600), (2, limit, 200000)]))
    pots = slashes.Pots()
    pots.own, pots.requests = 5, [[100, 3, 9], [200, 4, 9], [300, 5, 9]]
    same("58: own, then unbonding of later requests, the latest first", (5, 7), pots.take(12, 150))
    same("58", [3, 2, 0], [r[1] for r in pots.requests])
    same("58: what is not there", (0, 2), pots.take(10, 150))


def main():
    test_leases()
    test_hours()
    test_emission()
    test_tiers()
    test_slashes()
    print("ok - worked examples")


if __name__ == "__main__":
    main()
