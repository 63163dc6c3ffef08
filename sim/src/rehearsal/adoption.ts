import type { Params } from "@fluxlab/core";
import type { WitnessedBlock } from "../checkers/checker.ts";
import { firstSight, type NetworkAccount } from "../witness/account.ts";

const SECOND = 1_000_000;

/** Rows that are kept of a long roll-out; a chart needs no more. */
const MOST_ROWS = 400;

/** How the new rules spread while chains grew: plain columns of equal length, a row for each block of the chain of the new rules. */
export interface Adoption {
  /** Since the run began, when somebody first had the block. */
  readonly seconds: readonly number[];
  readonly height: readonly number[];
  /** Nodes that kept to the new rules by then, as they said with their tips. */
  readonly upgraded: readonly number[];
  /** The highest block by then of chains that are given up or that old rules follow; null: none yet. */
  readonly otherHeight: readonly (number | null)[];
}

/** `best`: tip of the chain of the new rules; `others`: tips of the chains beside it. */
export function adoptionOf(
  { witness, params }: NetworkAccount,
  best: WitnessedBlock,
  others: readonly WitnessedBlock[],
): Adoption {
  const seen = (block: WitnessedBlock) => {
    const sightings = witness.blocks.get(block.hash);
    return sightings === undefined ? [] : [{ time: firstSight(sightings), height: block.height }];
  };
  const main = chainOf(best);
  const own = new Set(main.map(({ hash }) => hash));
  const apart = new Map(
    others.flatMap((tip) => chainOf(tip, own)).map((block) => [block.hash, block] as const),
  );
  const blocks = thinned(main.flatMap(seen).sort((a, b) => a.time - b.time));
  const beside = [...apart.values()].flatMap(seen).sort((a, b) => a.time - b.time);
  const rules = new Map<number, Params>();
  let [change, other] = [0, 0];
  let otherHeight: number | null = null;
  const rows = blocks.map(({ time, height }) => {
    for (; (witness.ruleChanges[change]?.time ?? Number.POSITIVE_INFINITY) <= time; change++) {
      const { node, params: kept } = witness.ruleChanges[change]!;
      rules.set(node, kept);
    }
    for (; (beside[other]?.time ?? Number.POSITIVE_INFINITY) <= time; other++)
      otherHeight = Math.max(otherHeight ?? 0, beside[other]!.height);
    const upgraded = [...rules.values()].filter((kept) => kept === params).length;
    return { seconds: time / SECOND, height, upgraded, otherHeight };
  });
  return {
    seconds: rows.map(({ seconds }) => seconds),
    height: rows.map(({ height }) => height),
    upgraded: rows.map(({ upgraded }) => upgraded),
    otherHeight: rows.map((row) => row.otherHeight),
  };
}

/** The blocks of a chain down to the first, or to one that is in `until`; the tip first. */
function chainOf(tip: WitnessedBlock, until: ReadonlySet<string> = new Set()): WitnessedBlock[] {
  const chain: WitnessedBlock[] = [];
  for (let at: WitnessedBlock | undefined = tip; at !== undefined && !until.has(at.hash); at = at.parent)
    chain.push(at);
  return chain;
}

/** Evenly spread, the last among them. */
const thinned = <T>(rows: readonly T[]): readonly T[] => {
  const step = Math.ceil(rows.length / MOST_ROWS);
  return step <= 1 ? rows : rows.filter((_, i) => i % step === (rows.length - 1) % step);
};
