"""Settled, Money of a lease, exactly: each lease's locks, debit, fees and refund from its terms."""

RATES = ("commission_bps", "provider_fee_bps", "user_fee_bps")


def ceil(a, b):
    return -(-a // b)


def overlap(a, b, c, d):
    """Seconds that [a, b) and [c, d) share."""
    return max(0, min(b, d) - max(a, c))


class Lease:
    """A row and what comes of it at any second."""

    def __init__(self, run, row):
        self.row, self.id = row, row.int("lease")
        self.provider, self.user, self.wallet = (row.int(c) for c in ("provider", "user", "wallet"))
        self.token, self.price = row["token"], row.int("price_wei")
        self.start, self.end, self.agreed = row.int("start_s"), row.int("end_s"), row.int("agreed_s")
        self.reason = row["end_reason"]
        self.rates = [row.int(c) for c in RATES]
        self.gross_held = self.gross_lock() - row.int("shrunk_wei")
        self.fee_held = self.fee_lock() - row.int("shrunk_fee_wei")

    def is_open(self):
        return self.reason == "open"

    def gross_lock(self, agreed=None):
        """(2) G(d) = ceil(price x d / 3600)"""
        return ceil(self.price * (self.agreed if agreed is None else agreed), 3600)

    def fee_lock(self, agreed=None):
        """(2) U(d) = floor(G(d) x u / 10000)"""
        return self.gross_lock(agreed) * self.rates[2] // 10000

    def gross_at(self, second):
        """(5) min(G held, floor(price x B(t) / 3600)); nothing ever stops billing."""
        billed = max(0, min(second, self.end) - self.start)
        return min(self.gross_held, self.price * billed // 3600)

    def provider_at(self, second):
        """(5) floor(gross x (10000 - c - p) / 10000)"""
        return self.gross_at(second) * (10000 - self.rates[0] - self.rates[1]) // 10000

    def shares(self):
        """(5) provider, commission, provider fee, rest; the user fee is beside them."""
        gross = self.gross_at(self.end)
        commission, provider_fee = (gross * r // 10000 for r in self.rates[:2])
        provider = self.provider_at(self.end)
        return provider, commission, provider_fee, gross - provider - commission - provider_fee

    def user_fee(self):
        return min(self.fee_held, self.gross_at(self.end) * self.rates[2] // 10000)

    def left(self):
        """What is locked and not debited: refund, or still locked."""
        return self.gross_held - self.gross_at(self.end) + self.fee_held - self.user_fee()


def check_rates(run, report, lease):
    """Row 96, 97, 99, 101: by token, as they were at the creation."""
    era, native = run.era_of(lease.start), lease.token == run.native
    for column in RATES:
        expected = 0 if native and column != "commission_bps" else run.param(column, era)
        report.same("lease rates", lease.row, column, expected)


def check_end(run, report, lease):
    """(6) The second and the reason of the end agree."""
    row, end = lease.row, lease.start + lease.agreed
    timeout = lease.start + run.param("activation_timeout_s", run.era_of(lease.start))
    confirmed = row.opt("confirmed_s")
    if lease.reason == "expired":
        report.same("lease ends", row, "end_s", end)
    elif lease.reason == "provider_breach":
        report.same("lease ends", row, "end_s", timeout)
        report.same("lease ends", row, "confirmed_s", None)
    elif lease.reason == "insufficient":
        left = lease.gross_held - lease.gross_at(lease.end)
        block_ms = run.param("block_time_ms", run.era_of(lease.end))
        report.holds("lease ends", row, "end_reason", "less than one block's price is left (106)",
                     left * 3600000 < lease.price * block_ms)
        report.holds("lease ends", row, "end_s", "more than one block of agreed time is left (106)",
                     (end - lease.end) * 1000 > block_ms)
    elif lease.reason == "open":
        report.same("lease ends", row, "end_s", run.end)
    else:
        report.holds("lease ends", row, "end_reason", "user, provider, updated, ...",
                     lease.reason in ("user", "provider", "updated"))
    if lease.reason not in ("expired", "insufficient"):
        report.holds("lease ends", row, "end_s", f"before the agreed end {end}", lease.end < end)
    if row.int("shrunk_wei") == 0:
        report.holds("lease ends", row, "end_reason", "insufficient only where a lock shrank (150)",
                     lease.reason != "insufficient")
    if confirmed is None:
        replaced = row.opt("replaces") is not None
        report.holds("lease ends", row, "end_s", f"unconfirmed, so at {timeout} at the latest (116)",
                     replaced or lease.end <= timeout)
    else:
        report.holds("lease ends", row, "confirmed_s", "while the lease ran",
                     lease.start <= confirmed <= min(lease.end, timeout))


def check_money(report, lease):
    row = lease.row
    provider, commission, provider_fee, rest = lease.shares()
    report.same("lease locks", row, "locked_gross_wei", lease.gross_lock())
    report.same("lease locks", row, "locked_fee_wei", lease.fee_lock())
    for column, expected in (("billed_s", lease.end - lease.start),
                             ("gross_wei", lease.gross_at(lease.end)),
                             ("provider_net_wei", provider), ("commission_wei", commission),
                             ("provider_fee_wei", provider_fee), ("rest_wei", rest),
                             ("user_fee_wei", lease.user_fee()),
                             ("refund_wei", 0 if lease.is_open() else lease.left())):
        report.same("lease money", row, column, expected)


def check_extensions(run, report, leases):
    """(3) Each locks the difference of the two locks, and they add up to the agreed time."""
    after = {}
    for row in reversed(run["extensions"]):  # from the last, whose agreed time is the lease's
        lease = leases.get(row.int("lease"))
        report.holds("extensions", row, "lease", "a lease", lease is not None)
        if lease is None:
            continue
        agreed, n = after.get(lease.id, (lease.agreed, 0))
        before = agreed - row.int("added_s")
        report.same("extensions", row, "agreed_s", agreed)
        report.same_text("extensions", row, "token", lease.token)
        report.same("extensions", row, "locked_gross_wei", lease.gross_lock(agreed) - lease.gross_lock(before))
        report.same("extensions", row, "locked_fee_wei", lease.fee_lock(agreed) - lease.fee_lock(before))
        report.holds("extensions", row, "second_s", "before the end that it moves (110)",
                     lease.start <= row.int("second_s") < lease.start + before)
        after[lease.id] = (before, n + 1)
    return after


def check_orders_of_leases(run, report, leases, after):
    """The order, the lease and the extensions tell one story."""
    orders = {r.int("order_id"): r for r in run["orders"]}
    for lease in leases.values():
        row, (agreed, n) = lease.row, after.get(lease.id, (lease.agreed, 0))
        report.same("lease and order", row, "extensions", n)
        if row.opt("replaces") is not None:
            check_update(report, leases, lease)
            continue
        order = orders.get(row.int("order_id"))
        report.holds("lease and order", row, "order_id", "an order", order is not None)
        if order is None:
            continue
        report.same("lease and order", order, "duration_s", agreed)
        report.same("lease and order", order, "lease", lease.id)
        report.same("lease and order", order, "decided_block", row.int("start_block"))
        report.same("lease and order", order, "decided_s", lease.start)
        report.same_text("lease and order", order, "outcome", "matched")
        for column in ("provider", "price_wei"):
            report.same("lease and order", order, column, row.int(column))
        for column in ("wallet", "token"):
            report.same_text("lease and order", order, column, row[column])
        for column in ("replicas", "cores", "ram_mib", "disk_gib", "gpus"):
            report.same("lease and order", row, column, order.int(column))


def check_update(report, leases, lease):
    """(8) Close and new lease at one second, same provider, wallet and token."""
    old = leases.get(lease.row.int("replaces"))
    report.holds("updates", lease.row, "replaces", "a lease", old is not None)
    if old is None:
        return
    report.same_text("updates", old.row, "end_reason", "updated")
    report.same("updates", old.row, "end_s", lease.start)
    for column in ("provider", "wallet", "token"):
        report.same_text("updates", lease.row, column, old.row[column])


def check_replaced(report, leases):
    replaced = {lease.row["replaces"] for lease in leases.values()}
    for lease in leases.values():
        if lease.reason == "updated":
            report.holds("updates", lease.row, "end_reason", "another lease replaces it",
                         lease.row["lease"] in replaced)


MOMENTS = ("expired", "insufficient", "provider_breach")  # ends that no transaction makes


def era_of_end(run, lease):
    """Row 42: moments up to an era's end come before its close, transactions after it (154)."""
    return run.era_of(lease.end - (lease.reason in MOMENTS))


def check_task(run, report, lease):
    """Row 42: failed if the provider ended or never started it, or after an outage that was long, as the close
    of the era of its end knows it."""
    number = era_of_end(run, lease)
    if lease.is_open() or number >= len(run.eras):
        return  # no close has judged it
    limit, block = run.param("task_outage_s", number), run.eras[number].block
    failed = lease.reason == "provider_breach"
    if lease.reason == "provider":
        failed = lease.row["workload"] != "image_failed"
    for outage in run.outages(lease.provider):
        until = min(outage.known_until(block, lease.end), lease.end)
        if outage.down_block < block and overlap(outage.start, until, lease.start, lease.end):
            failed = failed or until - outage.start > limit
    report.same("tasks", lease.row, "task_failed", int(failed))


def check(run, report):
    leases = {}
    for row in run["leases"]:
        lease = Lease(run, row)
        report.holds("lease money", row, "lease", "a number of its own", lease.id not in leases)
        leases[lease.id] = lease
        check_rates(run, report, lease)
        check_end(run, report, lease)
        check_money(report, lease)
        check_task(run, report, lease)
    check_orders_of_leases(run, report, leases, check_extensions(run, report, leases))
    check_replaced(report, leases)
    return leases
