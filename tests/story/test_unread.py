#!/usr/bin/env python3
"""A testnet whose standard output is a pipe that nobody reads goes on; who reads again is told how many lines he has
missed, and gets those after them.  A file gets every line."""
import json
import os
import select
import subprocess
import sys
import tempfile
import time
import urllib.request

ESCROW = "0x4f72726572790000000000000000000000000006"
CREATE_WALLET = "0x41cbbf72" + "0" * 64
BATCHES = 10
BATCH = 300


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


def ask(url, calls):
    body = json.dumps([{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, *p) in enumerate(calls)])
    request = urllib.request.Request(url, body.encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return [one["result"] for one in json.load(answer)]
    except OSError as why:
        fail(f"it does not answer: {why}")


def wallets(url, count):
    (me,) = ask(url, [("eth_accounts",)])[0][:1]
    call = {"from": me, "to": ESCROW, "data": CREATE_WALLET, "gas": "0x15f90"}
    return ask(url, [("eth_sendTransaction", call) for _ in range(count)])


def start(orrery, out):
    return subprocess.Popen([orrery, "testnet", "--port", "0", "--block-time", "0"], stdout=out, bufsize=0)


def read_lines(pipe, seconds):
    """What comes within so long, without waiting for more."""
    said = b""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0 and select.select([pipe], [], [], left)[0]:
        said += os.read(pipe.fileno(), 65536)
    return said.decode().split("\n")[:-1]


def a_pipe(orrery):
    net = start(orrery, subprocess.PIPE)
    try:
        head = read_lines(net.stdout, 2)
        url = head[0].split()[1]
        for _ in range(BATCHES):
            wallets(url, BATCH)
        early = read_lines(net.stdout, 0.5)
        wallets(url, 1)
        late = read_lines(net.stdout, 0.5)
    finally:
        net.kill()
    told = sum("WalletCreated" in line for line in early)
    if told == len(early) == 0 or not late or not late[0].startswith("... ") or not late[0].endswith(" lines left out"):
        fail(f"{told} lines of {len(early)}, then {late}")
    left_out = int(late[0].split()[1])
    if told + left_out != BATCHES * BATCH or left_out == 0 or len(late) != 2 or "WalletCreated" not in late[1]:
        fail(f"{told} told and {left_out} left out of {BATCHES * BATCH}, then {late[1:]}")
    print(f"ok - {told} lines in the pipe, {left_out} left out and counted")


def a_file(orrery):
    with tempfile.TemporaryFile() as out:
        net = start(orrery, out)
        try:
            deadline = time.monotonic() + 30
            while not (said := os.pread(out.fileno(), 1 << 24, 0)).count(b"\n") and time.monotonic() < deadline:
                time.sleep(0.01)
            url = said.decode().split()[1]
            for _ in range(BATCHES):
                wallets(url, BATCH)
            told = os.pread(out.fileno(), 1 << 24, 0).decode()
        finally:
            net.kill()
    if told.count("WalletCreated") != BATCHES * BATCH or "left out" in told:
        fail(f"a file has {told.count('WalletCreated')} lines of {BATCHES * BATCH}")
    print("ok - every line in a file")


def main():
    orrery = os.path.join(sys.argv[1], "orrery")
    a_pipe(orrery)
    a_file(orrery)


main()
