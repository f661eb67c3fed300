#!/usr/bin/env python3
"""`orrery replay` of a testnet's state file: every row of it follows from the records, and whatever is changed is told.

Two files are made by a testnet of which everything is asked that leaves something in one: payments, tokens, calls that
fail, accounts that begin, impersonated senders, balances from nowhere, blocks of many and of nothing, a way back, those
that wait.  The second one is long enough for the indexes.  As they are, replay says how much there is.  Then each
column of each table is changed in some of its rows, rows are deleted and put in again at another place: each time it
ends with 4 and names the table, or the record.  A testnet refuses a file whose ends do not belong together.
"""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

SEED = 20261128
ROWS = 3         # of a table that are changed
BYTES = 4        # of a blob that are, and both ends
USDT = "0x96ca5955f25648fb44c5d772badb4313000c66fe"
LIVENESS = "0x4f7272657279000000000000000000000000000a"
INDEXES = ["key", "keyed", "segment", "hit"]
NAMED_AS = {"key": ["key", "keyed"], "keyed": ["key", "keyed"], "hit": ["hit", "segment"], "segment": ["hit", "segment"]}
program = os.path.join(os.getcwd(), sys.argv[1], "orrery")


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


class Net:
    """A testnet and its JSON-RPC."""

    def __init__(self, state, *options):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([program, "testnet", "--port", "0", "--state", state, "-q", *options],
                                        stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while not (said := self.said()).startswith("JSON-RPC") or "\n" not in said:
            if self.process.poll() is not None or time.monotonic() > deadline:
                fail(f"a testnet does not start: {said}")
            time.sleep(0.005)
        self.url = said.split()[1]

    def said(self):
        self.log.seek(0)
        return self.log.read().decode()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=60) != 0:
            fail(f"a testnet ends with {self.process.returncode}: {self.said()}")

    def all(self, *calls):
        body = json.dumps([{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, *p) in enumerate(calls)])
        request = urllib.request.Request(self.url, body.encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            answers = json.load(answer)
        for call, answer in zip(calls, answers):
            if "error" in answer:
                fail(f"{call}: {answer['error']}")
        return [answer["result"] for answer in answers]

    def one(self, *call):
        return self.all(call)[0]


def pay(give, take, wei, **more):
    return ("eth_sendTransaction", {"from": give, "to": take, "value": hex(wei), **more})


def token(give, take, amount):
    return ("eth_sendTransaction", {"from": give, "to": USDT,
                                    "data": "0xa9059cbb" + take[2:].rjust(64, "0") + f"{amount:064x}"})


def responses(net, give, first, words):
    """The one call whose words stand beside its block's transactions; of somebody who may not, and recorded all the
    same."""
    selector = net.one("web3_sha3", "0x" + b"reportResponses(uint32,uint32[])".hex())[:10]
    values = [first, 0x40, len(words), *words]
    return ("eth_sendTransaction", {"from": give, "to": LIVENESS, "gas": "0x70000",
                                    "data": selector + "".join(f"{v:064x}" for v in values)})


def tokens(net, people, least, count):
    """So many payments of amounts from the least on."""
    for at in range(least, least + count, 250):
        net.all(*[token(people[i % 5], people[5 + i % 5], i) for i in range(at, min(least + count, at + 250))])


def everything(net, people):
    """One of each thing that leaves something in a state file."""
    lonely, ghost = "0x" + "0b" * 20, "0x" + "5a" * 20
    net.all(pay(people[0], people[1], 5), pay(people[0], lonely, 7), token(people[2], people[3], 9))
    net.one("eth_sendTransaction", {"from": people[1], "to": USDT, "data": "0x12345678", "gas": "0x30000"})
    net.one("anvil_setBalance", ghost, hex(10**19))
    net.one("anvil_setNonce", people[9], "0x7")
    net.one("anvil_impersonateAccount", ghost)
    net.one(*pay(ghost, people[0], 11))
    first = net.one("evm_snapshot")
    net.all(pay(people[3], people[4], 1), token(people[4], people[3], 2), ("anvil_mine", "0x3"))
    net.one("evm_snapshot")
    net.one(*token(people[4], people[3], 3))
    net.one("evm_revert", first)
    net.one("evm_setAutomine", False)
    half = 6 * 10**21  # of what each begins with: not twice
    net.all(pay(people[5], people[6], half), pay(people[5], people[6], half), token(people[6], people[7], 1),
            pay(people[7], "0x" + "0c" * 20, 1), responses(net, people[0], 1, [5, 6, 7]),
            responses(net, people[1], 4, [8, 9]))
    net.all(("anvil_setNextBlockBaseFeePerGas", "0x3b9aca00"), ("evm_setBlockGasLimit", "0x989680"),
            ("hardhat_setPrevRandao", "0x" + "7e" * 32))
    net.all(("evm_increaseTime", 90000), ("evm_mine",), ("anvil_mine", "0x4", "0x3c"))
    fees = {"gas": "0x5208", "maxFeePerGas": "0x77359400", "maxPriorityFeePerGas": "0x1"}
    last = net.all(pay(people[8], people[0], 10**22 - 42 * 10**12, **fees), pay(people[8], people[0], 1, **fees))[1]
    net.all(("evm_mine",), ("evm_setAutomine", True), ("anvil_setNextBlockBaseFeePerGas", "0x0"))
    if net.one("eth_getTransactionByHash", last) is not None:
        fail("what cannot be paid for any more is there")  # in a record, and in no block
    net.one("evm_increaseTime", 5)


def leave_waiting(net, people):
    net.all(*[pay(people[2], people[0], 1, nonce=hex(1000 + i)) for i in range(3)])
    net.one(*pay("0x" + "5a" * 20, people[0], 1, nonce=hex(500)))


def small(state):
    net = Net(state, "--block-time", "0")
    people = net.one("eth_accounts")
    everything(net, people)
    net.stop()
    net = Net(state, "--block-time", "0")
    net.one("anvil_impersonateAccount", "0x" + "5a" * 20)
    net.one(*token(people[2], people[3], 9))
    leave_waiting(net, people)
    net.one("anvil_mine", "0x2")
    net.stop()


def large(state):
    """Keys and hits go to the database some thousand at once; those of blocks that are gone leave it."""
    net = Net(state, "--block-time", "0")
    people = net.one("eth_accounts")
    tokens(net, people, 1, 2200)
    net.one("anvil_mine", "0x3")
    first = net.one("evm_snapshot")
    tokens(net, people, 3000, 2300)
    net.one("evm_revert", first)
    net.stop()
    net = Net(state, "--block-time", "0")
    tokens(net, people, 6000, 3000)
    net.stop()


def live(state):
    net = Net(state, "--speed", "60")
    time.sleep(4)
    net.stop()


def replay(state, *options):
    done = subprocess.run([program, "replay", state, *options], capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def count(state, table):
    with sqlite3.connect(state) as db:
        (rows,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    db.close()
    return rows


def is_whole(state, what):
    code, said = replay(state)
    want = (f"every record did again what the log says: records {count(state, 'record')}\n"
            f"all else in the file follows from them: blocks {count(state, 'block')}, "
            f"transactions {count(state, 'tx')}, logs {count(state, 'log')}, waiting {count(state, 'waiting')}, "
            f"notes {count(state, 'note') - 1}\n")
    if code != 0 or said != want:
        fail(f"{what}: replay ends with {code}: {said} instead of {want}")
    print(f"ok - {what}: {said.splitlines()[-1]}")


class Changes:
    """A file of which each change is made in a copy and asked for."""

    def __init__(self, state, folder, draw):
        self.state, self.draw, self.made = state, draw, 0
        self.copy = os.path.join(folder, "changed")
        self.db = sqlite3.connect(state)

    def columns(self, table):
        """Names and whether they are of the key, in their order."""
        return [(name, key) for _, name, _, _, _, key in self.db.execute(f"PRAGMA table_info({table})")]

    def rows(self, table, most):
        key = ", ".join(name for name, key in self.columns(table) if key)
        rows = self.db.execute(f"SELECT * FROM {table} ORDER BY {key}").fetchall()
        if len(rows) <= most:
            return rows
        return [rows[0], rows[-1]] + self.draw.sample(rows[1:-1], most - 2)

    def where(self, table):
        return " AND ".join(f"{name} IS ?" for name, key in self.columns(table) if key)

    def keys(self, table, row):
        return [cell for cell, (_, key) in zip(row, self.columns(table)) if key]

    def told(self, table, sql, values, what):
        """The copy, changed, is told as table's; a change that the database does not take is none."""
        shutil.copy(self.state, self.copy)
        db = sqlite3.connect(self.copy)
        try:
            with db:
                db.execute(sql, values)
        except sqlite3.IntegrityError:
            return
        finally:
            db.close()
        code, said = replay(self.copy)
        places = {"record": "record ", "note": "note of the "}
        names = [f"table {t}" for t in NAMED_AS.get(table, [table])] + [places.get(table, f"table {table}")]
        if code != 4 or not any(name in said for name in names):
            fail(f"{what}: exit code {code}, {said}")
        self.made += 1

    def others(self, cell):
        """What a cell may be changed to."""
        if isinstance(cell, int):
            return [cell + 1, cell ^ 1 << self.draw.randrange(62), None, -1 - cell]
        bytes_ = cell.encode() if isinstance(cell, str) else cell
        places = {0, len(bytes_) - 1, *(self.draw.randrange(len(bytes_)) for _ in range(BYTES))} if bytes_ else set()
        out = [bytes_[:-1], bytes_ + b"\0", None]
        for at in places:
            other = bytearray(bytes_)
            other[at] ^= 1 << self.draw.randrange(8)
            out.append(bytes(other))
        return [o for o in out if o != bytes_]

    def of_table(self, table, rows):
        names = [name for name, _ in self.columns(table)]
        for row in self.rows(table, rows):
            where, keys = self.where(table), self.keys(table, row)
            for name, cell in zip(names, row):
                for other in self.others(cell):
                    self.told(table, f"UPDATE {table} SET {name} = ? WHERE {where}", [other, *keys],
                              f"{table}.{name} of {keys} is {other} instead of {cell}")
            self.told(table, f"DELETE FROM {table} WHERE {where}", keys, f"{table} {keys} deleted")
            self.put_again(table, names, row)
        self.told(table, f"DELETE FROM {table}", [], f"{table} emptied")

    def put_again(self, table, names, row):
        """The same row once more, at a place that is free."""
        at = names.index(next(name for name, key in self.columns(table) if key))
        hash_of_waiting = names.index("hash") if table == "waiting" else None
        for key in ("zzz",) if isinstance(row[at], str) else (10**9, -5):
            again = list(row)
            again[at] = key
            if hash_of_waiting is not None:
                again[hash_of_waiting] = b"x" * 32
            self.told(table, f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", again,
                      f"{table} {row[at]} again at {key}")

    def tables(self):
        return {name for (name,) in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def of_all(self, tables, rows):
        for table in sorted(tables):
            if not self.rows(table, 2):
                fail(f"nothing stands in table {table}")
            before = self.made
            self.of_table(table, rows)
            print(f"ok - table {table}: {self.made - before} changes, each told")


def other_definitions(changes):
    for sql in ["CREATE TABLE more (a)", "DROP INDEX block_key", "ALTER TABLE log ADD COLUMN more"]:
        shutil.copy(changes.state, changes.copy)
        with sqlite3.connect(changes.copy) as db:
            db.execute(sql)
        db.close()
        code, said = replay(changes.copy)
        if code != 4 or "other tables or indexes" not in said:
            fail(f"{sql}: exit code {code}, {said}")
    print("ok - a table or index more or less")


def start(state):
    done = subprocess.run([program, "testnet", "--port", "0", "--state", state, "-q", "--block-time", "0"],
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def refused(changes, sql, said_by_both, hint=True):
    """Neither goes on from it nor calls it good; the file stays as it is."""
    shutil.copy(changes.state, changes.copy)
    with sqlite3.connect(changes.copy) as db:
        db.execute(sql)
    db.close()
    code, said = start(changes.copy)
    if code != 2 or said_by_both not in said or hint != (f"orrery replay {changes.copy}" in said):
        fail(f"a testnet of it after {sql}: exit code {code}, {said}")
    code, said = replay(changes.copy)
    if code != (4 if hint else 2) or (not hint and said_by_both not in said):
        fail(f"a replay of it after {sql}: exit code {code}, {said}")


def refusals(changes):
    head = count(changes.state, "block") - 1
    refused(changes, f"DELETE FROM block WHERE number > {head - 4}", f"table block: its last is {head - 4}")
    refused(changes, "DELETE FROM record WHERE number > 9", "table record: it has 10")
    refused(changes, "DELETE FROM waiting WHERE id = (SELECT max(id) FROM waiting)", "table waiting: it has ")
    refused(changes, "UPDATE note SET value = zeroblob(16) WHERE name = 'world'", "note of the world is damaged")
    refused(changes, "UPDATE note SET value = 'x' WHERE name = 'scenario'", "note of the scenario is damaged")
    refused(changes, "INSERT INTO log SELECT 1000000000, place, row, data FROM log LIMIT 1", "table log: it goes on")
    refused(changes, "INSERT INTO tx SELECT 1000000000, place, hash, row, raw FROM tx LIMIT 1", "table tx: it goes on")
    refused(changes, "INSERT INTO segment VALUES (5, -9)", "table segment: logs are indexed beyond the last block")
    refused(changes, "UPDATE waiting SET raw = x'00' WHERE id = (SELECT max(id) FROM waiting)", "is damaged: a transaction")
    refused(changes, "DELETE FROM note WHERE name = 'end'", "note of the end is missing")
    print("ok - a testnet does not go on from a file that lost its end, and says what tells more")
    refused(changes, "PRAGMA user_version = 1", "is a store of version 1, and this program reads version 2", False)
    refused(changes, "PRAGMA application_id = 5", "is no store", False)
    print("ok - a file of another version, or of somebody else, is refused by both")


def ways_in(changes, folder):
    code, said = replay(os.path.join(folder, "nothing"))
    if code != 2 or "is neither the folder of a run nor the state file of a testnet" not in said:
        fail(f"nothing there: exit code {code}, {said}")
    empty = os.path.join(folder, "empty")
    open(empty, "w").close()
    code, said = replay(empty)
    if code != 2 or "is no store" not in said or os.path.getsize(empty) != 0:
        fail(f"an empty file: exit code {code}, {said}")
    code, said = replay(changes.state, "--to-event", "3")
    if code != 0 or "record = 3\n" not in said:
        fail(f"one record: exit code {code}, {said}")
    print("ok - what is no state file is left as it is, and one record is shown")


def main():
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        states = {make: os.path.join(folder, make.__name__) for make in (small, large, live)}
        for make, state in states.items():
            make(state)
            is_whole(state, f"a {make.__name__} file")
        changes = Changes(states[small], folder, draw)
        changes.of_all(changes.tables() - set(INDEXES), ROWS)
        other_definitions(changes)
        refusals(changes)
        ways_in(changes, folder)
        Changes(states[large], folder, draw).of_all(INDEXES, 2)
        Changes(states[live], folder, draw).of_all(["tx", "log", "block", "record"], 2)


main()
