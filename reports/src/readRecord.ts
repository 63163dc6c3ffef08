import { perTier } from "@fluxlab/core";
import type { ChainEvent, RunRecord } from "@fluxlab/sim";

// A record from the JSON that recordJson wrote: amounts are bigint again, columns typed again.

/** What JSON.parse makes of a record: the same fields, with text for amounts and arrays for columns. */
export type Written<T> = T extends bigint
  ? string
  : T extends BigUint64Array
    ? readonly string[]
    : T extends Float64Array | Uint32Array | Uint8Array
      ? readonly number[]
      : T extends string | number | boolean | undefined
        ? T
        : { readonly [K in keyof T]: Written<T[K]> };

const amounts = (texts: readonly string[]) => BigUint64Array.from(texts, BigInt);
const floats = (numbers: readonly number[]) => Float64Array.from(numbers);
const words = (numbers: readonly number[]) => Uint32Array.from(numbers);

/** @throws Error if the text is no record of this format. */
export function readRecord(text: string): RunRecord {
  const written = JSON.parse(text) as Written<RunRecord>;
  if (written?.format !== 1 || written.fidelity !== "economy")
    throw new Error("not a record that this version of the lab can read");
  const { supply, samples, spread, nodes, tiers, bridge, fusion, ...rest } = written;
  return {
    ...(rest as unknown as Omit<RunRecord, "supply">),
    supply: {
      cap: BigInt(supply.cap),
      before: BigInt(supply.before),
      after: BigInt(supply.after),
      schedulePassesCapAt: supply.schedulePassesCapAt,
    },
    toProducers: BigInt(rest.toProducers),
    toDevFund: BigInt(rest.toDevFund),
    toFunds: BigInt(rest.toFunds),
    tiers: perTier((tier) => ({
      payments: tiers[tier].payments,
      paid: BigInt(tiers[tier].paid),
      confirmedSeconds: tiers[tier].confirmedSeconds,
      waits: tiers[tier].waits as RunRecord["tiers"]["cumulus"]["waits"],
    })),
    collateral: perTier((tier) => BigInt(rest.collateral[tier])),
    events: rest.events.map(readEvent),
    samples: {
      height: floats(samples.height),
      seconds: floats(samples.seconds),
      supply: amounts(samples.supply),
      toProducers: amounts(samples.toProducers),
      toDevFund: amounts(samples.toDevFund),
      toFunds: amounts(samples.toFunds),
      started: words(samples.started),
      dos: words(samples.dos),
      tiers: perTier((tier) => ({
        queue: words(samples.tiers[tier].queue),
        payments: floats(samples.tiers[tier].payments),
        paid: amounts(samples.tiers[tier].paid),
        share: amounts(samples.tiers[tier].share),
      })),
    },
    spread: {
      firstHeight: floats(spread.firstHeight),
      lastHeight: floats(spread.lastHeight),
      seconds: floats(spread.seconds),
      tiers: perTier((tier) => ({
        nodes: words(spread.tiers[tier].nodes),
        low: amounts(spread.tiers[tier].low),
        median: amounts(spread.tiers[tier].median),
        high: amounts(spread.tiers[tier].high),
        mean: amounts(spread.tiers[tier].mean),
      })),
    },
    nodes: {
      tier: Uint8Array.from(nodes.tier),
      joinedHeight: words(nodes.joinedHeight),
      confirmedSeconds: floats(nodes.confirmedSeconds),
      payments: words(nodes.payments),
      earned: amounts(nodes.earned),
    },
    ...(bridge === undefined ? {} : { bridge: readBridge(bridge as Written<Bridge>) }),
    ...(fusion === undefined ? {} : { fusion: readFusion(fusion as Written<Fusion>) }),
  };
}

type Bridge = NonNullable<RunRecord["bridge"]>;

const readBridge = (bridge: Written<Bridge>): Bridge => ({
  ...(bridge as unknown as Bridge),
  lockAmount: BigInt(bridge.lockAmount),
  blockCost: BigInt(bridge.blockCost),
  pairs: bridge.pairs.map((pair) => ({
    ...(pair as unknown as Bridge["pairs"][number]),
    shortfall: BigInt(pair.shortfall),
    attackCost: BigInt(pair.attackCost),
    breakEven: pair.breakEven === undefined ? undefined : BigInt(pair.breakEven),
  })),
});

type Fusion = NonNullable<RunRecord["fusion"]>;

const readFusion = (fusion: Written<Fusion>): Fusion => ({
  ...(fusion as unknown as Fusion),
  chains: fusion.chains.map((chain) => ({
    ...(chain as unknown as Fusion["chains"][number]),
    float: BigInt(chain.float),
    lowest: BigInt(chain.lowest),
    paidAmount: BigInt(chain.paidAmount),
    cancelledAmount: BigInt(chain.cancelledAmount),
    atHand: amounts(chain.atHand),
    waiting: words(chain.waiting),
    waitingAmount: amounts(chain.waitingAmount),
    circulating: amounts(chain.circulating),
    swapLocked: amounts(chain.swapLocked),
    inFlight: amounts(chain.inFlight),
    refills: {
      orderedSeconds: floats(chain.refills.orderedSeconds),
      deliveredSeconds: floats(chain.refills.deliveredSeconds),
      amount: amounts(chain.refills.amount),
    },
  })),
  flows: fusion.flows.map((flow) => ({
    ...(flow as unknown as Fusion["flows"][number]),
    askedAmount: BigInt(flow.askedAmount),
    lockedAmount: amounts(flow.lockedAmount),
    unlockedAmount: amounts(flow.unlockedAmount),
    returnedAmount: amounts(flow.returnedAmount),
  })),
  mostCirculating: BigInt(fusion.mostCirculating),
  circulationCap: BigInt(fusion.circulationCap),
});

const EVENT_AMOUNTS = new Set(["from", "to", "amount", "before", "after"]);

const readEvent = (event: Written<ChainEvent>): ChainEvent =>
  Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key,
      EVENT_AMOUNTS.has(key) ? BigInt(value as string) : value,
    ]),
  ) as unknown as ChainEvent;
