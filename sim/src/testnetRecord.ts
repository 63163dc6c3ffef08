import { rulesId, sha256d, toWireHex, Writer, wireHex } from "@fluxlab/core";
import type { LabWorld } from "./labWorld.ts";
import type { MinedBlocks, SpreadRecord } from "./record/spreadRecord.ts";
import { ARRIVAL_PERCENTS } from "./relay/relayBlocks.ts";
import { scenarioHash } from "./scenario/schema.ts";
import { bestTip, firstSight, type NetworkAccount, secondsUntil } from "./witness/account.ts";
import { chainTo } from "./witness/chainLedger.ts";
import type { Sightings } from "./witness/networkWitness.ts";

const SECOND = 1_000_000;

/**
 * The record of a laboratory network that was watched, as a run of the simulator leaves one, so that the same reports show both. Real
 * messages are not counted, and chance on real machines has no seed: the digest names what happened, and no run repeats it.
 */
export function testnetRecord(account: NetworkAccount, { scenario }: LabWorld): SpreadRecord {
  const { nodes, params, duration, findings, witness } = account;
  const sightings = [...witness.blocks.values()].sort((a, b) => firstSight(a) - firstSight(b));
  const depths = new Map<number, number>();
  for (const { left } of witness.reorganisations) depths.set(left, (depths.get(left) ?? 0) + 1);
  return {
    ...{ format: 1, fidelity: "network", scenario, scenarioHash: scenarioHash(scenario) },
    ...{ rulesId: rulesId(params), seed: `${scenario.seed}`, digest: digestOf(sightings), nodes },
    ...{ seconds: duration / SECOND, events: sightings.reduce((sum, seen) => sum + reached(seen), 0) },
    ...{
      blocks: blocksOf(sightings, account),
      messages: [],
      findings,
      agreement: undefined,
      upgrade: undefined,
    },
    reorganisations: [...depths].sort(([a], [b]) => a - b),
  };
}

const reached = ({ arrivals }: Sightings): number =>
  arrivals.reduce((count, time) => count + (Number.isNaN(time) ? 0 : 1), 0);

function digestOf(sightings: readonly Sightings[]): string {
  const writer = new Writer();
  for (const { block, arrivals } of sightings) {
    writer.bytes(wireHex(block.hash));
    for (const time of arrivals) writer.i64(Number.isNaN(time) ? -1n : BigInt(Math.round(time)));
  }
  return toWireHex(sha256d(writer.view()));
}

function blocksOf(sightings: readonly Sightings[], account: NetworkAccount): MinedBlocks {
  const best = bestTip(account, account.params);
  const main = new Set((best === undefined ? [] : chainTo(best)).map(({ hash }) => hash));
  const column = (of: (seen: Sightings) => number) => Float64Array.from(sightings, of);
  const [p50, p90, p99, all] = ARRIVAL_PERCENTS.map((percent) =>
    column((seen) => secondsUntil(seen, Math.max(1, Math.ceil((account.nodes * percent) / 100)))),
  );
  return {
    height: Uint32Array.from(sightings, ({ block }) => block.height),
    miner: Uint32Array.from(sightings, (seen) => seen.arrivals.indexOf(firstSight(seen))),
    minedSeconds: column((seen) => firstSight(seen) / SECOND),
    onMainChain: Uint8Array.from(sightings, ({ block }) => (main.has(block.hash) ? 1 : 0)),
    ...{ p50: p50!, p90: p90!, p99: p99!, all: all! },
  };
}
