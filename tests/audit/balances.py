"""Where every token is at the end: what each pocket of balances.csv must hold."""

from wallets import total

ESCROW = ("unlocked", "locked", "lease", "accrued", "commission", "fees", "lease dust")
# as transfers name them; the tables settle open leases to the end, the chain has not: of what
# settlement moves, only the sum is told
PLACES = (("locked", "lease", "accrued", "commission", "fees"), ("unlocked",), ("dust",), ("stake",),
          ("unbonding",), ("rewards",), ("slark pool",))
MODULES = ("escrow", "staking", "rewarder", "slark pool", "dust")


def pockets(run, leases, pots, token):
    """Pocket to base units, of leases, slashes and stakes; accounts hold the rest of the supply."""
    def claimed(kind):
        return total(run.where("claims", kind=kind, token=token), "amount_wei")

    held = dict.fromkeys(ESCROW + ("dust", "stake", "unbonding", "rewards", "slark pool"), 0)
    for row in run.where("wallets", token=token):
        held["unlocked"] += row.int("unlocked_wei")
        held["locked"] += row.int("locked_wei")
    for x in leases.values():
        if x.token != token:
            continue
        provider, commission, provider_fee, rest = x.shares()
        held["commission"] += commission
        held["fees"] += provider_fee + x.user_fee()
        held["lease" if x.is_open() else "lease dust"] += rest
        # 116: nothing is his before he has confirmed, or the lease has ended
        waits = x.is_open() and x.row["confirmed_s"] == "" and x.row["replaces"] == ""
        held["lease" if waits else "accrued"] += provider
    for pocket, kind in (("accrued", "lease"), ("commission", "commission"), ("fees", "fee")):
        held[pocket] -= claimed(kind)
    if token == run.native:
        held["dust"] += sum(r.spon("dust_spon") for r in run["slashes"])
        held["slark pool"] = sum(r.spon("slark_pool_spon") for r in run["slashes"])
        held["stake"] = sum(p.own for p in pots.values())
        held["unbonding"] = sum(p.unbonding() for p in pots.values())
        held["rewards"] = sum(p.claimable for p in pots.values())
    held["escrow"] = sum(held[p] for p in ESCROW)
    held["staking"] = held["stake"] + held["unbonding"]
    held["rewarder"] = held["rewards"]
    return held


def check_transfers(run, report, token, held):
    """The double entry: what went into a pocket less what went out is what it holds."""
    net, minted = {}, 0
    for row in run.where("transfers", token=token):
        amount, source, to = row.int("amount_wei"), row["from_pocket"], row["to_pocket"]
        net[source] = net.get(source, 0) - amount
        net[to] = net.get(to, 0) + amount
        # the supply at genesis is there before the first row
        minted += amount if source == "" and row["cause"] != "genesis" else 0
    for row in run.where("supplies", token=token):
        report.same("transfers", row, "minted_wei", minted)
        report.same("transfers", row, "burned_wei", net.get("", 0) + sum(
            r.int("amount_wei") for r in run.where("transfers", token=token, from_pocket="")))
    for pockets_of in PLACES:
        holds = sum(held[p] for p in pockets_of) + (held["lease dust"] if "dust" in pockets_of else 0)
        found = sum(net.get(p, 0) for p in pockets_of)
        report.count("transfers")
        if found != holds:
            where = ", ".join(pockets_of)
            report.differ("transfers", "transfers", 1, "amount_wei", f"{token} in {where}: {holds}", found)


def check(run, report, leases, stakes):
    for token in run.decimals:
        held = pockets(run, leases, stakes.pots, token)
        if run.has("transfers"):
            check_transfers(run, report, token, held)
        for row in run.where("balances", token=token):
            pocket = row["pocket"].replace("_", " ")
            if pocket in MODULES:
                report.same("balances", row, "amount_wei", held.pop(pocket))
            else:
                report.same_text("balances", row, "pocket", "account")
        for pocket in MODULES:
            if held.get(pocket):
                report.differ("balances", "balances", 1, "pocket", f"{token} in {pocket}", "none")
