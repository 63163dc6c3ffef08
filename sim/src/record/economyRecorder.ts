import {
  acceptedCollateral,
  blockSubsidy,
  heightPassing,
  type PerTier,
  perTier,
  rewardRun,
  rulesId,
  specialFunding,
  TIERS,
  tierShare,
  UPGRADES,
} from "@fluxlab/core";
import { type Scenario, scenarioHash } from "../scenario/schema.ts";
import type { Economy } from "../world/economy.ts";
import type { EconomyPlan } from "../world/economyPlan.ts";
import { percentile } from "./quantile.ts";
import type {
  AssetRecords,
  ChainEvent,
  NodeTable,
  PayoutSpread,
  RunRecord,
  Samples,
  TierTotals,
} from "./runRecord.ts";

/** Samples in a run, if it is long enough; lines on a chart need no more. */
const SAMPLES = 480;

/** Every how many samples the nodes' payouts are compared: 48 stretches in a run. */
const SAMPLES_PER_STRETCH = 10;

/**
 * Heights after which the run is recorded: the first block, then equal steps, then the last block. Memory depends on their
 * number only, however long the run.
 */
export function sampleHeights(plan: EconomyPlan): number[] {
  const { firstHeight, lastHeight } = plan;
  const steps = Math.min(SAMPLES, lastHeight - firstHeight);
  if (steps === 0) return [firstHeight];
  return Array.from(
    { length: steps + 1 },
    (_, i) => firstHeight + Math.floor(((lastHeight - firstHeight) * i) / steps),
  );
}

/** Fills the columns of a {@link RunRecord} while an economy runs; call {@link sample} after each sample height. */
export class EconomyRecorder {
  readonly #economy: Economy;
  readonly #samples: Samples;
  readonly #spread: PayoutSpread;
  readonly #firstHeight: number;
  #taken = 0;
  #stretches = 0;
  #stretchStart: number;
  #earnedAtStart = new BigUint64Array(0);

  constructor(economy: Economy) {
    this.#economy = economy;
    this.#firstHeight = economy.plan.firstHeight;
    this.#stretchStart = economy.plan.firstHeight;
    const length = sampleHeights(economy.plan).length;
    this.#samples = emptySamples(length);
    this.#spread = emptySpread(Math.ceil(Math.max(length - 1, 1) / SAMPLES_PER_STRETCH));
  }

  /** Of every sample; complete once the economy has played its last block. */
  get sampleSeconds(): Float64Array {
    return this.#samples.seconds;
  }

  /** Lengths of the queues after the last sample up to block `height`; zeros before the first. */
  queuesAt(height: number): PerTier<number> {
    const { height: heights, tiers } = this.#samples;
    let at = this.#taken - 1;
    while (at >= 0 && heights[at]! > height) at--;
    return perTier((tier) => (at < 0 ? 0 : tiers[tier].queue[at]!));
  }

  /** Records the state after the block the economy has just played. */
  sample(): void {
    const { height: next, chain, ledger, payments, paid, plan } = this.#economy;
    const height = next - 1;
    const samples = this.#samples;
    const at = this.#taken++;
    samples.height[at] = height;
    samples.seconds[at] = this.#economy.secondsAt(height);
    samples.supply[at] = chain.supply;
    samples.toProducers[at] = ledger.toProducers;
    samples.toDevFund[at] = ledger.toDevFund;
    samples.toFunds[at] = ledger.toFunds;
    samples.started[at] = chain.nodes.listed("started");
    samples.dos[at] = chain.nodes.listed("dos");
    TIERS.forEach((tier, index) => {
      const columns = samples.tiers[tier];
      columns.queue[at] = chain.nodes.queueLength(index);
      columns.payments[at] = payments[index]!;
      columns.paid[at] = paid[index]!;
      columns.share[at] = tierShare(plan.params, height, tier);
    });
    if (at === 0) this.#beginStretch(height);
    else if (at % SAMPLES_PER_STRETCH === 0 || at === samples.height.length - 1) this.#endStretch(height);
  }

  #beginStretch(height: number): void {
    const { rows } = this.#economy.operators.nodes;
    this.#stretchStart = height;
    this.#earnedAtStart = rows.earned.slice(0, rows.length);
  }

  #endStretch(height: number): void {
    const at = this.#stretches++;
    const { nodes } = this.#economy.operators;
    const { rows } = nodes;
    const start = this.#stretchStart;
    this.#spread.firstHeight[at] = start;
    this.#spread.lastHeight[at] = height;
    this.#spread.seconds[at] = this.#economy.secondsAt(height) - this.#economy.secondsAt(start);
    const payouts = TIERS.map(() => new BigUint64Array(this.#earnedAtStart.length));
    const found = TIERS.map(() => 0);
    for (let row = 0; row < this.#earnedAtStart.length; row++) {
      // Confirmed through the whole stretch: confirmed now, and since before it began.
      const record = nodes.record(row);
      if (record?.status !== "confirmed" || record.confirmedHeight > start) continue;
      const tier = rows.tier[row]!;
      payouts[tier]![found[tier]!++] = rows.earned[row]! - this.#earnedAtStart[row]!;
    }
    TIERS.forEach((tier, index) => {
      this.#noteSpread(at, this.#spread.tiers[tier], payouts[index]!.subarray(0, found[index]!).sort());
    });
    this.#beginStretch(height);
  }

  #noteSpread(at: number, columns: PayoutSpread["tiers"]["cumulus"], ascending: BigUint64Array): void {
    if (ascending.length === 0) return;
    columns.nodes[at] = ascending.length;
    columns.low[at] = percentile(ascending, 5);
    columns.median[at] = percentile(ascending, 50);
    columns.high[at] = percentile(ascending, 95);
    columns.mean[at] = ascending.reduce((sum, payout) => sum + payout, 0n) / BigInt(ascending.length);
  }

  /** The record of what was played so far, up to the latest sample; complete once the economy has played its last block. */
  record(scenario: Scenario, assets: AssetRecords): RunRecord {
    const economy = this.#economy;
    const { chain, plan, ledger, operators } = economy;
    const { params } = plan;
    const lastHeight = economy.height - 1;
    const nodes = this.#nodeTable();
    return {
      format: 1,
      fidelity: "economy",
      scenario,
      scenarioHash: scenarioHash(scenario),
      rulesId: rulesId(params),
      networkName: params.name,
      seed: plan.seed,
      firstHeight: this.#firstHeight,
      lastHeight,
      seconds: economy.secondsAt(lastHeight),
      digest: economy.digest(),
      supply: {
        cap: plan.supplyCap,
        before: chain.supply - ledger.minted,
        after: chain.supply,
        schedulePassesCapAt: heightPassing(params, plan.supplyCap),
      },
      toProducers: ledger.toProducers,
      toDevFund: ledger.toDevFund,
      toFunds: ledger.toFunds,
      tiers: perTier((tier) => this.#totals(TIERS.indexOf(tier), nodes)),
      collateral: perTier((tier) => acceptedCollateral(params, lastHeight, tier).at(-1)!),
      counts: { ...operators.nodes.counts, updates: operators.nodes.updates() },
      events: chainEvents(economy, lastHeight),
      samples: samplesUntil(this.#samples, this.#taken),
      spread: spreadUntil(this.#spread, this.#stretches),
      nodes,
      ...assets,
    };
  }

  #nodeTable(): NodeTable {
    const { nodes } = this.#economy.operators;
    const { rows } = nodes;
    const end = this.#economy.secondsAt(this.#economy.height - 1);
    return {
      tier: rows.tier.slice(0, rows.length),
      joinedHeight: rows.joinedHeight.slice(0, rows.length),
      payments: rows.payments.slice(0, rows.length),
      earned: rows.earned.slice(0, rows.length),
      confirmedSeconds: Float64Array.from({ length: rows.length }, (_, row) => {
        const open = nodes.record(row)?.status === "confirmed" ? end - rows.confirmedAtSeconds[row]! : 0;
        return rows.confirmedSeconds[row]! + open;
      }),
    };
  }

  #totals(tier: number, nodes: NodeTable): TierTotals {
    let confirmedSeconds = 0;
    for (let row = 0; row < nodes.tier.length; row++) {
      if (nodes.tier[row] === tier) confirmedSeconds += nodes.confirmedSeconds[row]!;
    }
    return {
      payments: this.#economy.payments[tier]!,
      paid: this.#economy.paid[tier]!,
      confirmedSeconds,
      waits: this.#economy.waits[tier]!.entries(),
    };
  }
}

/** The next block at which something is known to be due, else the run's last; after that, undefined. */
export function nextEventHeight(economy: Economy): number | undefined {
  const { height, plan } = economy;
  if (height > plan.lastHeight) return undefined;
  return (
    chainEvents(economy, plan.lastHeight).find((event) => event.height >= height)?.height ?? plan.lastHeight
  );
}

/** What was due from the first block to `lastHeight`; the block that passed the cap among it. */
function chainEvents(economy: Economy, lastHeight: number): ChainEvent[] {
  const { params, firstHeight } = economy.plan;
  const events: ChainEvent[] = [];
  for (let first = firstHeight; first <= lastHeight; ) {
    const to = blockSubsidy(params, first);
    const from = first > 0 ? blockSubsidy(params, first - 1) : to;
    if (first > firstHeight && from !== to) events.push({ type: "subsidy", height: first, from, to });
    first = rewardRun(params, first).last + 1;
  }
  const inRun = (height: number) => height >= firstHeight && height <= lastHeight;
  for (const upgrade of UPGRADES) {
    const { height } = params.upgrades[upgrade];
    if (inRun(height) && height > 0) events.push({ type: "upgrade", height, upgrade });
  }
  for (const { height, fund, amount } of specialFunding(params)) {
    if (inRun(height)) events.push({ type: "funding", height, fund, amount });
  }
  for (const tier of TIERS) {
    const height = params.fluxnodes.transitions[tier].end;
    if (inRun(height)) events.push({ type: "transitionEnd", height, tier });
  }
  const { shocks } = economy.plan;
  shocks.forEach(({ height, kind }, shock) => {
    if (inRun(height))
      events.push({ type: "shock", height, shock, kind, hit: economy.operators.hit[shock]! });
  });
  const { capPassed } = economy.ledger;
  if (capPassed !== undefined) events.push({ type: "capPassed", ...capPassed });
  return events.sort((a, b) => a.height - b.height);
}

function emptySamples(length: number): Samples {
  return {
    height: new Float64Array(length),
    seconds: new Float64Array(length),
    supply: new BigUint64Array(length),
    toProducers: new BigUint64Array(length),
    toDevFund: new BigUint64Array(length),
    toFunds: new BigUint64Array(length),
    started: new Uint32Array(length),
    dos: new Uint32Array(length),
    tiers: perTier(() => ({
      queue: new Uint32Array(length),
      payments: new Float64Array(length),
      paid: new BigUint64Array(length),
      share: new BigUint64Array(length),
    })),
  };
}

function emptySpread(length: number): PayoutSpread {
  return {
    firstHeight: new Float64Array(length),
    lastHeight: new Float64Array(length),
    seconds: new Float64Array(length),
    tiers: perTier(() => ({
      nodes: new Uint32Array(length),
      low: new BigUint64Array(length),
      median: new BigUint64Array(length),
      high: new BigUint64Array(length),
      mean: new BigUint64Array(length),
    })),
  };
}

/** The first `length` rows; whole columns are given as they are. */
function samplesUntil(samples: Samples, length: number): Samples {
  if (length === samples.height.length) return samples;
  const { tiers, ...columns } = samples;
  return { ...cut(columns, length), tiers: perTier((tier) => cut(tiers[tier], length)) };
}

function spreadUntil(spread: PayoutSpread, length: number): PayoutSpread {
  if (length === spread.seconds.length) return spread;
  const { tiers, ...columns } = spread;
  return { ...cut(columns, length), tiers: perTier((tier) => cut(tiers[tier], length)) };
}

/** Copies, because what is cut off goes on being filled. */
const cut = <C extends object>(columns: C, length: number): C =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]: [string, Sliceable]) => [name, column.slice(0, length)]),
  ) as C;

interface Sliceable {
  slice(start: number, end: number): unknown;
}
