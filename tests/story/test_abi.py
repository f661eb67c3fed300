#!/usr/bin/env python3
"""test_abi.py BUILD: `orrery abi` and the published ABI of the deployed contracts.

Each function, event and error that we export of a deployed contract is one of its own: the same
types, names, outputs, mutability and topics that are indexed.  The addresses are those that the
published SDK has.  Exit code 77 where the specification is not there.
"""

import json
import pathlib
import re
import subprocess
import sys

SPHERON = pathlib.Path("../shared/spheron")
TOKENS = ("SPON", "USDT", "USDC", "DAI", "WETH", "CST")
RESOURCES = ("ResourceRegistryCPU", "ResourceRegistryGPU")
LEAST = {"OrderRequest": 10, "Bid": 10, "ComputeLease": 10, "Escrow": 10, "ProviderRegistry": 10,
         "ProviderAttributeRegistry": 5, "ResourceRegistryCPU": 2, "ResourceRegistryGPU": 2,
         "USDT": 10}


def bare(value):
    """An entry without what the compiler alone knows."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k != "internalType"}
    return [bare(v) for v in value] if isinstance(value, list) else value


def published(name):
    """The file that has a contract's ABI."""
    file = "Token" if name in TOKENS else "ResourceRegistry" if name in RESOURCES else name
    path = SPHERON / "abi" / "sdk-1.3.5" / (file + ".json")
    return json.loads(path.read_text(encoding="utf-8"))


def main(build):
    if not SPHERON.is_dir():
        print(f"no {SPHERON}")
        sys.exit(77)
    out = subprocess.run([build + "/orrery", "abi", "--json"], capture_output=True, text=True,
                         check=True).stdout
    contracts = json.loads(out)
    known = set(re.findall("0x[0-9a-fA-F]{40}", (SPHERON / "sdk.md").read_text(encoding="utf-8")))
    wrong, entries = [], 0

    for name, contract in contracts.items():
        ours = contract["abi"]
        if name.startswith("Orrery"):
            continue
        if name != "SPON" and contract["address"] not in known:
            wrong.append(f"{name}: {contract['address']} is not of sdk.md")
        theirs = [bare(e) for e in published(name)]
        wrong += [f"{name}: {e}" for e in ours if e not in theirs]
        if len(ours) < LEAST.get(name, 0):
            wrong.append(f"{name}: only {len(ours)} entries")
        entries += len(ours)

    missing = [name for name in LEAST if name not in contracts]
    assert not missing, missing
    if wrong:
        print("\n".join(wrong))
        sys.exit(1)
    print(f"ok - {entries} entries of deployed contracts")


if __name__ == "__main__":
    main(sys.argv[1])
