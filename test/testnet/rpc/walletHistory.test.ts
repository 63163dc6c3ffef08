import { beforeEach, describe, expect, test } from "vitest";
import { wasmEquihash } from "../../support/equihash.ts";
import { sharedChainOf } from "../../support/labChain.ts";
import { genesisOf, labParams } from "../../support/miningLab.ts";
import { RpcNode } from "../../support/rpcNode.ts";

// Coinbases are spent after 10 blocks by the rules, after 11 by the wallet.

const params = labParams({ checkProofTargets: false });
const genesis = genesisOf(params);

const newNode = (): RpcNode =>
  new RpcNode(sharedChainOf(genesis, "nothing", params, wasmEquihash), genesis.header.time + 1_000_000);

interface Entry {
  readonly category: string;
  readonly txid: string;
  readonly address: string;
  readonly amount: number;
  readonly fee?: number;
  readonly confirmations: number;
  readonly walletconflicts: readonly string[];
  readonly involvesWatchonly?: boolean;
}

const listed = (node: RpcNode, ...params: unknown[]): Promise<Entry[]> =>
  node.ask<Entry[]>("listtransactions", "*", 100, ...params);

/** Gives a node the blocks of another, from a height on. */
async function follow(node: RpcNode, miner: RpcNode, from = 1): Promise<void> {
  const tip = await miner.ask<number>("getblockcount");
  for (let height = from; height <= tip; height++) {
    const hex = await miner.ask("getblock", await miner.ask("getblockhash", height), 0);
    await node.ask("submitblock", hex);
  }
  expect(await node.ask("getbestblockhash")).toBe(await miner.ask("getbestblockhash"));
}

const sum = (entries: readonly Entry[]): number =>
  rounded(entries.reduce((total, { amount }) => total + amount, 0));
const rounded = (amount: number): number => Number(amount.toFixed(8));

describe("a wallet's history", () => {
  let node: RpcNode;
  beforeEach(async () => {
    node = newNode();
    await node.ask("generate", 14);
  });

  test("has coinbases that are old enough, and those that are not", async () => {
    const entries = await listed(node);
    expect(entries.map(({ category, confirmations }) => [category, confirmations])).toEqual(
      Array.from({ length: 14 }, (_, i) => [14 - i >= 11 ? "generate" : "immature", 14 - i]),
    );
    const oldest = entries[0]!;
    const info = await node.ask<Record<string, number>>("getwalletinfo");
    expect(info).toMatchObject({
      txcount: 14,
      balance: sum(entries.slice(0, 4)),
      immature_balance: sum(entries.slice(4)),
      unconfirmed_balance: 0,
    });
    expect(await node.ask("gettransaction", oldest.txid)).toMatchObject({
      amount: oldest.amount,
      generated: true,
      details: [{ category: "generate", vout: 0 }],
    });
    // What may not be spent yet is worth nothing there.
    expect(await node.ask("gettransaction", entries[13]!.txid)).toMatchObject({ amount: 0 });
    expect(await node.ask("listreceivedbyaddress", 0)).toEqual([]); // of payments, not of coinbases
    expect((await listed(node, 12)).map(({ confirmations }) => confirmations)).toEqual([14, 13]);
  });

  test("has payments from the pool into a block, on both sides", async () => {
    const other = newNode();
    await follow(other, node);
    const address = await other.ask<string>("getnewaddress");
    const txid = await node.ask<string>("sendtoaddress", address, 1.5, "rent", "Ada");
    await other.ask("sendrawtransaction", await node.ask("getrawtransaction", txid));
    const sent = {
      category: "send",
      address,
      amount: -1.5,
      txid,
      confirmations: 0,
      comment: "rent",
      to: "Ada",
    };
    expect((await listed(node)).at(-1)).toMatchObject(sent);
    const [received] = (await listed(other)) as [Entry];
    expect(received).toMatchObject({
      category: "receive",
      address,
      amount: 1.5,
      confirmations: 0,
      account: "",
    });
    // Others' payments may be taken back; change is one's own.
    expect(await other.ask("getwalletinfo")).toMatchObject({
      balance: 0,
      unconfirmed_balance: 1.5,
      txcount: 1,
    });
    expect(await other.ask("getreceivedbyaddress", address)).toBe(0);
    expect(await other.ask("getreceivedbyaddress", address, 0)).toBe(1.5);
    expect(await node.ask("getunconfirmedbalance")).toBe(0);
    expect(await node.ask("getbalance")).toBe(await node.ask("getbalance", "*", 0));

    const tip = await node.ask<string>("getbestblockhash");
    await node.ask("generate", 2);
    await follow(other, node, 15);
    expect((await listed(node)).find((each) => each.txid === txid)).toMatchObject({
      ...sent,
      confirmations: 2,
    });
    expect(await other.ask("listsinceblock", tip)).toMatchObject({
      transactions: [{ txid, confirmations: 2, blockindex: 1 }],
      lastblock: await node.ask("getbestblockhash"),
    });
    expect(await other.ask("listsinceblock", await node.ask("getbestblockhash"))).toMatchObject({
      transactions: [],
    });
    expect(await other.ask("listreceivedbyaddress", 2)).toEqual([
      { address, account: "", amount: 1.5, confirmations: 2, txids: [txid] },
    ]);
    expect(await other.ask("listreceivedbyaccount", 3)).toEqual([]);
    expect(await other.ask("listaccounts")).toEqual({ "": 1.5 });
    expect(await other.ask("listaddressgroupings")).toEqual([[[address, 1.5, ""]]]);
  });

  test("comes to the balance, whatever was sent to whom", async () => {
    const own = await node.ask<string>("getnewaddress");
    await node.ask("sendtoaddress", own, 2);
    await node.ask("generate", 1);
    await node.ask("sendmany", "", { [own]: 0.5, [await newNode().ask<string>("getnewaddress")]: 3 });
    await node.ask("generate", 1);
    const entries = (await listed(node)).filter(({ category }) => category !== "immature");
    const fees = new Map(entries.map(({ txid, fee = 0 }) => [txid, fee]));
    const paid = [...fees.values()].reduce((total, fee) => total + fee, 0);
    expect(rounded(sum(entries) + paid)).toBe(await node.ask("getbalance"));
    expect(await node.ask("getbalance", "*")).toBe(await node.ask("getbalance"));
    expect(await node.ask("getbalance", "", 1)).toBe(await node.ask("getbalance"));
    expect(await node.ask("getreceivedbyaccount", "")).toBe(2.5);
  });

  test("shows whose addresses paid together, and where their change went", async () => {
    const [own, change] = [
      await node.ask<string>("getnewaddress"),
      await node.ask<string>("getrawchangeaddress"),
    ];
    await node.ask("sendtoaddress", own, 2);
    await node.ask("generate", 1);
    const coins = await node.ask<{ txid: string; vout: number; address: string }[]>("listunspent");
    const [paid, mined] = [coins.find(({ address }) => address === own)!, coins[0]!];
    const inputs = [paid, mined].map(({ txid, vout }) => ({ txid, vout }));
    const raw = await node.ask("createrawtransaction", inputs, { [change]: 1.999 });
    const { hex } = await node.ask<{ hex: string }>("signrawtransaction", raw);
    await node.ask("sendrawtransaction", hex, true);
    const groups = await node.ask<[string, number, string?][][]>("listaddressgroupings");
    const group = groups.find((each) => each.some(([address]) => address === own))!;
    const members = group.map(([address]) => address);
    for (const address of [own, change, mined.address]) expect(members).toContain(address);
    expect(group.find(([address]) => address === own)).toEqual([own, 0, ""]);
    expect(group.find(([address]) => address === change)).toEqual([change, 1.999]);
    const all = groups.flat().map(([address]) => address);
    expect(new Set(all).size).toBe(all.length);
  });

  test("keeps what lost its place to another branch, and says to which payment", async () => {
    const [coin] = await node.ask<{ txid: string; vout: number; amount: number }[]>("listunspent");
    const { txid, vout, amount } = coin!;
    const strangers = [
      await newNode().ask<string>("getnewaddress"),
      await newNode().ask<string>("getnewaddress"),
    ];
    const [first, second] = await Promise.all(
      strangers.map(async (to) => {
        const raw = await node.ask("createrawtransaction", [{ txid, vout }], { [to]: amount - 0.001 });
        return (await node.ask<{ hex: string }>("signrawtransaction", raw)).hex;
      }),
    );
    const rival = newNode();
    await follow(rival, node);
    const lost = await node.ask<string>("sendrawtransaction", first);
    await node.ask("generate", 1);
    const orphan = (await listed(node)).find(
      ({ confirmations, category }) => confirmations === 1 && category === "immature",
    )!;
    const won = await rival.ask<string>("sendrawtransaction", second);
    await rival.ask("generate", 2);
    await follow(node, rival, 15);

    const entries = await listed(node);
    expect(entries.find((each) => each.txid === lost)).toMatchObject({
      confirmations: -1,
      walletconflicts: [won],
    });
    expect(entries.find((each) => each.txid === won)).toMatchObject({
      confirmations: 2,
      walletconflicts: [lost],
    });
    expect(entries.map((each) => each.txid).indexOf(lost)).toBeLessThan(
      entries.map((each) => each.txid).indexOf(won),
    );
    // fluxd has a word for a coinbase that lost its place, and never says it; the transaction is still there.
    expect(entries.some((each) => each.txid === orphan.txid)).toBe(false);
    expect(await node.ask("gettransaction", orphan.txid)).toMatchObject({
      confirmations: -1,
      amount: 0,
      details: [],
    });
    expect(await node.ask("getwalletinfo")).toMatchObject({ txcount: 17 });
    expect(await node.ask("getbalance", "*")).toBe(await node.ask("getbalance"));
    expect(await node.ask("listsinceblock", await node.ask("getbestblockhash"))).toMatchObject({
      transactions: [{ txid: lost }],
    });
  });

  test("shows what is only looked at where it is asked for", async () => {
    const [, { address }] = (await listed(node)) as [Entry, Entry];
    const other = newNode();
    await follow(other, node);
    await other.ask("importaddress", address, "looked at");
    expect(await listed(other)).toEqual([]);
    expect((await listed(other, 0, true)).every(({ involvesWatchonly }) => involvesWatchonly === true)).toBe(
      true,
    );
    expect(await other.ask("getbalance", "*", 1)).toBe(0);
    expect(await other.ask("getbalance", "*", 1, true)).toBeGreaterThan(0);
    expect(await other.ask("listaccounts", 1, true)).toHaveProperty("looked at");
    await expect(node.ask("importaddress", address)).rejects.toThrow("-4: The wallet already contains");
  });
});

describe("accounts", () => {
  test("are the nameless one, whose address changes when it was paid", async () => {
    const node = newNode();
    await node.ask("generate", 12);
    const address = await node.ask<string>("getaccountaddress", "");
    expect(await node.ask("getaccountaddress", "")).toBe(address);
    await node.ask("sendtoaddress", address, 1);
    const next = await node.ask<string>("getaccountaddress", "");
    expect(next).not.toBe(address);
    await node.ask("setaccount", next, "");
    expect(await node.ask("getaccountaddress", "")).not.toBe(next);
    for (const method of ["getnewaddress", "getaccountaddress", "getaddressesbyaccount"])
      await expect(node.ask(method, "x")).rejects.toThrow("-11: Accounts are unsupported");
    await expect(node.ask("getbalance", "x")).rejects.toThrow("-11: Accounts are unsupported");
    await expect(node.ask("getaccount", "x")).rejects.toThrow("-5: Invalid Flux address");
    const foreign = await newNode().ask("getnewaddress");
    await expect(node.ask("setaccount", foreign, "")).rejects.toThrow("own address");
  });

  test("of fluxd were addresses that pay: others' coins stay, and change comes back", async () => {
    const node = newNode();
    await node.ask("generate", 12);
    const [from, to] = [
      await node.ask<string>("getnewaddress"),
      await newNode().ask<string>("getnewaddress"),
    ];
    await node.ask("sendtoaddress", from, 5);
    await node.ask("generate", 1);
    const before = await node.ask<number>("getbalance");
    await expect(node.ask("sendfrom", from, to, 6)).rejects.toThrow("-6: Address has insufficient funds");
    const txid = await node.ask<string>("sendfrom", from, to, 2);
    const entry = (await listed(node)).at(-1);
    expect(entry).toMatchObject({ account: from, category: "send", amount: -2, txid });
    expect(await node.ask("getbalance")).toBe(rounded(before - 2 + entry!.fee!));
    const coins = await node.ask<{ address: string; amount: number }[]>("listunspent", 0, 0);
    expect(coins.map(({ address, amount }) => [address, amount])).toEqual([[from, rounded(3 + entry!.fee!)]]);
  });
});

test("a wallet of an earlier version has its address book made: what was handed out, but for change", async () => {
  const node = newNode();
  await node.ask("generate", 12);
  const [plain, labelled] = [
    await node.ask<string>("getnewaddress"),
    await node.ask<string>("getnewaddress"),
  ];
  await node.ask("sendtoaddress", await newNode().ask("getnewaddress"), 1);
  const unspent = await node.ask<{ address: string }[]>("listunspent", 0, 0);
  const { contents } = node.store;
  const old = newNode();
  old.store.contents = { ...contents!, format: 1, labels: { [labelled]: "rent" } };
  const { book } = old.reopenedWallet();
  expect(book).toMatchObject({ [plain]: "", [labelled]: "rent" });
  expect(unspent).toHaveLength(1);
  expect(book).not.toHaveProperty(unspent[0]!.address);
});
