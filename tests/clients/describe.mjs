// node describe.mjs SCREEN ABI: one JSON object on stdout, of a testnet's first screen and of `orrery abi --json`, which is
// {name: {address, abi}} or [{name, address, abi}].
import { readFileSync } from "node:fs";

const [, , screenFile, abiFile] = process.argv;
const screen = readFileSync(screenFile, "utf8");
const abi = JSON.parse(readFileSync(abiFile, "utf8"));

const accounts = [...screen.matchAll(/^ +\d+ +(0x[0-9a-fA-F]{40}) +key (0x[0-9a-f]{64})$/gm)]
  .map(([, address, key]) => ({ address, key }));
const tokens = Object.fromEntries([...screen.matchAll(/token (\d+), (\S+) +0x/g)].map(([, place, symbol]) => [symbol, +place]));
const contracts = Array.isArray(abi) ? Object.fromEntries(abi.map(({ name, ...rest }) => [name, rest])) : abi;

if (accounts.length < 4) throw new Error(`${screenFile}: ${accounts.length} accounts with keys, not four`);
if (tokens.USDT === undefined) throw new Error(`${screenFile}: no token USDT`);
for (const name of ["OrreryEscrow", "OrreryOrder"])
  if (!contracts[name]?.abi) throw new Error(`${abiFile}: no ABI of ${name}`);
console.log(JSON.stringify({ accounts, tokens, contracts }));
