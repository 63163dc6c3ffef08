import type { Random } from "@fluxlab/core";

/** How many transactions a minute come in, on average. */
export interface TrafficRates {
  readonly paymentsPerMinute: number;
  /** Coins locked for a parallel chain. */
  readonly fusionPerMinute: number;
}

/** Somebody gives a node a transaction. */
export interface TrafficEvent {
  /** Microseconds since the beginning. */
  readonly time: number;
  readonly node: number;
  readonly kind: "payment" | "lock";
}

const MINUTE = 60_000_000;

/** Who sends what when: at random, as users do. Equal seeds give equal lists. `duration`: microseconds. */
export function trafficEvents(
  rates: TrafficRates,
  nodes: number,
  duration: number,
  random: Random,
): TrafficEvent[] {
  const of = (kind: TrafficEvent["kind"], perMinute: number): TrafficEvent[] => {
    const events: TrafficEvent[] = [];
    if (perMinute === 0) return events;
    const chance = random.fork(kind);
    const next = (after: number): number => after + chance.exponential(MINUTE / perMinute);
    for (let time = next(0); time < duration; time = next(time)) {
      events.push({ time, node: chance.below(nodes), kind });
    }
    return events;
  };
  return [...of("payment", rates.paymentsPerMinute), ...of("lock", rates.fusionPerMinute)].sort(
    (a, b) => a.time - b.time,
  );
}
