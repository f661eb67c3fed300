#!/usr/bin/env python3
"""What a testnet says: a first screen with headings, lines with names instead of numbers, and of a state file that is
another world's, which part of it is."""
import os
import re
import subprocess
import sys
import tempfile
import time

ADDRESS = r"0x[0-9a-fA-F]{40}"
FIRST = [  # in this order
    r"JSON-RPC  http://127\.0\.0\.1:\d+  chain id 31337",
    r'Accounts of the mnemonic "test .* junk"',
    rf" +0  {ADDRESS}  key 0x[0-9a-f]{{64}}",
    r"Contracts; orrery abi NAME .*",
    r"  Orrery's own: .*  As the deployed network .*",
    rf"  OrreryToken +{ADDRESS}    OrderRequest +{ADDRESS}",
    r"Tokens .*",
    rf"  token 0, SPON +{ADDRESS}    token 1, USDT +{ADDRESS}",
    r"3 providers and 2 users of testnet live here, a block each 2 s, on a clock 60 times as fast as yours",
    r"Gas costs nothing: .* 0 .*",
]
LINES = [  # each is said some time
    rf"ProviderProposed  provider \d \(p2\), account p2 {ADDRESS}, machine 32 cpu 128 GiB 2048 GiB disk 2 a100-80g, "
    r"tokens USDT\+USDC, auto stake no",
    rf"ProviderContract  provider \d \(p1\), contract {ADDRESS}",
    r"StakeMoved  provider \d \(p3\), cause stake, amount 600 SPON, own 600 SPON, unbonding 0 SPON",
    rf"OrderCreated  order \d+, creator u1 {ADDRESS}, .*, duration \d+ s, region any, .*",
    r"LeaseCreated  .*, commission 20 %, provider fee 2 %, user fee 2 %, .*",
    r"LeaseClosed  .*, reason user, end \d+ s, .*, confirmed yes, image failed no, task failed no",
]
OTHERS = [  # options, and what is said of a file that was begun without them
    (["--seed", "7"], "seed 1 in the file, 7 asked for"),
    (["--accounts", "3"], "accounts 10 in the file, 3 asked for"),
    (["--block-time", "1s"], 'params.block_time_ms "2s" in the file, "1s" asked for'),
    (["--set", "commission_bps=10%", "--seed", "2"],
     'params.commission_bps "20%" in the file, "10%" asked for; seed 1 in the file, 2 asked for'),
    (["scenarios/live.yaml"], 'scenario "testnet" in the file, "live" asked for'),
]


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


def said_within(command, seconds, enough=lambda said: False):
    """Its standard output, until there is enough of it or so long has passed."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + seconds
        said = ""
        while time.monotonic() < deadline and process.poll() is None and not enough(said):
            time.sleep(0.05)
            said = os.pread(out.fileno(), 1 << 24, 0).decode()
        process.kill()
        process.wait()
        return os.pread(out.fileno(), 1 << 24, 0).decode()


def missing(said):
    return [p for p in LINES if not re.search(rf"^ +\d+\.\d{{3}} s  block \d+ +{p}$", said, re.M)]


def screen(orrery):
    said = said_within([orrery, "testnet", "--port", "0", "--speed", "60"], 60, lambda said: not missing(said))
    head = said.split("\n")
    head = head[:head.index(next(line for line in head if " block 1 " in line))]
    if len(head) >= 40:
        fail(f"the first screen has {len(head)} lines")
    at = 0
    for pattern in FIRST:
        while at < len(head) and not re.fullmatch(pattern, head[at]):
            at += 1
        if at == len(head):
            fail(f"not in the first screen, or not in its place: {pattern}\n" + "\n".join(head))
    print("ok - the first screen")
    if missing(said):
        fail(f"never said: {missing(said)}, in {said[-6000:]}")
    numbers = re.findall(r"(?:cause|reason|high|low) \d+", said)
    if numbers:
        fail(f"numbers for names: {set(numbers)}")
    print("ok - names in lines")


def others(orrery, folder):
    state = os.path.join(folder, "state")
    command = [orrery, "testnet", "--port", "0", "--state", state, "-q"]
    said_within(command, 30, lambda said: "\n" in said)
    for options, why in OTHERS:
        said = said_within(command + options, 30)
        if said != f"orrery: testnet: {state} is of another world: {why}\n":
            fail(f"{options}: {said}")
    print("ok - which part of a state file is another world's")


def arms(orrery, folder):
    state = os.path.join(folder, "arms")
    command = [orrery, "testnet", "scenarios/fee-change.yaml", "--port", "0"]
    said = said_within(command, 30, lambda said: "live here" in said)
    if "Arm commission-20 of fee-change, one of 2 (--arm NAME)\n" not in said:
        fail(f"which arm: {said[:4000]}")
    said_within(command + ["--arm", "commission-10", "--state", state], 30, lambda said: "live here" in said)
    said = said_within(command + ["--state", state], 30)
    if "arm commission-10 in the file, commission-20 asked for" not in said:
        fail(f"another arm: {said}")
    said = said_within(command + ["--block-time", "0", "-q"], 30, lambda said: "JSON-RPC" in said)
    if "with --block-time 0 nobody of fee-change lives on the chain, and nothing is judged" not in said:
        fail(f"nobody lives there: {said}")
    print("ok - arms")


def main():
    orrery = os.path.join(sys.argv[1], "orrery")
    screen(orrery)
    with tempfile.TemporaryDirectory() as folder:
        others(orrery, folder)
        arms(orrery, folder)


main()
