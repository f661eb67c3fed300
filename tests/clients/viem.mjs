// viem, as people use it: public, wallet and test clients, events by filters.
import { createPublicClient, createTestClient, createWalletClient, http, parseEventLogs, BaseError,
  ContractFunctionRevertedError } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { check, end, equal, errorOf, holds } from "./tap.mjs";
import { DEPOSIT, TOO_MUCH, accounts, escrow, order, orders, tokens, url } from "./testnet.mjs";

const chain = { id: 31337, name: "orrery", nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [url] } } };
const account = privateKeyToAccount(accounts[3].key);
const common = { chain, transport: http(url), pollingInterval: 100 };
const open = createPublicClient(common);
const batched = createPublicClient({ ...common, transport: http(url, { batch: true }) });
const wallet = createWalletClient({ ...common, account });
const dev = createTestClient({ ...common, mode: "anvil" });
const other = accounts[1].address;
const USDT = tokens.USDT;
const received = async (hash) => open.waitForTransactionReceipt({ hash });
let deposited;

await check("connects", async () => {
  equal(await open.getChainId(), 31337, "chain id");
  const [id, number] = await Promise.all([batched.getChainId(), batched.getBlockNumber({ cacheTime: 0 })]);
  equal(id, 31337, "chain id in a batch");
  holds(number >= 0n, "a block number");
});

await check("reads a balance and a block", async () => {
  holds(await open.getBalance({ address: account.address }) > 10n ** 18n, "more than one coin");
  const block = await open.getBlock({ includeTransactions: true });
  equal((await open.getBlock({ blockHash: block.hash })).number, block.number, "the block by its hash");
});

await check("deposits, with a receipt and its log", async () => {
  const hash = await wallet.writeContract({ ...escrow, functionName: "deposit", args: [0, USDT, DEPOSIT] });
  const receipt = await received(hash);
  equal(receipt.status, "success", "status");
  [deposited] = parseEventLogs({ abi: escrow.abi, logs: receipt.logs, eventName: "Deposited" });
  equal(deposited.args.amount, DEPOSIT, "amount of the event");
  equal((await open.getTransaction({ hash })).blockHash, receipt.blockHash, "its block");
  equal(await open.getTransactionConfirmations({ hash }) >= 1n, true, "confirmed");
});

await check("reads what it deposited", async () => {
  const wallets = await open.readContract({ ...escrow, functionName: "walletsOf", args: [account.address] });
  holds(wallets.includes(deposited.args.wallet), "the wallet is among them");
  const purse = await open.readContract({ ...escrow, functionName: "purse", args: [deposited.args.wallet, USDT] });
  holds(purse.deposited >= DEPOSIT, "the purse has it");
});

await check("orders", async () => {
  const { request } = await open.simulateContract({ ...orders, account, functionName: "createOrder", args: order(USDT) });
  const receipt = await received(await wallet.writeContract(request));
  const [event] = parseEventLogs({ abi: orders.abi, logs: receipt.logs, eventName: "OrderCreated" });
  equal(event.args.creator, account.address, "creator");
  equal(event.args.specs.cpu, 1, "cores");
});

await check("decodes a revert", async () => {
  const error = await errorOf(open.simulateContract({ ...escrow, account, functionName: "withdraw", args: [0, USDT, TOO_MUCH] }));
  holds(error instanceof BaseError, `viem's own error: ${error}`);
  const reverted = error.walk((e) => e instanceof ContractFunctionRevertedError);
  equal(reverted?.data?.errorName, "InsufficientBalance", "the error's name");
});

await check("mines what reverts", async () => {
  const hash = await wallet.writeContract({ ...escrow, functionName: "withdraw", args: [0, USDT, TOO_MUCH], gas: 500000n });
  equal((await received(hash)).status, "reverted", "status");
});

await check("sends the three types", async () => {
  const price = await open.getGasPrice() + 1000n;
  const fees = { legacy: { gasPrice: price }, eip2930: { gasPrice: price, accessList: [{ address: other, storageKeys: [] }] },
    eip1559: { maxFeePerGas: price, maxPriorityFeePerGas: 0n } };
  for (const type of ["legacy", "eip2930", "eip1559"]) {
    const hash = await wallet.sendTransaction({ to: other, value: 7n, type, ...fees[type] });
    equal((await received(hash)).type, type, "type of the receipt");
    const back = await open.getTransaction({ hash });
    equal(back.type, type, "type");
    equal(back.from, account.address.toLowerCase(), "sender, as recovered from the signature");
  }
});

await check("says what is wrong in words that viem knows", async () => {
  const nonce = await open.getTransactionCount({ address: account.address });
  const names = (error) => { const all = []; for (let e = error; e; e = e.cause) all.push(e.name); return all; };
  const low = await errorOf(wallet.sendTransaction({ to: other, nonce: nonce - 1, gas: 21000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n }));
  holds(names(low).includes("NonceTooLowError"), `nonce too low: ${names(low)}`);
  const poor = createWalletClient({ ...common, account: privateKeyToAccount("0x" + "11".repeat(32)) });
  const funds = await errorOf(poor.sendTransaction({ to: other, value: 1n, gas: 21000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n }));
  holds(names(funds).includes("InsufficientFundsError"), `insufficient funds: ${names(funds)}`);
});

await check("finds past logs", async () => {
  const events = await open.getContractEvents({ ...escrow, eventName: "Deposited", fromBlock: 0n,
    args: { wallet: deposited.args.wallet } });
  holds(events.some((e) => e.args.amount === DEPOSIT && e.transactionHash === deposited.transactionHash), "the deposit");
});

await check("waits on filters", async () => {
  const logs = await open.createContractEventFilter({ ...escrow, eventName: "Deposited" });
  const blocks = await open.createBlockFilter();
  const pending = await open.createPendingTransactionFilter();
  const hash = await wallet.writeContract({ ...escrow, functionName: "deposit", args: [0, USDT, 1_000_000n] });
  const receipt = await received(hash);
  equal((await open.getFilterChanges({ filter: logs })).map((l) => l.args.amount), [1_000_000n], "logs");
  equal((await open.getFilterChanges({ filter: blocks })).includes(receipt.blockHash), true, "blocks");
  equal((await open.getFilterChanges({ filter: pending })).includes(hash), true, "pending transactions");
  equal(await open.getFilterChanges({ filter: logs }), [], "nothing since");
  equal((await open.getFilterLogs({ filter: logs })).length, 1, "all of it");
  equal(await open.uninstallFilter({ filter: logs }), true, "uninstalled");
  equal(await open.uninstallFilter({ filter: logs }), false, "it was");
});

await check("reads fees", async () => {
  const history = await open.getFeeHistory({ blockCount: 4, rewardPercentiles: [20, 80] });
  equal(history.baseFeePerGas.length, history.gasUsedRatio.length + 1, "one base fee more than blocks");
  holds((await open.estimateFeesPerGas()).maxFeePerGas >= 0n, "an estimate");
});

await check("goes back to a snapshot, and logs are taken back", async () => {
  const filter = await open.createContractEventFilter({ ...escrow, eventName: "Deposited" });
  const id = await dev.snapshot();
  await received(await wallet.writeContract({ ...escrow, functionName: "deposit", args: [0, USDT, 1_000_000n] }));
  equal((await open.getFilterChanges({ filter })).map((l) => l.removed), [false], "told");
  await dev.revert({ id });
  equal((await open.getFilterChanges({ filter })).map((l) => l.removed), [true], "taken back");
  await dev.mine({ blocks: 2 });
});

await check("sets the time, exactly", async () => {
  const second = async () => (await open.getBlock()).timestamp;
  for (const step of [1n, 3n, 7n, 1001n]) {
    const at = await second() + step;
    await dev.setNextBlockTimestamp({ timestamp: at });
    await dev.mine({ blocks: 1 });
    equal(await second(), at, `${step} s later`);
  }
  const from = await second();
  await dev.mine({ blocks: 3, interval: 5 });
  equal(await second(), from + 15n, "three blocks, 5 s apart");
  await dev.setBlockTimestampInterval({ interval: 60 });
  await dev.mine({ blocks: 2 });
  equal(await second(), from + 135n, "a minute each");
  await dev.removeBlockTimestampInterval();
  await dev.setBlockGasLimit({ gasLimit: 1_000_000n });
  await dev.increaseTime({ seconds: 86400 });
  await dev.mine({ blocks: 1 });
  holds(await second() >= from + 135n + 86400n, "a day later");
  equal((await open.getBlock()).gasLimit, 1_000_000n, "gas limit");
  await dev.setBlockGasLimit({ gasLimit: 30_000_000n });
  const far = await errorOf(dev.increaseTime({ seconds: 10 ** 12 }));
  holds(`${far}`.includes("too far"), `how far: ${far}`);
  const reset = await errorOf(dev.reset());
  holds(`${reset}`.includes("evm_revert"), `why not: ${reset}`);
});

await check("sets balances and acts for others", async () => {
  const address = "0x00000000000000000000000000000000000000bb";
  await dev.setBalance({ address, value: 10n ** 20n });
  equal(await open.getBalance({ address }), 10n ** 20n, "balance");
  const unsigned = await dev.sendUnsignedTransaction({ from: address, to: other, value: 5n });
  equal((await received(unsigned)).from, address, "who has not signed");
  await dev.impersonateAccount({ address });
  const hash = await createWalletClient({ ...common, account: address }).sendTransaction({ to: other, value: 1n });
  equal((await received(hash)).from, address, "who sent");
  await dev.stopImpersonatingAccount({ address });
});

end();
