import {
  BaseState,
  blockHash,
  connectBlock,
  LayeredState,
  stateHash,
  TIERS,
  toDisplayHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { stateRow } from "../../../core/host/check/chain/fluxnodeLists.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { labnet } from "../../support/networks.ts";
import { moveTo, parseBlock, replayedDeltas } from "../../support/replay.ts";
import { listVectors, readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

interface Reorganisation {
  readonly name: string;
  readonly forkHeight: number;
  readonly blocks?: Readonly<
    Record<string, { readonly height: number; readonly hash: string; readonly hex: string }>
  >;
  readonly finalTip?: string;
  readonly finalState?: { readonly confirmed: readonly (readonly (string | number)[])[] };
}

/** Every recorded reorganisation, those with several cases in one file taken apart. */
const reorganisations = (): Reorganisation[] =>
  listVectors("labnet")
    .filter((file) => /^reorg-.*\.json$/.test(file))
    .flatMap((file) => {
      const recorded = readJson<Reorganisation & { cases?: Reorganisation[] }>(`labnet/${file}`);
      return recorded.cases ?? [recorded];
    })
    .filter(({ blocks }) => blocks !== undefined);

/** Blocks of the special cases that are wrong on their parent's state; the reasons are in the files. */
const isRefused = (name: string, block: string): boolean =>
  (name.startsWith("unconnectable") && block === "u1") ||
  (name.startsWith("pon-signature-replaced") && block === "x1") ||
  (name.startsWith("dos-undo") && block === "z1");

vectorTest("all branches of the recorded reorganisations stand side by side on one base", () => {
  const params = labnet();
  const deltas = replayedDeltas("labnet/chain-a.jsonl", params, { ecdsa: fastEcdsa, trust: "signatures" });
  const base = new BaseState();
  const seen = { connected: 0, refused: 0, statesCompared: 0, digestsCompared: 0 };
  for (const { name, forkHeight, blocks = {}, finalTip, finalState } of reorganisations()) {
    moveTo(base, deltas, forkHeight);
    const views = new Map([[toDisplayHex(base.blockHash), new LayeredState(base, [])]]);
    // Both branches take turns, so that nothing could be left over from one in the other unnoticed.
    const byHeight = Object.entries(blocks).sort(([, a], [, b]) => a.height - b.height);
    for (const [label, { hash, hex }] of byHeight) {
      const block = parseBlock(Buffer.from(hex, "hex"));
      const parent = views.get(toDisplayHex(block.header.previousHash));
      if (parent === undefined) throw new Error(`${name}, ${label}: no parent`);
      expect(toDisplayHex(blockHash(block.header))).toBe(hash);
      const verdict = connectBlock(parent, block, params, { ecdsa: fastEcdsa, trust: "nothing" });
      expect(verdict.verdict, `${name}, ${label}`).toBe(isRefused(name, label) ? "invalid" : "connected");
      if (verdict.verdict === "connected") views.set(hash, parent.with(verdict.delta));
      if (verdict.verdict === "connected") seen.connected++;
      else seen.refused++;
    }
    const tip = views.get(finalTip ?? "");
    if (tip === undefined) continue;
    if (finalState !== undefined) {
      const confirmed = TIERS.flatMap((tier) => tip.queue(tier)).map(stateRow);
      expect(confirmed, name).toEqual(finalState.confirmed);
      seen.statesCompared++;
    }
    const digest = stateHash(tip);
    if (toDisplayHex(deltas[tip.height]!.blockHash) !== finalTip) continue;
    expect(digest, `${name}: by another way`).toBe(stateHash(moveTo(base, deltas, tip.height)));
    seen.digestsCompared++;
  }
  expect(seen).toEqual({ connected: 576, refused: 8, statesCompared: 19, digestsCompared: 32 });
});
