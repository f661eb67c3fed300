#!/usr/bin/env python3
"""One scenario in both hosts, and the log of the live one.

scenarios/live.yaml holds in the simulator and on a live testnet.  What the live network did stands in its state file:
`orrery replay` does it again, record by record; with one byte of one record changed it says which record is the first
that is not so, and no other.
"""
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

SCENARIO = "scenarios/live.yaml"
SPEED = "120"
CHANGES = 24
SEED = 20261127


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


def orrery(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def both_hosts(program, state):
    code, said = orrery(program, "test", SCENARIO)
    if code != 0:
        fail(f"simulated: {said}")
    code, said = orrery(program, "testnet", SCENARIO, "--speed", SPEED, "--port", "0", "--state", state)
    if code != 0 or "FAILS" in said or "violated" in said:
        fail(f"live, exit code {code}: {said[-4000:]}")
    print(f"ok - {SCENARIO} holds in both hosts")


def same_again(program, state):
    code, said = orrery(program, "replay", state)
    if code != 0 or "every record did again what the log says" not in said:
        fail(f"replay ends with {code}: {said}")
    if orrery(program, "replay", state) != (code, said):
        fail("the second replay says something else")
    records = int(re.search(r"^every .*: records (\d+)$", said, re.M)[1])
    with sqlite3.connect(state) as db:
        (stored,) = db.execute("SELECT count(*) FROM record").fetchone()
    if records != stored or records < 100:
        fail(f"{records} records replayed, {stored} in the file")
    print(f"ok - {records} records of the live network, done again")
    return records


def one_byte(program, state, records, folder):
    draw = random.Random(SEED)
    for number in [0, records - 1] + [draw.randrange(records) for _ in range(CHANGES - 2)]:
        changed = os.path.join(folder, "changed")
        shutil.copy(state, changed)
        with sqlite3.connect(changed) as db:
            (content,) = db.execute("SELECT bytes FROM record WHERE number = ?", (number,)).fetchone()
            at = draw.randrange(len(content))
            content = bytearray(content)
            content[at] ^= 1 << draw.randrange(8)
            db.execute("UPDATE record SET bytes = ? WHERE number = ?", (bytes(content), number))
        db.close()
        code, said = orrery(program, "replay", changed)
        if code != 4 or f": record {number}\n" not in said or f"record = {number}\n" not in said:
            fail(f"byte {at} of record {number} changed: exit code {code}, {said}")
    print(f"ok - {CHANGES} changes of one byte, each told by its record")


def one_hash(program, state, records, folder):
    """What a record came to is changed, and not what went in: it went another way."""
    changed = os.path.join(folder, "changed")
    shutil.copy(state, changed)
    with sqlite3.connect(changed) as db:
        db.execute("UPDATE record SET hash = hash + 1 WHERE number = ?", (records // 2,))
    db.close()
    code, said = orrery(program, "replay", changed)
    if code != 4 or f": record {records // 2}\n" not in said:
        fail(f"another hash of record {records // 2}: exit code {code}, {said}")
    print("ok - another hash is told by its record")


def main():
    program = os.path.join(sys.argv[1], "orrery")
    with tempfile.TemporaryDirectory() as folder:
        state = os.path.join(folder, "state")
        both_hosts(program, state)
        records = same_again(program, state)
        one_byte(program, state, records, folder)
        one_hash(program, state, records, folder)


main()
