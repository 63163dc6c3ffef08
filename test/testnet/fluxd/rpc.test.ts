import {
  type Block,
  blockBytes,
  equihashInput,
  merkleTree,
  ParseError,
  type PowBlock,
  parseDisplayHash,
  parseWhole,
  parseWireHex,
  plainSolver,
  puzzleParams,
  readTransaction,
  solvedBlock,
  type Transaction,
  toWireHex,
} from "@fluxlab/core";
import { expect, vi } from "vitest";
import { BEFORE_PON, LabNet, labKeys } from "../../support/mixedLabNet.ts";
import { fluxdTest, MixedNet, type MixedNode, untilTip, WAIT } from "../../support/mixedNet.ts";
import { labnet } from "../../support/networks.ts";
import { readJson } from "../../support/vectors.ts";

// RPC of our node and of a fluxd side by side, on one chain.

const labTest = (name: string, run: () => Promise<void>): void => fluxdTest("FLUXD_LAB", name, run, 600_000);

type Call = readonly [method: string, ...params: unknown[]];

/** Members that are a node's own: disk, key pool, version and name. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  getblockchaininfo: ["size_on_disk"],
  getinfo: ["protocolversion", "keypoololdest", "keypoolsize"],
  getnetworkinfo: ["protocolversion", "subversion"],
};
/** Commands that a fluxd may be too old for. */
const YOUNG = ["getfluxnodesnapshot", "listfluxnodedelegates"];
const UNKNOWN_COMMAND = /Method not found/;

/** An answer, or the error; usage texts are in words of our own. */
async function answer(node: MixedNode, [method, ...params]: Call): Promise<unknown> {
  try {
    return await node.call(method, ...params);
  } catch (error) {
    const { message } = error as Error;
    return message.includes("\n") ? "usage" : message;
  }
}

/** What of an answer has to be equal. fluxd sorts unspent outputs by height alone, and not stably. */
function comparable(method: string, result: unknown): unknown {
  if (method === "help") return typeof result;
  if (method === "getaddressutxos") {
    const { utxos, ...rest } = result as { utxos: unknown[] };
    return { ...rest, utxos: utxos.map((each) => JSON.stringify(each)).toSorted() };
  }
  const own = OWN[method];
  if (own === undefined) return result;
  return Object.fromEntries(Object.entries(result as object).filter(([name]) => !own.includes(name)));
}

/** Asks both; the calls that were answered differently. */
async function differences(net: MixedNet, calls: readonly Call[]): Promise<unknown[]> {
  const [ours, fluxd] = net.nodes as [MixedNode, MixedNode];
  const found: unknown[] = [];
  for (const call of calls) {
    const [our, their] = [await answer(ours, call), await answer(fluxd, call)];
    const [method] = call;
    if (YOUNG.includes(method) && UNKNOWN_COMMAND.test(String(their))) continue;
    try {
      expect(comparable(method, our)).toEqual(comparable(method, their));
    } catch {
      found.push({ call: JSON.stringify(call).slice(0, 200), ours: brief(our), fluxd: brief(their) });
    }
  }
  return found;
}

const brief = (value: unknown): string => JSON.stringify(value)?.slice(0, 1_500);

labTest("the recorded calls and others are answered alike at the end of the recorded chain", async () => {
  const net = await MixedNet.start("FLUXD_LAB", ["ours", "fluxd"]);
  const [ours, fluxd] = net.nodes as [MixedNode, MixedNode];
  await LabNet.fed(net, ours, 2_100);
  await net.connect(fluxd, ours);
  await net.follow(await ours.tip);
  const { calls } = readJson<{ calls: { method: string; params: unknown[] }[] }>("labnet/rpc-samples.json");
  const asked = calls.map(({ method, params }): Call => [method, ...params]);
  expect(await differences(net, asked)).toEqual([]);
  // It was asked for a template under proof of node, finds that it has no producer for one, and writes down why.
  await net.endInPeace(/CheckPONBlockHeader: stake hash doesn't meet target|Invalid PON block header/);
});

interface Template {
  readonly version: number;
  readonly previousblockhash: string;
  readonly finalsaplingroothash: string;
  readonly transactions: readonly { readonly data: string; readonly hash: string }[];
  readonly coinbasetxn: { readonly data: string; readonly hash: string };
  readonly curtime: number;
  readonly bits: string;
  readonly height: number;
}

labTest("templates are alike, and a miner's block from either is taken by the other", async () => {
  const net = await MixedNet.start("FLUXD_LAB", ["ours", "fluxd"]);
  const [ours, fluxd] = net.nodes as [MixedNode, MixedNode];
  await LabNet.fed(net, ours, BEFORE_PON);
  await ours.call("importprivkey", labKeys().spending[0]);
  await net.connect(fluxd, ours);
  await net.follow(await ours.tip);
  for (const [from, to] of [
    [ours, fluxd],
    [fluxd, ours],
    [ours, ours],
  ] as const) {
    const payment = await ours.call<string>("sendtoaddress", await fluxd.call("getnewaddress"), 0.25);
    await net.agreeOnPool([payment]);
    const [template, other] = [
      await from.call<Template>("getblocktemplate"),
      await to.call<Template>("getblocktemplate"),
    ];
    expect(shared(template)).toEqual(shared(other));
    expect(template.transactions.map(({ hash }) => hash)).toEqual([payment]);
    const block = mined(template);
    const hex = toWireHex(blockBytes(block));
    expect(await to.call("getblocktemplate", { mode: "proposal", data: hex })).toBe(null);
    expect(await to.call("submitblock", hex)).toBe(null);
    await net.follow(await to.tip);
    expect(await from.call("submitblock", hex)).toBe("duplicate");
    await net.agreeOnPool([]);
  }
  await net.endInPeace();
});

/** A template but for what is each node's own: whom it pays, and how it names the state of its pool. */
function shared(template: Template): unknown {
  const { coinbasetxn, longpollid, ...rest } = template as Template & { longpollid: string };
  const { data, hash, ...coinbase } = coinbasetxn;
  return { ...rest, coinbase };
}

/** What an external miner makes of a template. */
function mined(template: Template): Block {
  const { coinbasetxn, transactions, height } = template;
  const header = {
    kind: "pow",
    version: template.version,
    previousHash: parseDisplayHash(template.previousblockhash)!,
    merkleRoot: merkleTree([coinbasetxn, ...transactions].map(({ hash }) => parseDisplayHash(hash)!)).root,
    saplingRoot: parseDisplayHash(template.finalsaplingroothash)!,
    time: template.curtime,
    bits: Number.parseInt(template.bits, 16),
    nonce: new Uint8Array(32),
    solution: new Uint8Array(0),
  } as PowBlock["header"];
  const block: PowBlock = { header, transactions: [coinbasetxn, ...transactions].map(transactionOf) };
  const params = labnet();
  const solver = plainSolver(puzzleParams(height, params))!;
  for (let count = 0; ; count++) {
    const nonce = Uint8Array.from({ length: 32 }, (_, i) => (i < 4 ? (count >> (8 * i)) & 0xff : 0));
    const attempt = { ...block, header: { ...header, nonce } };
    const solved = solvedBlock(attempt, solver.solve(equihashInput(attempt.header)) ?? [], height, params);
    if (solved !== undefined) return solved;
  }
}

function transactionOf({ data }: { readonly data: string }): Transaction {
  const tx = parseWhole(parseWireHex(data)!, readTransaction);
  if (tx instanceof ParseError) throw new Error(String(tx));
  return tx;
}

labTest("bans of addresses and subnets are made, listed, refused and lifted alike", async () => {
  const net = await MixedNet.start("FLUXD_LAB", ["ours", "fluxd"]);
  const time = 1_700_000_000;
  await net.setClock(time);
  const setBans = [
    ...[
      "198.51.7.9",
      "198.51.7.9/32",
      "198.51.7.0/24",
      "198.51.7.77/24",
      "198.51.7.0/255.255.255.0",
      "10.1.2.3/255.0.255.0",
    ],
    ...[
      "2a01:4f8:7::1",
      "2a01:4f8::/32",
      "2a01:4f8:7::1/128",
      "[2a01:9::]/ffff:ffff::",
      "9.9.9.0/+24",
      "0.0.0.0/0",
      "0.0.0.0",
    ],
    ...["1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/", "1.2.3.4/24/8", "2a01::/129", "nonsense", "nonsense/8", ""],
  ];
  for (const calls of [
    setBans.map((text): Call => ["setban", text, "add"]),
    [
      ["setban", "8.8.0.0/16", "add", 60],
      ["setban", "8.8.0.0/16", "add", 90],
      ["setban", "8.8.4.4", "add", 90],
      ["setban", "7.7.7.7", "add", time + 500, true],
      ["setban", "7.7.7.0/24", "add", 0, true],
      ["setban", "7.7.7.8", "add", -5],
      ["setban", "7.7.7.0/25", "add", "soon"],
      ["setban", "7.7.7.0/25", "ban"],
      ["setban", "7.7.7.0/25"],
    ],
    [["listbanned"]],
    setBans.map((text): Call => ["setban", text, "remove"]),
    [["listbanned"], ["clearbanned"], ["listbanned"]],
  ] satisfies Call[][])
    expect(await differences(net, calls)).toEqual([]);
  await net.endInPeace();
});

/** Members that say when a node heard of a transaction: ours takes the block's time for it once it is mined. */
const HEARD = ["time", "timereceived"];
/** Of the wallet's own keys. */
const KEYS = ["keypoololdest", "keypoolsize", "seedfp"];

/** The same without these members, wherever they are. */
const without = (value: unknown, names: readonly string[]): unknown =>
  JSON.parse(JSON.stringify(value), (name, member) => (names.includes(name) ? undefined : member)) as unknown;

/** A list in no order: fluxd has a payment that came by the pool before the coinbase of its block, ours after it. */
const unordered = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((each) => JSON.stringify(each)).toSorted() : value;

labTest(
  "two wallets with the same keys have the same history, through payments, reorganisation and conflicts",
  async () => {
    const net = await MixedNet.start("FLUXD_LAB", ["ours", "fluxd", "ours"]);
    const [ours, fluxd, rival] = net.nodes as [MixedNode, MixedNode, MixedNode];
    const lab = await LabNet.fed(net, ours, BEFORE_PON);
    const [own, watched] = labKeys().spending;
    const watchedAddress = await rival.call<string>("importprivkey", watched);
    // fluxd's wallet is born with an address in its book.
    for (const each of await fluxd.call<string[]>("getaddressesbyaccount", ""))
      await ours.call("importprivkey", await fluxd.call("dumpprivkey", each));
    for (const node of [ours, fluxd]) {
      await node.call("importprivkey", own, "", false);
      await node.call("importaddress", watchedAddress, "looked at", false);
    }
    await net.connect(fluxd, ours);
    await net.connect(rival, ours);
    await net.follow(await ours.tip);
    await fluxd.call("rescanblockchain");
    const address = await rival.call<string>("importprivkey", own);
    const compare = async (): Promise<void> => {
      const listed = await fluxd.call<{ txid: string }[]>("listtransactions", "*", 40, 0, true);
      const ids = [...new Set(listed.map(({ txid }) => txid))];
      const different: unknown[] = [];
      for (const call of historyCalls(address, watchedAddress, await ours.tip, ids)) {
        const [our, their] = [await answer(ours, call), await answer(fluxd, call)].map((each) =>
          JSON.stringify(unordered(without(each, [...HEARD, ...KEYS]))),
        ) as [string, string];
        if (our === their) continue;
        const at = [...our].findIndex((letter, i) => letter !== their[i]);
        different.push({
          call,
          ours: our.slice(Math.max(0, at - 200)).slice(0, 500),
          fluxd: their.slice(Math.max(0, at - 200)).slice(0, 500),
        });
      }
      expect(different).toEqual([]);
    };
    // fluxd tells its wallet of what is new in the pool from a thread that looks now and then (src/init.cpp ThreadNotifyRecentlyAdded).
    const sameHistory = () => vi.waitFor(compare, WAIT);
    for (const params of [
      ["*", 200],
      ["*", 3, 2],
      ["", 5],
      ["*", 9, 30, true],
    ]) {
      const [our, their] = [
        await ours.call("listtransactions", ...params),
        await fluxd.call("listtransactions", ...params),
      ];
      expect(without(our, HEARD)).toEqual(without(their, HEARD));
    }
    await sameHistory();

    // Through the pool, into a block whose coinbase is the wallets' own.
    const payment = await signedPayment(ours, address, watchedAddress, 0.25);
    await net.agreeOnPool([await ours.call<string>("sendrawtransaction", payment)]);
    await sameHistory();
    await lab.mine(fluxd, 1);
    await shareCoinbase(ours, fluxd);
    await sameHistory();

    // Two payments with one coin, of which the wallets see that one mined that loses.
    const [loser, winner] = [
      await signedPayment(ours, address, watchedAddress, 0.5),
      await signedPayment(ours, address, address, 0.0002),
    ];
    await net.disconnect(rival, ours);
    const lost = await ours.call<string>("sendrawtransaction", loser);
    await vi.waitFor(async () => expect(await fluxd.call("getrawmempool")).toEqual([lost]), WAIT);
    await lab.mineAlone(fluxd, 1);
    await untilTip(ours, await fluxd.tip);
    await shareCoinbase(ours, fluxd);
    await sameHistory();
    await rival.call("sendrawtransaction", winner);
    await lab.mineAlone(rival, 2);
    await net.connect(rival, ours);
    await net.follow(await rival.tip);
    expect(await fluxd.call("gettransaction", lost)).toMatchObject({ confirmations: -1 });
    await sameHistory();
    // From here on fluxd's getbalance is wrong: asked what one address holds, it remembers that as all there is.
    expect(await differences(net, [["sendfrom", watchedAddress, address, 1_000_000]])).toEqual([]);
    const since = await ours.call<string>("getblockhash", BEFORE_PON - 100);
    expect(await recorded(ours, since)).toEqual(await recorded(fluxd, since));
    await net.endInPeace();
  },
);

/** All since a block, which can be megabytes. */
const recorded = async (node: MixedNode, since: string): Promise<unknown> =>
  without(await node.call("listsinceblock", since, 1, true), HEARD);

/** Every question about history, in every way it may be asked. */
function historyCalls(address: string, watched: string, tip: string, ids: readonly string[]): Call[] {
  return [
    ...[[], ["*", 2_000], ["*", 2_000, 0, true], ["looked at", 2_000, 0, true], ["*", -1], ["*", 1, -1]].map(
      (params): Call => ["listtransactions", ...params],
    ),
    ...[[tip], [tip, 6, true], [tip, 10_000], [tip, 0]].map((params): Call => ["listsinceblock", ...params]),
    ...[[], [0, true, true], [6], [1, true]].flatMap((params): Call[] => [
      ["listreceivedbyaddress", ...params],
      ["listreceivedbyaccount", ...params],
    ]),
    ...[[], [0], [3, true]].map((params): Call => ["listaccounts", ...params]),
    ...[[], ["*"], ["*", 0, true], ["", 1], ["", 100], ["x"]].map(
      (params): Call => ["getbalance", ...params],
    ),
    ...[address, watched, "nonsense"].flatMap((each): Call[] => [
      ["getreceivedbyaddress", each],
      ["getreceivedbyaddress", each, 0],
      ["getaccount", each],
    ]),
    ...["", "x", "looked at"].flatMap((each): Call[] => [
      ["getreceivedbyaccount", each, 0],
      ["getaddressesbyaccount", each],
    ]),
    ["listaddressgroupings"],
    ["getwalletinfo"],
    ["getunconfirmedbalance"],
    ["getnewaddress", "x"],
    ["getaccountaddress", "x"],
    ["setaccount", "nonsense", ""],
    ["setaccount", address, "x"],
    ["setaccount", "t3c51GjrkUg7pUiS8bzNdTnW2hD25egWUih", ""],
    ["sendfrom", "nonsense", address, 1],
    ["sendfrom", "", "nonsense", 1],
    ["importaddress", address],
    ["gettransaction", "ab".repeat(32)],
    ["gettransaction", "nonsense"],
    ...ids.flatMap((id): Call[] => [
      ["gettransaction", id],
      ["gettransaction", id, true],
    ]),
  ];
}

/** A payment with the first coin of an address, which also gets the change. */
async function signedPayment(node: MixedNode, from: string, to: string, amount: number): Promise<string> {
  const [coin] = await node.call<{ txid: string; vout: number; amount: number }[]>(
    "listunspent",
    1,
    9_999_999,
    [from],
  );
  const { txid, vout } = coin!;
  const change = Number((coin!.amount - amount - 0.0001).toFixed(8));
  const outputs = from === to ? { [to]: change } : { [to]: amount, [from]: change };
  const raw = await node.call<string>("createrawtransaction", [{ txid, vout }], outputs);
  return (await node.call<{ hex: string }>("signrawtransaction", raw)).hex;
}

/** Both have the key that fluxd's last block pays. */
async function shareCoinbase(ours: MixedNode, fluxd: MixedNode): Promise<void> {
  const { tx } = await fluxd.call<{ tx: string[] }>("getblock", await fluxd.tip);
  const { vout } = await fluxd.call<{ vout: { scriptPubKey: { addresses: string[] } }[] }>(
    "getrawtransaction",
    tx[0],
    1,
  );
  const key = await fluxd.call<string>("dumpprivkey", vout[0]!.scriptPubKey.addresses[0]);
  for (const node of [ours, fluxd]) await node.call("importprivkey", key);
}
