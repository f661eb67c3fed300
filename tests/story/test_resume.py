#!/usr/bin/env python3
"""A live scenario that is killed twice and goes on comes to the verdict of one that was not; and when it is over, its
state file says the same at once, as often as it is asked.

That the scenario holds in one go is what test_hosts.py shows.  What it counts, the first orders too, happens in part
before the first kill; what evm_revert took back before that is counted once.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

SCENARIO = "scenarios/live.yaml"
# Who lost an order to a revert on a slow machine may order once more than the band allows.
BAND, WIDER = "network.orders <= 14", "network.orders <= 20"
SPEED = 120
KILLS_S = (9, 11)  # after so many seconds of each life


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


def scenario(folder):
    with open(SCENARIO, encoding="utf-8") as file:
        text = file.read()
    if BAND not in text:
        fail(f"{SCENARIO} does not say {BAND}")
    path = os.path.join(folder, "live.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(BAND, WIDER))
    return path


def command(program, state):
    return [program, "testnet", os.path.join(os.path.dirname(state), "live.yaml"), "--speed", str(SPEED), "--port", "0", "--state", state]


def ask(url, method, *params):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    request = urllib.request.Request(url, body.encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["result"]


def take_back(url, seconds):
    """Again and again the last part of a second, while so long passes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        snapshot = ask(url, "evm_snapshot")
        time.sleep(0.8)
        if ask(url, "evm_revert", snapshot) is not True:
            fail("a revert is refused")
        time.sleep(0.7)


def killed(program, state, seconds):
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command(program, state), stdout=out, stderr=subprocess.STDOUT)
        time.sleep(1)
        said = os.pread(out.fileno(), 4096, 0).decode()
        if not said.startswith("JSON-RPC"):
            fail(f"it does not start: {said}")
        take_back(said.split()[1], seconds / 2)
        time.sleep(seconds / 2)
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            fail(f"it ended before it was killed: {os.pread(out.fileno(), 1 << 20, 0).decode()[-2000:]}")


def to_the_end(program, state):
    begun = time.monotonic()
    done = subprocess.run(command(program, state), capture_output=True, text=True, timeout=300)
    verdict = [line for line in done.stdout.split("\n") if line.startswith(("holds", "FAILS"))]
    if done.returncode != 0 or len(verdict) != 7 or any(line.startswith("FAILS") for line in verdict):
        fail(f"exit code {done.returncode}: {done.stdout[-3000:]}{done.stderr}")
    return verdict, done.stdout, time.monotonic() - begun


def main():
    program = os.path.join(sys.argv[1], "orrery")
    with tempfile.TemporaryDirectory() as folder:
        state = os.path.join(folder, "state")
        scenario(folder)
        for seconds in KILLS_S:
            killed(program, state, seconds)
        verdict, said, _ = to_the_end(program, state)
        print(f"ok - {SCENARIO}, killed {len(KILLS_S)} times, holds")
        for _ in range(2):
            again, said, seconds = to_the_end(program, state)
            if again != verdict or "the run is over" not in said or "JSON-RPC" in said or seconds > 5:
                fail(f"a run that is over says after {seconds} s: {said}")
        print("ok - a run that is over gives its verdict at once")


main()
