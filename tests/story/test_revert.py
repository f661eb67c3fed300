#!/usr/bin/env python3
"""A chain that forgets, and a market that goes on.

On a testnet with actors evm_revert takes back blocks that they have read, and anvil_dropAllTransactions what they have
sent.  After each, orders made later must be bid on and matched, nobody's transactions may wait behind a gap of nonces,
and no actor may be left with what is not there any more: the market goes on as well after the last revert of many as
after the first.  What the live network did, reverts included, is replayed from its state file.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

SPEED = "60"
REVERTS = 6
DROPS = 8


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


class Net:
    """A testnet, its JSON-RPC and what it says."""

    def __init__(self, orrery, folder, *options):
        self.state = os.path.join(folder, "state")
        self.said = os.path.join(folder, "said")
        self.command = [orrery, "testnet", "--port", "0", "--speed", SPEED, "--state", self.state, *options]
        self.start()

    def start(self):
        with open(self.said, "ab") as out:
            begins = out.tell()
            self.process = subprocess.Popen(self.command, stdout=out, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            lines = self.lines(begins)
            if lines and lines[0].startswith("JSON-RPC"):
                self.url = lines[0].split()[1]
                return
            time.sleep(0.01)
        fail(f"it does not start: {self.lines(begins)}")

    def lines(self, begins=0):
        with open(self.said, "rb") as file:
            file.seek(begins)
            return file.read().decode().split("\n")[:-1]

    def end(self, sign):
        self.process.send_signal(sign)
        code = self.process.wait(timeout=60)
        if sign == signal.SIGTERM and code != 0:
            fail(f"a clean stop ends with {code}: {self.lines()[-20:]}")

    def ask(self, method, *params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        request = urllib.request.Request(self.url, body.encode(), {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                said = json.load(answer)
        except OSError as why:
            fail(f"{method}: {why}; it said {self.lines()[-20:]}")
        if "error" in said:
            fail(f"{method}: {said['error']}")
        return said["result"]

    def marks(self):
        """How many orders, bids, leases and confirmations it has told of."""
        words = ("OrderCreated", "BidPlaced", "LeaseCreated", "LeaseConfirmed")
        lines = [line.split() for line in self.lines()]
        return [sum(word in line for line in lines) for word in words]

    def wait_for_market(self, more, why):
        """So many more leases, each of the last steps: ordered, bid on, matched, confirmed."""
        begin = self.marks()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            now = self.marks()
            if all(n >= b + more for n, b in zip(now, begin)):
                return
            time.sleep(0.05)
        fail(f"{why}: after 60 s {begin} orders, bids, leases, confirmations became {self.marks()}; the pool has "
             f"{self.ask('txpool_status')}; it said {self.lines()[-30:]}")

    def no_gaps(self, why):
        deadline = time.monotonic() + 20
        while int(self.ask("txpool_status")["queued"], 16) != 0:
            if time.monotonic() > deadline:
                fail(f"{why}: {self.ask('txpool_content')['queued']} wait behind gaps")
            time.sleep(0.05)


def reverts(net):
    """Two lengths in turn, each to a market that was in the middle of something."""
    net.wait_for_market(3, "at the beginning")
    for n in range(REVERTS):
        snapshot = net.ask("evm_snapshot")
        net.wait_for_market(1 + n % 2 * 4, f"before revert {n}")
        if net.ask("evm_revert", snapshot) is not True:
            fail(f"revert {n} is refused")
        net.wait_for_market(3, f"after revert {n}")
        net.no_gaps(f"after revert {n}")
    print(f"ok - {REVERTS} reverts, and a market after each")


def to_the_beginning(net, snapshot):
    """Before anybody had a wallet, a stake or a provider's number."""
    if net.ask("evm_revert", snapshot) is not True:
        fail("the revert to the beginning is refused")
    net.wait_for_market(5, "after the revert to the beginning")
    net.no_gaps("after the revert to the beginning")
    print("ok - a revert to the first block, and everybody registers again")


def drops(net):
    for n in range(DROPS):
        deadline = time.monotonic() + 60
        while net.ask("txpool_status")["pending"] == "0x0":
            if time.monotonic() > deadline:
                fail(f"drop {n}: nobody sends anything")
        net.ask("anvil_dropAllTransactions")
    net.wait_for_market(3, f"after {DROPS} dropped pools")
    net.no_gaps("after dropped pools")
    print(f"ok - {DROPS} dropped pools, and a market after them")


def in_his_name(net):
    """Somebody else uses a nonce of an actor's."""
    logs = net.ask("eth_getLogs", {"fromBlock": "0x1", "toBlock": "latest"})
    senders = {net.ask("eth_getTransactionByHash", log["transactionHash"])["from"] for log in logs[-40:]
               if log["transactionHash"] is not None}
    senders = [s for s in senders if int(net.ask("eth_getBalance", s, "latest"), 16) > 0]  # contracts have none
    for sender in senders:
        net.ask("anvil_impersonateAccount", sender)
        net.ask("eth_sendTransaction", {"from": sender, "to": sender, "value": "0x1", "gas": "0x15f90"})
        net.ask("anvil_stopImpersonatingAccount", sender)
    net.wait_for_market(3, "after transactions in the actors' names")
    net.no_gaps("after transactions in the actors' names")
    print(f"ok - a transaction in the name of each of {len(senders)} accounts, and a market after them")


def costs(net):
    """Gas has a price from one block to the next: who waits with too little pays more."""
    for fee in ("0x3b9aca00", "0x77359400", "0x0"):
        deadline = time.monotonic() + 60
        while net.ask("txpool_status")["pending"] == "0x0":
            if time.monotonic() > deadline:
                fail(f"base fee {fee}: nobody sends anything")
        net.ask("anvil_setNextBlockBaseFeePerGas", fee)
        net.wait_for_market(3, f"with a base fee of {fee}")
        net.no_gaps(f"with a base fee of {fee}")
    print("ok - a base fee, a higher one and none, and a market with each")


def killed(net):
    """The nonces after a revert are known again after a crash."""
    net.end(signal.SIGKILL)
    net.start()
    net.wait_for_market(3, "after a kill")
    net.no_gaps("after a kill")
    print("ok - a kill after all this, and a market after it")


def replayed(orrery, net):
    net.end(signal.SIGTERM)
    done = subprocess.run([orrery, "replay", net.state], capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    if done.returncode != 0 or "every record did again what the log says" not in said:
        fail(f"replay ends with {done.returncode}: {said}")
    print(f"ok - replayed: {said.split()[-1]} records")


def main():
    orrery = os.path.join(sys.argv[1], "orrery")
    with tempfile.TemporaryDirectory() as folder:
        net = Net(orrery, folder)
        beginning = net.ask("evm_snapshot")
        try:
            reverts(net)
            to_the_beginning(net, beginning)
            drops(net)
            in_his_name(net)
            costs(net)
            killed(net)
            replayed(orrery, net)
        finally:
            net.process.kill()


main()
