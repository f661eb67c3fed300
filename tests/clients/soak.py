#!/usr/bin/env python3
"""soak.py ORRERY N: N transfers of unlocked accounts, a block each, and the memory of the testnet after each 100,000."""
import http.client
import json
import subprocess
import sys
import time


def main():
    net = subprocess.Popen([sys.argv[1], "testnet", "--block-time", "0", "-q", "--port", "0"], stdout=subprocess.PIPE)
    line = http.client.HTTPConnection(net.stdout.readline().split()[1].decode().split("/")[2], timeout=60)

    def ask(calls):
        body = [{"jsonrpc": "2.0", "id": i, "method": method, "params": params} for i, (method, params) in enumerate(calls)]
        line.request("POST", "/", json.dumps(body), {"content-type": "application/json"})
        return json.loads(line.getresponse().read())

    def resident():
        with open(f"/proc/{net.pid}/status") as status:
            return next(row for row in status if row.startswith("VmRSS")).split()[1]

    people, start = ask([("eth_accounts", [])])[0]["result"], time.time()
    for sent in range(0, int(sys.argv[2]), 200):
        answers = ask([("eth_sendTransaction", [{"from": people[i % 10], "to": people[(i + 1) % 10], "value": "0x1"}])
                       for i in range(200)])
        if not all("result" in answer for answer in answers):
            sys.exit(f"refused: {answers[0]}")
        if (sent + 200) % 100000 == 0:
            print(sent + 200, "transactions,", resident(), "kB,", round(time.time() - start, 1), "s", flush=True)
    net.terminate()
    sys.exit(net.wait())


main()
