import { type Block, blockBytes, displayHash, toDisplayHex, toWireHex, wireHex } from "@fluxlab/core";
import { bestTip, chainTo } from "@fluxlab/sim";
import { parseObservation } from "@fluxlab/testnet/fleet";
import { describe, expect, test } from "vitest";
import { LiveWatch } from "../../../testnet/src/fleet/liveWatch.ts";
import { played, smallWorld } from "../../sim/witness/labRuns.ts";

// The checkers over what nodes write, here of a chain that the simulator made: honest, and tampered with.

const world = smallWorld({ run: "1 min" });
const account = played(world);
const chain = chainTo(bestTip(account, account.params)!).slice(world.base.length);
const START = 1_700_000_000_000;

/** A node's lines about a chain, a block a second. */
function linesOf(blocks: readonly Block[], hashes: readonly string[]): string[] {
  return blocks.flatMap((block, i) => {
    const fields = { time: START + 1_000 * i, hash: toDisplayHex(wireHex(hashes[i]!)) };
    const load = { clock: 0, adjustedTime: 0, poolBytes: 0, blocksInFlight: 0, peers: 1 };
    const tip = { height: world.base.length + i, disconnected: 0, connected: 1 };
    return [
      JSON.stringify({ ...fields, kind: "block", hex: toWireHex(blockBytes(block)) }),
      JSON.stringify({ ...fields, kind: "tip", ...tip, ...load }),
    ];
  });
}

function watched(
  blocks: readonly Block[],
  nodeAt: (ip: string) => number | undefined = () => undefined,
): LiveWatch {
  const watch = new LiveWatch(world, { isRunning: () => true, nodeAt }, 0);
  watch.begin(START);
  for (const node of [0, 1]) {
    for (const line of linesOf(
      blocks,
      chain.map(({ hash }) => hash),
    ))
      watch.take(parseObservation(line, node)!);
  }
  return watch;
}

describe("what nodes write", () => {
  test("of an honest chain nothing is found, and when blocks came is known", () => {
    const watch = watched(chain.map(({ block }) => block));
    expect(watch.findings).toEqual([]);
    const { witness, duration } = watch.account(START + 60_000);
    expect(duration).toBe(60_000_000);
    expect(bestTip(watch.account(START), world.plan.params)!.hash).toBe(chain.at(-1)!.hash);
    expect([...witness.blocks.get(chain[3]!.hash)!.arrivals.slice(0, 3)]).toEqual([
      3_000_000,
      3_000_000,
      Number.NaN,
    ]);
  });

  test("of a chain whose blocks pay somebody else the checkers find it", () => {
    const last = chain.at(-1)!.block;
    const [coinbase, ...others] = last.transactions;
    if (coinbase?.kind !== "ordinary") throw new Error("blocks begin with a coinbase");
    const outputs = coinbase.outputs.with(1, { ...coinbase.outputs[1]!, scriptPubKey: Uint8Array.of(0x51) });
    const robbed = { ...last, transactions: [{ ...coinbase, outputs }, ...others] };
    const { findings } = watched([...chain.slice(0, -1).map(({ block }) => block), robbed]);
    expect(findings.map(({ checker }) => checker)).toContain("payouts");
    expect(findings.map(({ checker }) => checker)).toContain("valid blocks");
  });

  test("a node that bans another of the same rules is found by the address", () => {
    const watch = watched(
      chain.map(({ block }) => block),
      (ip) => (ip === "127.77.0.2" ? 1 : undefined),
    );
    const say = (fields: object) =>
      watch.take(parseObservation(JSON.stringify({ time: START + 90_000, ...fields }), 0)!);
    say({ kind: "peer", peer: 7, state: "ready", address: "127.77.0.2:4711" });
    say({ kind: "banned", peer: 7, reason: "no reason" });
    expect(watch.findings).toMatchObject([
      { checker: "no honest peer banned", node: 0, message: "node 1 was banned: no reason" },
    ]);
  });

  test("digests of states are kept by block, with the nodes that said them", () => {
    const watch = watched([]);
    const hash = toDisplayHex(displayHash("ab".repeat(32)));
    const tip = { kind: "tip", hash: toDisplayHex(wireHex(chain[0]!.hash)), height: 121, connected: 1 };
    const block = { kind: "block", hash: tip.hash, hex: toWireHex(blockBytes(chain[0]!.block)) };
    for (const [node, state] of [
      [0, "a"],
      [1, "a"],
      [2, "b"],
    ] as const) {
      for (const fields of [block, { ...tip, state, disconnected: 0 }])
        watch.take(parseObservation(JSON.stringify({ time: START, ...fields }), node)!);
    }
    expect([...watch.statesAfter(tip.hash)]).toEqual([
      ["a", [0, 1]],
      ["b", [2]],
    ]);
    expect(watch.statesAfter(hash).size).toBe(0);
  });
});
