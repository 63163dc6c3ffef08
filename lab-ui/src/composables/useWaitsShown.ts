import { type PerTier, perTier } from "@fluxlab/core";
import { heightAtSeconds, type Waits } from "@fluxlab/reports/metrics";
import type { RunRecord } from "@fluxlab/sim";
import { type ComputedRef, computed } from "vue";
import type { Moment } from "../state/moment.ts";
import type { LabRun } from "../state/runs.ts";
import { useAsked } from "./useAsked.ts";

/** The block that the moment shown stands after; undefined: the newest. */
export const usePastHeight = (
  record: () => RunRecord,
  { seconds }: Moment,
): ComputedRef<number | undefined> =>
  computed(() =>
    seconds.value >= record().seconds ? undefined : heightAtSeconds(record().samples, seconds.value),
  );

/** Waits of each tier, and the block up to which they are counted; undefined: all that the run has. */
export interface WaitsShown {
  readonly height: number | undefined;
  readonly tiers: PerTier<Waits>;
}

/** The waits that had ended by the moment shown. Runs that are recorded, and blocks that are forgotten, have those of the whole run. */
export function useWaitsShown(
  run: () => LabRun,
  record: () => RunRecord,
  height: ComputedRef<number | undefined>,
): ComputedRef<WaitsShown> {
  const past = useAsked([() => run().frame, () => run().control, height], () => {
    const [at, control] = [height.value, run().control];
    if (at === undefined || control?.waits === undefined) return undefined;
    return control.waits(at).then((tiers) => tiers && { height: at, tiers });
  });
  return computed(() => {
    if (height.value !== undefined && past.value !== undefined) return past.value;
    return { height: undefined, tiers: perTier((tier) => record().tiers[tier].waits) };
  });
}
