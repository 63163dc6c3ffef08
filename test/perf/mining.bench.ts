import {
  type ConnectOptions,
  connectBlock,
  createTemplate,
  NULL_OUTPOINT,
  payToKeyHash,
  Random,
  type TemplateOutcome,
} from "@fluxlab/core";
import { poolOfBlock } from "../support/blockPool.ts";
import { line } from "../support/figures.ts";
import { historyOf } from "../support/headers.ts";
import { FULL_BLOCK, fullBlocks, JUDGED, leastMs, REPLAYED } from "./chain.bench.ts";

/** A template from a full pool, beside connecting the block that it becomes. */
export function benchMining(): void {
  const { chain, blocks } = fullBlocks(1);
  const block = blocks[0]!;
  const { state, params } = chain;
  const pool = poolOfBlock(block, state, params);
  const time = params.genesis.time;
  const headers = historyOf(
    Array.from({ length: state.height + 1 }, (_, height) => ({ time: time + height, bits: 0x200f0f0f })),
  );
  const template = (options: ConnectOptions): TemplateOutcome =>
    createTemplate(
      {
        ...{ parent: { state, headers }, pool, payTo: payToKeyHash(new Uint8Array(20)) },
        ...{ time: time + 1_000, producer: NULL_OUTPOINT, random: Random.root("bench") },
      },
      params,
      options,
    );
  for (const [name, options] of [
    ["on", JUDGED],
    ["off", REPLAYED],
  ] as const) {
    const made = template(options);
    if (made.outcome !== "made" || made.template.entries.length !== FULL_BLOCK) {
      throw new Error("the bench's pool fits into a block");
    }
    const making = leastMs(() => template(options));
    const connecting = leastMs(() => {
      const { verdict } = connectBlock(state, made.template.block, params, options);
      if (verdict !== "connected") throw new Error("a template becomes a valid block");
    });
    line(`template of ${FULL_BLOCK} payments, signatures ${name}`, making, "ms", 1);
    line("baseline: connecting that block", connecting, "ms", 1);
  }
}
