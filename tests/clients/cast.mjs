// cast, as it is typed: one process a command.
import { spawnSync } from "node:child_process";
import { check, end, equal, holds } from "./tap.mjs";
import { DEPOSIT, TOO_MUCH, accounts, escrow, orders, tokens, url } from "./testnet.mjs";

const USDT = tokens.USDT;
const key = ["--private-key", accounts[4].key];
const other = accounts[1].address;

// npm's wrapper of cast ends with 0 whatever cast ended with: what it says on stderr tells.
const run = (...args) => spawnSync("cast", args, { env: { ...process.env, ETH_RPC_URL: url }, encoding: "utf8" });
const cast = (...args) => {
  const { stdout, stderr } = run(...args);
  if (/^Error/m.test(stderr)) throw new Error(`cast ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
};
const json = (...args) => JSON.parse(cast(...args, "--json"));
const failure = (...args) => {
  const { stdout, stderr } = run(...args);
  return /^Error/m.test(stderr) ? stderr : `no failure, but ${stdout}`;
};

const SPECS = "(uint32,uint32,uint32,uint16,uint16)";
let deposit;

await check("connects", () => {
  equal(cast("chain-id"), "31337", "chain id");
  holds(cast("client").startsWith("orrery/"), "the client's name");
  holds(Number(cast("block-number")) >= 0, "a block number");
});

await check("reads a balance and a block", () => {
  holds(BigInt(cast("balance", accounts[4].address)) > 10n ** 18n, "more than one coin");
  equal(json("block", "latest").number !== undefined, true, "a block");
  equal(cast("code", escrow.address), "0xfe", "code of a contract");
});

await check("deposits, with a receipt and its log", () => {
  deposit = json("send", ...key, escrow.address, "deposit(uint32,uint32,uint256)", "0", `${USDT}`, `${DEPOSIT}`);
  equal(deposit.status, "0x1", "status");
  const topic = cast("sig-event", "Deposited(uint32 indexed,uint32,uint256,uint64)");
  equal(deposit.logs.some((l) => l.topics[0] === topic), true, "the event");
  equal(cast("receipt", deposit.transactionHash, "blockHash"), deposit.blockHash, "the receipt again");
});

await check("reads what it deposited", () => {
  const wallets = cast("call", escrow.address, "walletsOf(address)(uint32[])", accounts[4].address);
  holds(/^\[\d+/.test(wallets), `a wallet: ${wallets}`);
});

await check("orders", () => {
  const receipt = json("send", ...key, orders.address,
    `createOrder(uint32,uint32,${SPECS},uint32,uint256,uint64,uint32,uint32)`, "0", `${USDT}`, "(1,1,1,0,0)", "1", "1000000", "600", "0", "7");
  equal(receipt.status, "0x1", "status");
});

await check("shows a revert", () => {
  const text = failure("call", "--from", accounts[4].address, escrow.address, "withdraw(uint32,uint32,uint256)", "0", `${USDT}`, `${TOO_MUCH}`);
  holds(/revert/.test(text) && /InsufficientBalance|0x[0-9a-f]{8}/.test(text), text);
});

await check("mines what reverts", () => {
  const text = json("send", ...key, "--gas-limit", "500000", escrow.address, "withdraw(uint32,uint32,uint256)", "0", `${USDT}`, `${TOO_MUCH}`);
  equal(text.status, "0x0", "status");
});

await check("sends the three types", () => {
  const types = [["--legacy"], ["--legacy", "--access-list", `[{"address":"${other}","storageKeys":[]}]`], []];
  types.forEach((flags, type) => {
    const receipt = json("send", ...key, ...flags, "--value", "7", other);
    equal(Number(receipt.type), type, "type of the receipt");
    equal(Number(json("tx", receipt.transactionHash).type), type, "type");
  });
});

await check("finds logs", () => {
  const logs = json("logs", "--from-block", "0", "--address", escrow.address, "Deposited(uint32 indexed,uint32,uint256,uint64)");
  equal(logs.some((l) => l.transactionHash === deposit.transactionHash), true, "the deposit");
});

await check("waits on filters", () => {
  const id = JSON.parse(cast("rpc", "eth_newFilter", JSON.stringify({ address: escrow.address })));
  json("send", ...key, escrow.address, "deposit(uint32,uint32,uint256)", "0", `${USDT}`, "1000000");
  holds(JSON.parse(cast("rpc", "eth_getFilterChanges", id)).length > 0, "logs");
  equal(JSON.parse(cast("rpc", "eth_getFilterChanges", id)), [], "nothing since");
  equal(cast("rpc", "eth_uninstallFilter", id), "true", "uninstalled");
  holds(/filter not found/.test(failure("rpc", "eth_getFilterChanges", id)), "it is gone");
});

await check("goes back to a snapshot", () => {
  const before = cast("block-number");
  const id = JSON.parse(cast("rpc", "evm_snapshot"));
  cast("rpc", "anvil_mine", "0x3");
  equal(Number(cast("block-number")), Number(before) + 3, "three blocks more");
  equal(cast("rpc", "evm_revert", id), "true", "reverted");
  equal(cast("block-number"), before, "the head");
});

await check("is told the nearest method", () => {
  holds(/eth_getBalance/.test(failure("rpc", "eth_getBalence", other)), "the name");
});

end();
