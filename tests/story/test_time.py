#!/usr/bin/env python3
"""Time and terms of a testnet through HTTP, as clients set them: exact seconds as anvil 1.7.1 has them, bounds that are
stated and leave the process alive, intervals that tell what is done, methods that cannot be true with the reason, and
all that was acknowledged after a kill -9.
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

from testnet import Net, fail

FAR = 3650 * 86400        # NODE_HOP_ERAS of the default era
BLOCKS = 250000           # NODE_MINE_MAX
SOMEBODY = "0x" + "cd" * 20
RANDAO = "0x" + "07" * 32


def expect(holds, what):
    if not holds:
        fail(what)


def head(net):
    return net.one("eth_getBlockByNumber", "latest", False)


def second(net):
    return int(head(net)["timestamp"], 16)


def number(net):
    return int(head(net)["number"], 16)


def pending(net):
    return int(net.one("eth_getBlockByNumber", "pending", False)["timestamp"], 16)


def refused(net, code, words, method, *params):
    before = head(net)
    error = net.ask((method, *params))[0].get("error", {})
    expect(error.get("code") == code and words in error.get("message", ""), f"{method} {params}: {error}, not {words}")
    expect(head(net) == before, f"{method} {params} was refused and changed the head")


def exact_seconds(net):
    for step in (1, 3, 7, 1001):
        at = second(net) + step
        net.one("evm_setNextBlockTimestamp", at)
        net.one("evm_mine")
        expect(second(net) == at, f"+{step} is {second(net) - at + step}")
    at = second(net)
    net.one("anvil_mine", "0x3", "0x5")
    expect(second(net) == at + 15, f"three blocks 5 s apart take {second(net) - at} s")
    net.one("evm_mine", {"timestamp": at + 100, "blocks": 2})
    expect(second(net) == at + 101, "evm_mine with a timestamp")
    net.one("anvil_setBlockTimestampInterval", 60)
    net.one("evm_mine")
    expect(second(net) == at + 161, "a timestamp interval")
    expect(net.one("anvil_removeBlockTimestampInterval") is True, "an interval was there")
    expect(net.one("anvil_removeBlockTimestampInterval") is False, "none was there")
    print("ok - seconds are exact where slots are of 1 s")


def bounds(net):
    far, too_many = "is too far", "blocks are too many: a call makes at most 250000"
    for method in ("evm_setNextBlockTimestamp", "evm_setTime", "evm_mine"):
        refused(net, -32602, far, method, 10**12)
        refused(net, -32602, far, method, "0xffffffffffffffff")
        refused(net, -32602, "head", method, 1)
    refused(net, -32602, "s are too far", "evm_increaseTime", 10**12)
    refused(net, -32602, "s are too far", "evm_increaseTime", "0xffffffffffffffff")
    refused(net, -32602, "s are too far", "anvil_setBlockTimestampInterval", 10**12)
    refused(net, -32602, "a negative number", "evm_increaseTime", -5)
    refused(net, -32602, "a negative number", "anvil_mine", -1)
    refused(net, -32602, "s apart are too far", "anvil_mine", 2, 10**12)
    refused(net, -32602, "s apart are too far", "anvil_mine", 5, "0xffffffffffff")
    refused(net, -32602, too_many, "anvil_mine", "0xffffffff")
    refused(net, -32602, too_many, "evm_mine", {"timestamp": second(net) + 50, "blocks": 10**9})
    refused(net, -32602, "gas limit", "evm_setBlockGasLimit", "0xffffffffffff")
    at, begun = second(net), time.monotonic()
    net.one("anvil_mine", BLOCKS)
    print(f"# {BLOCKS} blocks in {time.monotonic() - begun:.1f} s")
    expect(second(net) == at + BLOCKS, "the most blocks a call")
    at, begun = second(net), time.monotonic()
    net.one("evm_setNextBlockTimestamp", at + FAR)
    net.one("evm_mine")
    print(f"# a hop of ten years in {time.monotonic() - begun:.1f} s")
    expect(second(net) == at + FAR, "the farthest hop")
    print("ok - time and blocks are bounded, and the bounds are held")


def reasons(net):
    for method, *params, words in (
            ("anvil_reset", "evm_revert"), ("hardhat_reset", "evm_revert"), ("anvil_setChainId", 5, "chain id"),
            ("anvil_setCode", SOMEBODY, "0x00", "native"), ("anvil_setStorageAt", SOMEBODY, "0x0", RANDAO, "native"),
            ("anvil_dumpState", "--state FILE"), ("anvil_loadState", "0x00", "--state FILE"),
            ("anvil_rollback", 1, "evm_revert"), ("anvil_reorg", 1, [], "evm_revert"),
            ("anvil_setCoinbase", SOMEBODY, "treasury")):
        refused(net, -32004, words, method, *params)
    expect(net.one("anvil_setCoinbase", net.one("eth_coinbase")) is None, "the coinbase that it is")
    net.one("hardhat_setPrevRandao", RANDAO)
    net.one("evm_mine")
    expect(head(net)["mixHash"] == RANDAO, "prevRandao of the next block")
    net.one("evm_mine")
    expect(head(net)["mixHash"] == "0x" + "00" * 32, "and of no other")
    info = net.one("anvil_nodeInfo")
    expect(info["currentBlockHash"] == head(net)["hash"] and info["environment"]["chainId"] == 31337, f"{info}")
    print("ok - what cannot be true is refused with its reason")


def automine(net, people):
    net.one("evm_setAutomine", False)
    hash = net.one("eth_sendTransaction", {"from": people[0], "to": people[1], "value": "0x1"})
    expect(net.one("eth_getTransactionReceipt", hash) is None, "it waits")
    net.one("evm_setAutomine", True)
    expect(net.one("eth_getTransactionReceipt", hash) is not None, "automine takes what waits")
    id, at, fee = net.one("evm_snapshot"), second(net), net.one("eth_gasPrice")
    net.one("evm_setNextBlockTimestamp", at + 100000)
    net.one("anvil_setNextBlockBaseFeePerGas", "0x77359400")
    net.one("evm_revert", id)
    expect(net.one("eth_gasPrice") == fee and pending(net) < at + 1000, "a revert takes back what was set")
    print("ok - automine takes what waits; a revert takes back what was set")


def set_all(net, people):
    net.one("evm_increaseTime", 100000)
    net.one("evm_mine")
    net.one("evm_setAutomine", False)
    net.one("evm_setIntervalMining", 3600)
    net.one("anvil_setNextBlockBaseFeePerGas", "0x10")
    net.one("evm_setBlockGasLimit", 1000000)
    net.one("anvil_impersonateAccount", SOMEBODY)
    net.one("anvil_setBalance", SOMEBODY, hex(10**18))
    net.one("hardhat_setPrevRandao", RANDAO)
    at = second(net) + 777
    net.one("evm_setNextBlockTimestamp", at)
    return at, head(net), pending(net)


def check_all(net, people, at, head_before):
    expect(head(net) == head_before, "the head")
    expect(net.one("anvil_getAutomine") is False and net.one("anvil_getIntervalMining") == 3600, "mining")
    expect(net.one("eth_gasPrice") == "0x10" and pending(net) == at, "base fee and next timestamp")
    send = {"from": SOMEBODY, "to": people[0], "value": "0x1", "gas": "0x5208", "gasPrice": "0x10"}
    hash = net.one("eth_sendTransaction", send)
    net.one("evm_mine")
    block = head(net)
    expect(net.one("eth_getTransactionReceipt", hash)["status"] == "0x1", "who was impersonated sends")
    expect(int(block["timestamp"], 16) == at and block["mixHash"] == RANDAO, f"{block}")
    expect(block["gasLimit"] == hex(1000000) and block["baseFeePerGas"] == "0x10", f"{block}")


def killed(orrery, folder):
    state = os.path.join(folder, "state")
    net = Net(orrery, state, "--block-time", "0")
    net.start()
    people = net.one("eth_accounts")
    at, before, _ = set_all(net, people)
    net.kill()
    net.start()
    check_all(net, people, at, before)
    net.one("anvil_autoImpersonateAccount", True)
    offset = pending(net) - time.time()
    net.kill()
    net.start()
    expect(abs(pending(net) - time.time() - offset) <= 3, f"the clock is {pending(net) - time.time()} later, not {offset}")
    anybody = {"from": "0x" + "ce" * 20, "to": people[0], "value": "0x0", "gas": "0x5208", "gasPrice": "0x10"}
    error = net.ask(("eth_sendTransaction", anybody))[0]["error"]["message"]
    expect("insufficient funds" in error, f"anybody is impersonated, and has nothing: {error}")
    net.stop()
    again = subprocess.run([orrery, "replay", state], capture_output=True, text=True)
    expect(again.returncode == 0, f"replay: {again.stdout}{again.stderr}")
    print("ok - what was acknowledged is as it was after kill -9, and the state file replays")


def intervals(orrery):
    net = Net(orrery, None)
    net.start()
    refused_at = net.ask(("evm_setIntervalMining", 3))[0]["error"]
    expect(refused_at["code"] == -32602 and "a slot is 2000 ms here" in refused_at["message"], f"{refused_at}")
    expect(net.one("anvil_getIntervalMining") == 2, "what is done is told")
    at = second(net) // 2 * 2
    net.one("evm_setNextBlockTimestamp", second(net) + 3600)
    net.one("evm_mine")
    from_second, from_block = second(net), number(net)
    expect(from_second >= at + 3600, "a block ahead of the clock")
    time.sleep(5)
    expect(number(net) - from_block in (2, 3) and second(net) - from_second in (4, 6),
           f"{number(net) - from_block} blocks in 5 s, of {second(net) - from_second} s")
    net.stop()
    print("ok - blocks go on from one that was ahead; intervals are whole slots")


def blame(orrery):
    net = Net(orrery, None, "--block-time", "0")
    net.start()
    net.process.send_signal(signal.SIGABRT)
    expect(net.process.wait() == 5, "a bug's exit code")
    expect("same command" not in net.said() and "What clients asked" in net.said(), net.said())
    print("ok - a live process that dies does not promise what it cannot")


def main():
    orrery = os.path.join(os.getcwd(), sys.argv[1], "orrery")
    net = Net(orrery, None, "--block-time", "0")
    net.start()
    people = net.one("eth_accounts")
    exact_seconds(net)
    automine(net, people)
    reasons(net)
    bounds(net)
    net.stop()
    blame(orrery)
    intervals(orrery)
    with tempfile.TemporaryDirectory() as folder:
        killed(orrery, folder)


main()
