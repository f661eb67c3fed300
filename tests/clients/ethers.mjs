// ethers 6, as people use it: JsonRpcProvider, Wallet, Contract, events by filters.
import { Contract, JsonRpcProvider, Wallet, getBytes, hexlify, isError, verifyMessage } from "ethers";
import { check, end, equal, errorOf, holds } from "./tap.mjs";
import { DEPOSIT, TOO_MUCH, accounts, escrow, order, orders, tokens, url, usdt } from "./testnet.mjs";

const provider = new JsonRpcProvider(url);
provider.pollingInterval = 200;
const wallet = new Wallet(accounts[0].key, provider);
const other = accounts[1].address;
const Escrow = new Contract(escrow.address, escrow.abi, wallet);
const Orders = new Contract(orders.address, orders.abi, wallet);
const USDT = tokens.USDT;
let deposited;

await check("connects", async () => {
  const network = await provider.getNetwork();
  equal(network.chainId, 31337n, "chain id");
  holds(await provider.getBlockNumber() >= 0, "a block number");
});

await check("reads a balance", async () => {
  holds(await provider.getBalance(wallet.address) > 10n ** 18n, "more than one coin");
  equal(await provider.getCode(escrow.address), "0xfe", "code of a contract");
  equal(await provider.getCode("0x00000000000000000000000000000000000000aa"), "0x", "code of nobody");
});

await check("deposits, with a receipt and its log", async () => {
  const sent = await Escrow.deposit(0, USDT, DEPOSIT);
  const receipt = await sent.wait();
  equal(receipt.status, 1, "status");
  equal(receipt.hash, sent.hash, "hash");
  equal(receipt.to.toLowerCase(), escrow.address.toLowerCase(), "to");
  holds(receipt.gasUsed > 21000n && receipt.cumulativeGasUsed >= receipt.gasUsed, "gas");
  deposited = receipt.logs.map((l) => Escrow.interface.parseLog(l)).find((e) => e?.name === "Deposited");
  equal(deposited.args.amount, DEPOSIT, "amount of the event");
  equal(Number(deposited.args.token), USDT, "token of the event");
  const block = await provider.getBlock(receipt.blockHash);
  holds(block.transactions.includes(sent.hash), "the block lists it");
});

await check("reads what it deposited", async () => {
  const wallets = await Escrow.walletsOf(wallet.address);
  equal(wallets.map(Number).includes(Number(deposited.args.wallet)), true, "the wallet is among them");
  holds((await Escrow.purse(wallets[0], USDT)).deposited >= DEPOSIT, "the purse has it");
});

await check("gives tokens of ERC-20", async () => {
  const Token = new Contract(usdt.address, usdt.abi, wallet);
  const before = await Token.balanceOf(other);
  equal(await Token.transfer.staticCall(other, 5n), true, "what transfer returns");
  equal(await Token.balanceOf(other), before, "a static call changes nothing");
  const receipt = await (await Token.transfer(other, 5n)).wait();
  equal(await Token.balanceOf(other), before + 5n, "balance");
  equal(Token.interface.parseLog(receipt.logs.find((l) => l.address === usdt.address)).args.value, 5n, "value of Transfer");
});

await check("orders", async () => {
  const receipt = await (await Orders.createOrder(...order(USDT))).wait();
  const event = receipt.logs.map((l) => Orders.interface.parseLog(l)).find((e) => e?.name === "OrderCreated");
  equal(event.args.creator, wallet.address, "creator");
  equal((await Orders.order(event.args.order)).specs.cpu, 1n, "cores of the order");
});

await check("decodes a revert", async () => {
  const error = await errorOf(Escrow.withdraw.staticCall(0, USDT, TOO_MUCH));
  holds(isError(error, "CALL_EXCEPTION"), `a call exception: ${error.message}`);
  equal(error.revert.name, "InsufficientBalance", "the error's name");
  const estimated = await errorOf(Escrow.withdraw(0, USDT, TOO_MUCH));
  equal(Escrow.interface.parseError(estimated.data).name, "InsufficientBalance", "the same of an estimate");
});

await check("knows who has too little", async () => {
  const value = 2n ** 256n - 1n, gas = { gasLimit: 21000n };
  for (const amount of [value, 2n ** 127n]) {
    const sent = await errorOf(wallet.sendTransaction({ to: other, value: amount, ...gas }));
    holds(isError(sent, "INSUFFICIENT_FUNDS"), `signed here: ${sent.message}`);
    const told = await errorOf((await provider.getSigner(wallet.address)).sendTransaction({ to: other, value: amount, ...gas }));
    holds(isError(told, "INSUFFICIENT_FUNDS") || /insufficient funds/.test(told.message), `signed there: ${told.message}`);
  }
});

await check("says what a call or filter cannot be", async () => {
  const message = async (method, ...params) => {
    const error = await errorOf(provider.send(method, params));
    return `${error.message} ${JSON.stringify(error.info ?? error.error)}`;
  };
  holds(/intrinsic gas too low/.test(await message("eth_call", { to: other, gas: "0x1" }, "latest")), "gas");
  holds(/higher than max fee/.test(
    await message("eth_call", { to: other, maxFeePerGas: "0x1", maxPriorityFeePerGas: "0x2" }, "latest")), "tip");
  holds(/invalid block range/.test(await message("eth_newFilter", { fromBlock: "0x5", toBlock: "0x1" })), "range");
});

await check("mines what reverts", async () => {
  const sent = await Escrow.withdraw(0, USDT, TOO_MUCH, { gasLimit: 500000n });
  const error = await errorOf(sent.wait());
  equal(error.receipt.status, 0, "status");
});

await check("sends the three types", async () => {
  const { maxFeePerGas } = await provider.getFeeData();
  const price = (maxFeePerGas ?? 0n) + 1000n;
  const fees = [{ gasPrice: price }, { gasPrice: price, accessList: [{ address: other, storageKeys: [] }] },
    { maxFeePerGas: price, maxPriorityFeePerGas: 0n }];
  for (const type of [0, 1, 2]) {
    const before = await provider.getBalance(other);
    const receipt = await (await wallet.sendTransaction({ to: other, value: 7n, type, ...fees[type] })).wait();
    equal(receipt.type, type, "type of the receipt");
    const back = await provider.getTransaction(receipt.hash);
    equal(back.type, type, "type");
    equal(back.from, wallet.address, "sender, as recovered from the signature");
    equal(await provider.getBalance(other) - before, 7n, "what came");
  }
});

await check("says what is wrong in words that ethers knows", async () => {
  const nonce = await wallet.getNonce();
  holds(isError(await errorOf(wallet.sendTransaction({ to: other, nonce: nonce - 1, gasLimit: 21000n })), "NONCE_EXPIRED"),
    "nonce too low");
  const poor = new Wallet("0x" + "11".repeat(32), provider);
  holds(isError(await errorOf(poor.sendTransaction({ to: other, value: 1n, gasLimit: 21000n })), "INSUFFICIENT_FUNDS"),
    "insufficient funds");
  holds(isError(await errorOf(provider.send("eth_nothing", [])), "UNSUPPORTED_OPERATION"), "unsupported");
});

await check("finds past logs", async () => {
  const events = await Escrow.queryFilter(Escrow.filters.Deposited(deposited.args.wallet), 0);
  holds(events.some((e) => e.args.amount === DEPOSIT), "the deposit is among them");
  equal((await Escrow.queryFilter(Escrow.filters.Deposited(0xfffffffe), 0)).length, 0, "of a wallet that is not there");
});

await check("is told of new logs by a filter", async () => {
  const heard = new Promise((yes, no) => {
    Escrow.once(Escrow.filters.Deposited(), yes);
    setTimeout(() => no(new Error("nothing came")), 15000);
  });
  await new Promise((r) => setTimeout(r, 500));
  await (await Escrow.deposit(0, USDT, 1_000_000n)).wait();
  equal((await heard).args.amount, 1_000_000n, "amount");
});

await check("signs with an account of the node", async () => {
  const signer = await provider.getSigner(accounts[2].address);
  equal(verifyMessage("hello", await signer.signMessage("hello")), accounts[2].address, "who signed");
  const raw = await signer._legacySignMessage(getBytes("0x1234"));
  equal(verifyMessage(getBytes("0x1234"), hexlify(raw)), accounts[2].address, "who signed, by eth_sign");
  const data = [{ name: "Orrery", chainId: 31337 }, { Bid: [{ name: "price", type: "uint256" }] }, { price: 5n }];
  const { verifyTypedData } = await import("ethers");
  equal(verifyTypedData(...data, await signer.signTypedData(...data)), accounts[2].address, "who signed typed data");
  const sent = await signer.sendTransaction({ to: other, value: 1n });
  equal((await sent.wait()).from, accounts[2].address, "who sent");
});

await check("goes back to a snapshot", async () => {
  const before = Number(await provider.send("eth_blockNumber", []));
  const id = await provider.send("evm_snapshot", []);
  await (await wallet.sendTransaction({ to: other, value: 1n })).wait();
  holds(Number(await provider.send("eth_blockNumber", [])) > before, "a block more");
  equal(await provider.send("evm_revert", [id]), true, "reverted");
  equal(Number(await provider.send("eth_blockNumber", [])), before, "the head");
  equal(await provider.send("evm_revert", [id]), false, "once only");
});

provider.destroy();
end();
