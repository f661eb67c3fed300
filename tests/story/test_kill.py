#!/usr/bin/env python3
"""A testnet is killed at a hundred random moments and started again by the same command.

Nothing that was acknowledged is lost: each transaction whose hash was answered is there after the restart, each that
had a receipt has the same one, and what waited still waits or has a block.  The chain replays its own log when it
starts, which checks every invariant again, and says what it violates.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from testnet import Net, fail

KILLS = 100        # of a chain that makes a block for each transaction
LIVE_KILLS = 12    # of one on which actors live, two hundred times as fast as time
SEED = 20261127


def payment(draw, people):
    give, take = draw.sample(people, 2)
    return ("eth_sendTransaction", {"from": give, "to": take, "value": hex(draw.randrange(1, 10**15))})


def send_until_killed(net, draw, people, known):
    """Some batches of payments, and at one of them the kill."""
    for _ in range(draw.randrange(1, 6)):
        calls = [payment(draw, people) for _ in range(draw.randrange(1, 8))]
        for answer in net.ask(*calls):
            known[answer["result"]] = None
    for hash in draw.sample(sorted(known), min(5, len(known))):
        known[hash] = known[hash] or net.one("eth_getTransactionReceipt", hash)
    if draw.random() < 0.5:  # in the middle of a batch that nobody has acknowledged
        try:
            subprocess.Popen(["sleep", "0"]).wait()
            body = json.dumps([{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, *p) in
                               enumerate(payment(draw, people) for _ in range(40))]).encode()
            host, port = net.url.split("/")[2].split(":")
            import socket
            with socket.create_connection((host, int(port))) as line:
                line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                time.sleep(draw.random() * 0.01)
                net.kill()
                return
        except OSError:
            pass
    net.kill()


def check_known(net, known):
    hashes = sorted(known)
    for at in range(0, len(hashes), 500):
        some = hashes[at:at + 500]
        receipts = net.ask(*[("eth_getTransactionReceipt", h) for h in some])
        txs = net.ask(*[("eth_getTransactionByHash", h) for h in some])
        for hash, receipt, tx in zip(some, receipts, txs):
            if tx["result"] is None:
                fail(f"{hash} was acknowledged and is lost")
            if known[hash] is not None and receipt["result"] != known[hash]:
                fail(f"{hash} has another receipt: {receipt['result']}, not {known[hash]}")


def chain_of_payments(orrery, folder):
    draw = random.Random(SEED)
    net = Net(orrery, os.path.join(folder, "payments"), "--block-time", "0")
    known = {}
    net.start()
    people = net.one("eth_accounts")
    for _ in range(KILLS):
        send_until_killed(net, draw, people, known)
        net.start()
        check_known(net, known)
    total = sum(int(net.one("eth_getBalance", p, "latest"), 16) for p in people)
    if total != len(people) * 10**22:
        fail(f"the payments add up to {total}")
    mined = sum(net.one("eth_getTransactionReceipt", h) is not None for h in list(known)[:200])
    net.stop()
    net.start()
    check_known(net, known)
    net.stop()
    print(f"ok - {KILLS} kills of a chain with {len(known)} acknowledged transactions, {mined} of the first 200 mined")


def logs_of_leases(net):
    lease = "0x4f72726572790000000000000000000000000009"
    return len(net.one("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", "address": lease}))


def network_that_lives(orrery, folder):
    draw = random.Random(SEED + 1)
    net = Net(orrery, os.path.join(folder, "network"), "--speed", "200")
    heads, told = [], []
    net.start()
    for _ in range(LIVE_KILLS):
        time.sleep(0.2 + draw.random())
        head = net.one("eth_getBlockByNumber", "latest", False)
        net.kill()
        net.start()
        again = net.one("eth_getBlockByNumber", head["number"], False)
        if again != head:
            fail(f"block {head['number']} is another one: {again}, not {head}")
        heads.append(int(net.one("eth_blockNumber"), 16))
        told.append(logs_of_leases(net))
    time.sleep(3)
    if heads != sorted(heads) or int(net.one("eth_blockNumber"), 16) <= heads[-1]:
        fail(f"it does not go on: {heads}")
    if told[-1] == 0 or logs_of_leases(net) <= told[-1] or told != sorted(told):
        fail(f"nothing happens between its people: {told}")
    net.stop()
    print(f"ok - {LIVE_KILLS} kills of a network that lives: block {heads[-1]}, {told[-1]} logs of leases")


def main():
    orrery = os.path.join(os.getcwd(), sys.argv[1], "orrery")
    with tempfile.TemporaryDirectory() as folder:
        chain_of_payments(orrery, folder)
        network_that_lives(orrery, folder)


main()
