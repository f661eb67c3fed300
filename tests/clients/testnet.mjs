// What a suite is told: the URL of a testnet, and the file of describe.mjs.
import { readFileSync } from "node:fs";

const [, , url, file] = process.argv;
if (!url || !file) {
  console.error("usage: node SUITE.mjs URL FILE");
  process.exit(2);
}

export { url };
export const { accounts, contracts, tokens } = JSON.parse(readFileSync(file, "utf8"));

export const escrow = contracts.OrreryEscrow;
export const orders = contracts.OrreryOrder;
export const usdt = contracts.USDT;

// Base units of USDT, which has six decimals: two brackets of resources, and more than anybody has.
export const DEPOSIT = 40_000_000n;
export const TOO_MUCH = 10n ** 30n;

// [wallet 0: the sender's own, token, specs, replicas, max price an hour, seconds, region, tier]
export const order = (token) => [0, token, { cpu: 1, ramGib: 1, diskGib: 1, gpuModel: 0, gpus: 0 }, 1, 1_000_000n, 600n, 0, 7];
