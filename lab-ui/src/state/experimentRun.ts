import type { RunRecord } from "@fluxlab/sim";
import { computed, onScopeDispose, shallowRef, triggerRef } from "vue";
import type { RunRequest } from "../backend/backend.ts";
import { playAll } from "../backend/pool.ts";

/** Many runs on all cores, as far as they have come. `keep` says what stays of each. */
export function useExperimentRun<T>(keep: (record: RunRecord) => T) {
  const results = shallowRef<(T | undefined)[]>([]);
  const done = shallowRef(0);
  const total = shallowRef(0);
  const state = shallowRef<"idle" | "running" | "done" | "cancelled" | "failed">("idle");
  const failure = shallowRef("");
  const seconds = shallowRef(0);
  let controller = new AbortController();

  async function start(jobs: readonly RunRequest[]): Promise<void> {
    controller.abort();
    const mine = new AbortController();
    controller = mine;
    results.value = new Array<T | undefined>(jobs.length).fill(undefined);
    done.value = 0;
    total.value = jobs.length;
    state.value = "running";
    const begin = performance.now();
    try {
      await playAll(
        jobs,
        (record, at) => {
          if (controller !== mine) return;
          results.value[at] = keep(record);
          done.value++;
          seconds.value = (performance.now() - begin) / 1_000;
          triggerRef(results);
        },
        mine.signal,
      );
      if (controller === mine) state.value = mine.signal.aborted ? "cancelled" : "done";
    } catch (error) {
      if (controller !== mine) return;
      state.value = "failed";
      failure.value = error instanceof Error ? error.message : String(error);
    }
  }

  onScopeDispose(() => controller.abort());
  return {
    results,
    done,
    total,
    state,
    failure,
    seconds,
    /** Seconds to go, by what the runs so far took; undefined before the first. */
    secondsLeft: computed(() =>
      done.value === 0 ? undefined : (seconds.value / done.value) * (total.value - done.value),
    ),
    start,
    cancel: () => controller.abort(),
  };
}
