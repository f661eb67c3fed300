#!/usr/bin/env python3
"""test_full_disk.py BUILD: a state file that can not grow, then can again.  What was acknowledged is there, what was
refused may not be shown, and the same process goes on by itself.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

from testnet import Net, fail

SMALL = 600 * 1024  # less than the 1 MiB that a store is given to go on
PEOPLE = 10


def limit(net, size):
    resource.prlimit(net.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def pay_until_refused(net, people):
    """The hashes that were acknowledged, and what is said then."""
    hashes = []
    for i in range(20000):
        answers = net.ask(*[("eth_sendTransaction", {"from": people[k], "to": people[(k + 1) % PEOPLE], "value": "0x1"})
                            for k in range(PEOPLE)])
        errors = [a["error"] for a in answers if "error" in a]
        if errors:
            if len(errors) != len(answers):
                fail(f"a body is confirmed in part: {answers}")
            return hashes, errors[0]
        hashes += [a["result"] for a in answers]
    fail("the limit is never reached")


def expect_stuck(net, error):
    if error["code"] != -32000 or "cannot be read or written: File too large" not in error["message"]:
        fail(f"what a full disk is called: {error}")
    for call in (("eth_blockNumber",), ("eth_getBlockByNumber", "latest", False), ("eth_chainId",), ("evm_mine",)):
        said = net.ask(call)[0]
        if said.get("error", {}).get("message") != error["message"]:
            fail(f"{call[0]} is answered on a chain that may be taken back: {said}")


def wait_until_it_goes_on(net):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if "result" in net.ask(("eth_blockNumber",))[0]:
                return
        except OSError:
            pass  # it is being opened
        time.sleep(0.05)
    fail(f"it does not go on: {net.said()}")


def expect_all_there(net, hashes):
    for i in range(0, len(hashes), 500):
        for receipt in net.ask(*[("eth_getTransactionReceipt", h) for h in hashes[i:i + 500]]):
            if receipt.get("result") is None:
                fail(f"an acknowledged transaction is lost: {receipt}")
    if int(net.one("eth_blockNumber"), 16) != len(hashes):
        fail(f"{len(hashes)} blocks were acknowledged, the head is {net.one('eth_blockNumber')}")


def story(orrery, state):
    net = Net(orrery, state, "--block-time", "0")
    net.start()
    people = net.one("eth_accounts")
    acknowledged = []
    for size in (SMALL, SMALL + 300 * 1024):
        limit(net, size)
        hashes, error = pay_until_refused(net, people)
        if not hashes:
            fail("nothing is written before the disk is full")
        acknowledged += hashes
        expect_stuck(net, error)
        time.sleep(1.2)  # it has looked once, in vain
        expect_stuck(net, error)
        limit(net, resource.RLIM_INFINITY)
        wait_until_it_goes_on(net)
        expect_all_there(net, acknowledged)
    if os.path.exists(state + "-room"):
        fail("what tried the disk is left beside the state file")
    net.stop()
    net.start()
    expect_all_there(net, acknowledged)
    net.stop()
    subprocess.run([orrery, "replay", state], check=True, stdout=subprocess.DEVNULL)
    print(f"ok - {len(acknowledged)} transactions, and a disk that was full twice")


def main():
    with tempfile.TemporaryDirectory() as folder:
        story(f"{sys.argv[1]}/orrery", f"{folder}/state.db")


main()
