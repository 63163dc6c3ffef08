import type { RunRecord } from "@fluxlab/sim";
import { grouped, readableFlux, trimmedFlux } from "../format.ts";
import { heightInWords } from "./context.ts";

/** One sentence: whether issuance passes the cap, and at which height, in the run or outside it. Never silent. */
export function capStatement(record: RunRecord): string {
  const { cap, before, after, schedulePassesCapAt } = record.supply;
  const name = `the cap of ${trimmedFlux(cap)} FLUX`;
  if (before > cap) {
    return `The run begins ${readableFlux(before - cap)} FLUX above ${name}: the schedule passed it at height ${grouped(schedulePassesCapAt ?? 0)}.`;
  }
  const passed = record.events.find((event) => event.type === "capPassed");
  if (passed !== undefined) {
    return `Issuance passes ${name} at ${heightInWords(record, passed.height)} and ends ${readableFlux(after - cap)} FLUX above it.`;
  }
  const room = `The run ends ${readableFlux(cap - after)} FLUX below ${name}`;
  return schedulePassesCapAt === undefined
    ? `${room}, and the network's schedule never passes it.`
    : `${room}; the network's schedule passes it at height ${grouped(schedulePassesCapAt)}, after the run.`;
}
