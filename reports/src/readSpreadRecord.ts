import { perTier } from "@fluxlab/core";
import type { AnyRecord, SpreadRecord } from "@fluxlab/sim";
import { readRecord, type Written } from "./readRecord.ts";

// A record of a run in which messages travelled from the JSON that recordJson wrote.

/** JSON has no NaN and writes null. */
const floats = (numbers: readonly (number | null)[]) =>
  Float64Array.from(numbers, (value) => value ?? Number.NaN);
const words = (numbers: readonly number[]) => Uint32Array.from(numbers);

/** @throws Error if the text is no record of this format. */
export function readAnyRecord(text: string): AnyRecord {
  const written = JSON.parse(text) as Partial<Written<SpreadRecord>>;
  if (written?.fidelity !== "network" && written?.fidelity !== "relay") return readRecord(text);
  if (written.format !== 1) throw new Error("not a record that this version of the lab can read");
  return spreadRecord(written as Written<SpreadRecord>);
}

function spreadRecord(written: Written<SpreadRecord>): SpreadRecord {
  const { blocks, agreement, upgrade, economy, ...rest } = written;
  return {
    ...(rest as unknown as SpreadRecord),
    blocks: {
      height: words(blocks.height),
      miner: words(blocks.miner),
      minedSeconds: floats(blocks.minedSeconds),
      onMainChain: Uint8Array.from(blocks.onMainChain),
      ...{ p50: floats(blocks.p50), p90: floats(blocks.p90) },
      ...{ p99: floats(blocks.p99), all: floats(blocks.all) },
    },
    agreement: agreement && readAgreement(agreement as Written<Agreement>),
    upgrade: upgrade && readUpgrade(upgrade as Written<Upgrade>),
    ...(economy === undefined ? {} : { economy: readEconomy(economy as Written<Economy>) }),
  };
}

type Agreement = NonNullable<SpreadRecord["agreement"]>;

const readAgreement = (agreement: Written<Agreement>): Agreement => ({
  seconds: floats(agreement.seconds),
  up: words(agreement.up),
  apart: words(agreement.apart),
  depth: words(agreement.depth),
  height: words(agreement.height),
  queues: perTier((tier) => words(agreement.queues[tier])),
});

type Upgrade = NonNullable<SpreadRecord["upgrade"]>;

const readUpgrade = (upgrade: Written<Upgrade>): Upgrade => ({
  ...(upgrade as unknown as Upgrade),
  upgraded: readChain(upgrade.upgraded as Written<Upgrade["upgraded"]>),
  old: upgrade.old && readChain(upgrade.old as Written<Upgrade["upgraded"]>),
});

const readChain = (chain: Written<Upgrade["upgraded"]>): Upgrade["upgraded"] => ({
  ...(chain as unknown as Upgrade["upgraded"]),
  payments: perTier((tier) => ({
    count: chain.payments[tier].count,
    amount: BigInt(chain.payments[tier].amount),
  })),
});

type Economy = NonNullable<SpreadRecord["economy"]>;

const readEconomy = ({ before, after }: Written<Economy>): Economy => ({
  before: readPart(before as Written<Economy["before"]>),
  ...(after === undefined ? {} : { after: readPart(after as Written<Economy["before"]>) }),
});

const readPart = (part: Written<Economy["before"]>): Economy["before"] => ({
  ...(part as unknown as Economy["before"]),
  supply: { before: BigInt(part.supply.before), after: BigInt(part.supply.after) },
  paid: perTier((tier) => BigInt(part.paid[tier])),
});
