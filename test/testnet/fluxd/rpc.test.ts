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
import { expect } from "vitest";
import { BEFORE_PON, LabNet, labKeys } from "../../support/mixedLabNet.ts";
import { fluxdTest, MixedNet, type MixedNode } from "../../support/mixedNet.ts";
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
