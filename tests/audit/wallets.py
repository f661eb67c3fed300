"""Escrow wallets, what providers earned and took out, and the supply of each token."""

def total(rows, column):
    return sum(r.int(column) for r in rows)


def by_key(rows, *columns):
    found = {}
    for row in rows:
        found.setdefault(tuple(row[c] for c in columns), []).append(row)
    return found


def owner_at(run, wallet, second):
    """User who holds the wallet at a second; before its first, the first."""
    rows = run.where("owners", wallet=wallet)
    user = rows[0].int("user") if rows else None
    for row in rows:
        if row.int("from_s") <= second:
            user = row.int("user")
    return user


def holds(run, row):
    """Row 102: what open orders hold of a wallet; nothing unless order_hold is on."""
    held = 0
    for order in run.where("orders", outcome="open", wallet=row["wallet"], token=row["token"]):
        era = run.era_of(order.int("created_s"))
        if run.param("order_hold", era):
            gross = -(-order.int("max_price_wei") * order.int("duration_s") // 3600)
            fee = 0 if row["token"] == run.native else run.param("user_fee_bps", era)
            held += gross + gross * fee // 10000
    return held


def check_wallets(run, report, leases):
    moves = by_key(run["wallet_moves"], "wallet", "token", "kind")
    shrunk_tokens = {r["token"] for r in run["supplies"] if r.int("burned_wei")}
    known = set()
    mine = {}
    for lease in leases.values():
        mine.setdefault((lease.row["wallet"], lease.token), []).append(lease)
    for row in run["wallets"]:
        key = (row["wallet"], row["token"])
        known.add(key)
        amount = {k: total(moves.get(key + (k,), []), "amount_wei")
                  for k in ("deposit", "transfer_in", "transfer_out", "withdraw")}
        debited = sum(x.gross_at(x.end) for x in mine.get(key, []))
        fees = sum(x.user_fee() for x in mine.get(key, []))
        held = holds(run, row)
        locked = sum(x.left() for x in mine.get(key, []) if x.is_open()) + held
        shrunk = row.int("shrunk_wei")
        unlocked = (amount["deposit"] + amount["transfer_in"] - amount["transfer_out"]
                    - amount["withdraw"] - debited - fees - shrunk - locked)
        for column, expected in (("user", owner_at(run, row["wallet"], run.end)),
                                 ("deposited_wei", amount["deposit"]),
                                 ("transferred_in_wei", amount["transfer_in"]),
                                 ("transferred_out_wei", amount["transfer_out"]),
                                 ("withdrawn_wei", amount["withdraw"]), ("debited_wei", debited),
                                 ("user_fees_paid_wei", fees), ("locked_wei", locked),
                                 ("held_wei", held), ("unlocked_wei", unlocked)):
            report.same("wallets", row, column, expected)
        report.holds("wallets", row, "shrunk_wei", "0 where the token never shrank (150)",
                     shrunk == 0 or row["token"] in shrunk_tokens)
    for key in list(mine) + [k[:2] for k in moves]:
        report.count("wallets")
        if key not in known:
            report.differ("wallets", "wallets", 1, "wallet", f"a row for wallet {key[0]}, {key[1]}", "none")


def check_moves(run, report):
    """Row 103: each deposit is at least so many whole tokens."""
    for row in run["wallet_moves"]:
        report.holds("wallet moves", row, "kind", "deposit, withdraw, transfer_in or transfer_out",
                     row["kind"] in ("deposit", "withdraw", "transfer_in", "transfer_out"))
        if row["kind"] == "deposit":
            least = run.param("min_deposit_tokens", run.era_of(row.int("second_s")))
            least *= 10 ** run.decimals[row["token"]]
            report.holds("wallet moves", row, "amount_wei", f"at least {least} (103)",
                         row.int("amount_wei") >= least)


def check_tenants(run, report, leases):
    """Row 112: the tenant is the wallet's owner."""
    for lease in leases.values():
        report.same("tenants", lease.row, "user", owner_at(run, lease.row["wallet"], lease.end))
    for row in run["orders"]:
        report.same("tenants", row, "user", owner_at(run, row["wallet"], row.int("created_s")))


def check_income(run, report, leases):
    """What leases accrued between an era's ends, of the cumulative figures."""
    expected = {}
    for era in run.eras:
        for lease in leases.values():
            if lease.end <= era.start or lease.start >= era.end:
                continue
            key = (str(era.number), str(lease.provider), lease.token)
            gross, net = expected.get(key, (0, 0))
            expected[key] = (gross + lease.gross_at(era.end) - lease.gross_at(era.start),
                             net + lease.provider_at(era.end) - lease.provider_at(era.start))
    for row in run["income"]:
        key = (row["era"], row["provider"], row["token"])
        gross, net = expected.pop(key, (0, 0))
        report.same("income", row, "gross_wei", gross)
        report.same("income", row, "provider_net_wei", net)
    for key, figures in expected.items():
        report.count("income")
        if run.eras and figures != (0, 0):
            report.differ("income", "income", 1, "era", f"a row for {key}", "none")


def earned(leases):
    """By (provider, token): his share, while a lease is not confirmed his too once it has ended."""
    found = {}
    for lease in leases.values():
        key = (str(lease.provider), lease.token)
        found[key] = found.get(key, 0) + lease.provider_at(lease.end)
    return found


def check_claims(run, report, leases):
    """Nobody takes out more than leases and eras brought."""
    claims = by_key(run["claims"], "kind", "provider", "token")
    income = earned(leases)
    for (kind, provider, token), rows in claims.items():
        taken, last = total(rows, "amount_wei"), rows[-1]
        if kind == "lease":
            most = income.get((provider, token), 0)
        elif kind == "commission":
            most = sum(x.shares()[1] for x in leases.values() if x.token == token)
        elif kind == "fee":
            most = sum(x.shares()[2] + x.user_fee() for x in leases.values() if x.token == token)
        else:
            report.same_text("claims", last, "kind", "reward")
            most = sum(r.spon("liveness_spon") + r.spon("bonus_spon")
                       for r in run.where("providers", provider=provider, auto_stake="0"))
        report.holds("claims", last, "amount_wei", f"at most {most} in all", taken <= most)


def check_supply(run, report):
    """Genesis and what was minted is what there is (LED-1)."""
    minted = sum(r.spon("liveness_spon") + r.spon("bonus_spon") for r in run["providers"])
    for row in run["supplies"]:
        native = row["token"] == run.native
        report.same("supply", row, "minted_wei", minted if native else 0)
        report.same("supply", row, "end_wei",
                    row.int("genesis_wei") + row.int("minted_wei") - row.int("burned_wei"))
        there = [r for r in run["balances"] if r["token"] == row["token"]]
        report.same("supply", row, "end_wei", total(there, "amount_wei"))
        if native:
            first = run["runs"][0]
            report.same_spon("supply", first, "supply_start_spon", row.int("genesis_wei"))
            report.same_spon("supply", first, "supply_end_spon", row.int("end_wei"))
    for row in run["balances"]:
        report.holds("supply", row, "token", "a token with a supply",
                     row["token"] in {r["token"] for r in run["supplies"]})


def check(run, report, leases):
    check_wallets(run, report, leases)
    check_moves(run, report)
    check_tenants(run, report, leases)
    check_income(run, report, leases)
    check_claims(run, report, leases)
    check_supply(run, report)
