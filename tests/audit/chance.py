#!/usr/bin/env python3
"""chance.py ORRERY SEED: small scenarios by chance: a few providers that go down and come back, users that order, halts, prices, and
changes of every parameter that may change.  The same seed makes the same scenario, which it prints."""

import json
import random
import subprocess
import sys

FIXED = ("block_time_ms", "heartbeat_s")  # what params_fixed() of protocol/params.h names
SHORT_S, ERAS_S = 600, (3600, 3600, 7200, 21600, 86400)
SPAN = {"s": 1, "min": 60, "h": 3600, "d": 86400}
# Half of the changes are of these: what closes, leases and orders that are under way go by.
UNDER_WAY = ("era_seconds", "bid_window_blocks", "match_timeout_blocks", "audit_valid_eras", "initial_tier", "auto_approve",
             "bonus_lease_hours", "bonus_amount", "bonus_min_price", "tier7_zero", "emission_bps_year", "cpu_base_points",
             "tier_7_stake", "tier_4_stake", "tier_4_uptime", "tier_4_multiplier", "promotion_eras", "demotion_eras",
             "task_outage_s", "heartbeat_misses", "cooldown_s", "standby_slash_after_s", "chain_outage_excluded",
             "commission_bps", "user_fee_bps", "order_hold", "max_duration_s", "lease_warning_s", "activation_timeout_s",
             "match_randomness", "min_deposit_tokens", "block_gas_limit")
TOKENS = {"SPON": "0.1 USD", "USDX": "1 USD", "WETH": "2500 USD"}


class Parameter:
    """A row of `orrery params --json`; figures as the numbers that a scenario states."""

    def __init__(self, row):
        self.name, self.type = row["name"], row["type"]
        self.default, self.least, self.most = (self.figure(row[k]) for k in ("default", "min", "max"))
        self.unit = row["default"].partition(" ")[2] if self.type == "count" else ""

    def figure(self, text):
        if self.type == "flag":
            return int(text == "on")
        number = "".join(c for c in text if c.isdigit() or c == ".")
        word = text.replace(number, "", 1).strip()
        if self.type in ("bps", "ratio"):
            return round(float(number) * {"%": 100, "x": 10000, "bps": 1}[word])
        if self.type in ("span", "millis", "micros"):
            small = {"span": 1, "millis": 1000, "micros": 10**6}[self.type]
            return round(float(number) * {**SPAN, "ms": 0.001, "us": 0.000001}[word] * small)
        return int(float(number))

    def text(self, value):
        if self.type == "flag":
            return "on" if value else "off"
        unit = {"bps": "bps", "ratio": "bps", "span": "s", "millis": "ms", "micros": "us", "amount": " SPON",
                "usd": " USD", "count": " " + self.unit}[self.type]
        return f"{value}{unit}".strip()

    def any(self, r):
        """Mostly not far from what it is without a scenario, now and then anything that is allowed."""
        if self.type == "flag":
            return r.choice((0, 1))
        how = r.random()
        if self.name == "era_seconds":
            return r.choice(ERAS_S)
        if self.type == "usd":
            return self.default * r.choice((1, 2, 10))
        if how < 0.6:
            value = round(self.default * r.choice((0.1, 0.5, 0.9, 1.1, 2, 5)) + r.choice((-1, 0, 0, 1)))
        elif how < 0.8:
            value = r.choice((self.least, self.least + 1, self.most))
        else:
            value = round(self.least + (self.most - self.least + 1) ** r.random() - 1)
        return min(self.most, max(self.least, value))


def parameters(orrery):
    done = subprocess.run([orrery, "params", "--json"], stdout=subprocess.PIPE, text=True, check=True)
    return [Parameter(row) for row in json.loads(done.stdout) if row["name"] not in FIXED]


class Chance:
    """One scenario in the making."""

    def __init__(self, params, seed):
        self.r, self.params, self.seed = random.Random(seed), params, seed
        self.era_s, self.eras = self.r.choice(ERAS_S), self.r.randint(2, 6)
        self.end_s = self.era_s * self.eras
        self.quiet = []  # seconds of halts

    def odds(self, percent):
        return self.r.random() * 100 < percent

    def second(self):
        """Any second of the run; often one near the end of an era."""
        if self.odds(30):
            near = self.r.randint(1, self.eras - 1) * self.era_s + self.r.choice((-4000, -130, -61, -7, -2, 0, 1, 9))
            return max(1, near)
        return self.r.randint(1, self.end_s - 2)

    def length(self):
        """Seconds: around what rules ask for, or as long as eras are."""
        return self.r.choice((20, 70, 130, 600, 3599, 3601, 4000, 7300, self.r.randint(1, 2 * self.era_s)))

    def sets(self, most):
        """Values of some parameters; the two shares of a lease payment do not exceed it."""
        of = self.params if self.odds(50) else [p for p in self.params if p.name in UNDER_WAY]
        found = {p.name: p.text(p.any(self.r)) for p in self.r.sample(of, self.r.randint(1, most))}
        if "commission_bps" in found:  # they change in the order in which they stand
            return {"provider_fee_bps": "0bps", **{name: v for name, v in found.items() if name != "provider_fee_bps"}}
        if "provider_fee_bps" in found:
            return {"commission_bps": "2000bps", **found, "provider_fee_bps": "500bps"}
        return found

    # ---- who ----

    def machine(self):
        machine = {"cpu": self.r.choice((8, 16, 64)), "ram": f"{self.r.choice((64, 256))}GiB"}
        if self.odds(50):
            machine["gpus"] = {self.r.choice(("v100", "t4", "h100")): self.r.choice((1, 2, 8))}
        return machine

    def provider(self, i):
        r = self.r
        found = {"name": f"p{i}", "count": r.choice((1, 1, 2)), "machines": [self.machine()], "disk": "1TiB",
                 "tokens": r.sample(list(TOKENS), r.randint(1, 3)), "stake": f"{r.choice((60, 151, 301, 501, 900))} SPON",
                 "initial_tier": r.randint(1, 7), "ask_ratio": {"uniform": ["0.5x", "1.5x"]},
                 "claims_every": r.choice(("0s", f"{self.length()}s")), "auto_stake": self.odds(30),
                 "audited": self.odds(50), "restakes": self.odds(30),
                 "compliance": r.choice(([], ["SOC2"], ["SOC2", "GDPR"])),
                 "response": {"uniform": ["20ms", r.choice(("60ms", "300ms"))]}}
        if self.odds(40):
            found.update(availability="drawn", announced=r.choice(("0%", "30%", "100%")),
                         uptime={"exponential": {"mean": f"{self.era_s // 2}s"}},
                         downtime={"exponential": {"mean": f"{self.length()}s"}})
        if self.odds(10):
            found["activates"] = False
        if self.odds(10):
            found["closes_after"] = f"{self.length()}s"
        if self.odds(20):
            found["joins"] = f"{self.second()}s"
        return found

    def user(self, i):
        token = self.r.choice(list(TOKENS))
        return {"name": f"u{i}", "token": token, "deposit": f"{ {'SPON': 20000, 'USDX': 2000, 'WETH': 2}[token]} {token}",
                "outage_patience": self.r.choice(("0s", "10min", "1h")), "max_price_ratio": {"uniform": ["1x", "3x"]},
                "patience": "10min", "update": self.r.choice(("0%", "30%")), "extend": self.r.choice(("0%", "50%")),
                "deposits": self.r.choice(("once", "as_needed"))}

    def order(self, user):
        r, token = self.r, user["token"]
        price = {"SPON": r.choice((1, 5)), "USDX": r.choice((0.3, 2)), "WETH": 0.001}[token]
        found = {"at": f"{self.second()}s", "user": user["name"], "cpu": r.choice((1, 4, 8)), "ram": "4GiB",
                 "max_price": f"{price} {token}", "duration": f"{self.length()}s", "replicas": r.choice((1, 1, 2))}
        if self.odds(60):
            found["lifetime"] = f"{self.length()}s"
        if self.odds(30):
            found["gpus"] = 1
        if self.odds(25):
            found.update(fail_after=f"{self.length()}s", image_failed=self.odds(50))
        if self.odds(30):
            found["extend"] = True
        if self.odds(20):
            found["update"] = {"after": f"{self.length()}s", "cpu": r.choice((1, 2, 8))}
        return found

    # ---- what happens ----

    def halt(self):
        """Short, over the end of an era, over several, or over the end of the run; never two at one time."""
        length = self.r.choice((self.r.randint(1, 60), SHORT_S, self.length(), self.era_s, 2 * self.era_s + SHORT_S))
        start = self.second()
        if any(a <= start + length and start <= b for a, b in self.quiet):
            return []
        self.quiet.append((start, start + length))
        return [{"at": f"{start}s", "halt": {"for": f"{length}s"}}]

    def down(self, providers):
        who = self.r.choice([p["name"] for p in providers] + ["providers"])
        return [{"at": f"{self.second()}s", "down": {"who": who, "for": f"{self.length()}s", "announced": self.odds(30)}}]

    def price(self):
        token = self.r.choice(list(TOKENS))
        return [{"at": f"{self.second()}s", "price": {"token": token, "usd": f"{self.r.randint(1, 300) / 100} USD"}}]

    def timeline(self, providers):
        r, found = self.r, []
        for _ in range(r.choice((0, 1, 1, 2, 4))):
            found += self.halt()
        for _ in range(r.randint(0, 6)):
            found += self.down(providers)
        for _ in range(r.randint(0, 3)):
            found += self.price()
        for _ in range(r.randint(0, 5)):
            found.append({"at": f"{self.second()}s", "set": self.sets(3)})
        if self.odds(10):
            found.append({"at": f"{self.second()}s", "shrink": {"token": "USDX", "keep": "50%"}})
        if self.odds(10):
            found.append({"at": f"{self.second()}s", "token": {"symbol": "USDX", "enabled": False}})
        for _ in range(r.choice((0, 0, 2))):
            found.append({"at": f"{self.second()}s", "approve": "providers"})
        return found

    def real_end_s(self, timeline):
        """Where the run ends when eras change their length; each does from the close of the era in which it is set."""
        start, length = 0, self.era_s
        changes = sorted((int(x["at"][:-1]), int(x["set"]["era_seconds"][:-1])) for x in timeline if "era_seconds" in x.get("set", {}))
        for _ in range(self.eras):
            start += length
            length = ([self.era_s] + [to for at, to in changes if at < start])[-1]
        return start

    def within(self, timeline):
        """Only moments of the run: what stands at a later one is left out, which may itself move the end."""
        while late := [x for x in timeline if int(x["at"][:-1]) >= self.real_end_s(timeline) - 60]:
            timeline.remove(late[-1])
        return timeline

    def scenario(self):
        r = self.r
        users = [self.user(i) for i in range(r.randint(1, 3))]
        providers = [self.provider(i) for i in range(r.randint(1, 3))]
        params = self.sets(4) if self.odds(50) else {}
        params.pop("auto_approve", None)
        params["era_seconds"] = f"{self.era_s}s"
        if self.odds(30):
            params.update(block_time_ms=r.choice(("1s", "6s", "250ms", "1min")), heartbeat_s=r.choice(("10s", "10min", "1h")))
        params.setdefault("bracket_usd", "1 USD")
        timeline = self.within(self.timeline(providers))
        orders = [self.order(r.choice(users)) for _ in range(r.randint(2, 20))]
        orders = [o for o in orders if int(o["at"][:-1]) < self.real_end_s(timeline) - 60]
        return {"name": f"chance-{self.seed}", "question": "Do the rules and the audit come to the same figures?",
                "eras": self.eras, "params": params, "network": {"loss": r.choice(("0%", "0%", "2%"))},
                "tokens": [{"symbol": "SPON", "usd": TOKENS["SPON"]},
                           {"symbol": "USDX", "decimals": 6, "usd": TOKENS["USDX"], "transfer_fee": r.choice(("0%", "1%"))},
                           {"symbol": "WETH", "decimals": 18, "usd": TOKENS["WETH"]}],
                "population": {"providers": providers, "users": users},
                "orders": orders,
                "timeline": timeline, "output": {"log": False, "transfers": self.odds(20)}}


def scenario(params, seed):
    return Chance(params, seed).scenario()


if __name__ == "__main__":
    print(json.dumps(scenario(parameters(sys.argv[1]), int(sys.argv[2])), indent=1))
