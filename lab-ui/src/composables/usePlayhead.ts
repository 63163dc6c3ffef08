import { onBeforeUnmount, type ShallowRef, shallowRef, watch } from "vue";
import type { SpreadLabRun } from "../state/spreadRuns.ts";

/** Real seconds by which the picture is behind what was told, so that it can move evenly between frames. */
const BEHIND = 0.25;
/** Milliseconds between changes of {@link Playhead.shown}. */
const SHOWN_EVERY = 100;

/** Where a run stands for those who watch it. */
export interface Playhead {
  /** Simulated seconds right now; moves evenly. */
  now(): number;
  /** The same a few times a second, for what need not move evenly. */
  readonly shown: ShallowRef<number>;
}

export function usePlayhead(run: SpreadLabRun): Playhead {
  let last = 0;
  const now = () => {
    const { seconds, pace, state, toldAt, speed } = run;
    if (state !== "running" || pace === 0 || speed === undefined) {
      last = seconds;
      return seconds;
    }
    const passed = (performance.now() - toldAt) / 1_000;
    const even = Math.min(seconds + (passed - BEHIND) * pace, seconds);
    // Frames do not come evenly; time does not run backwards for that.
    last = even < last && last <= seconds ? last : Math.max(even, 0);
    return last;
  };
  const shown = shallowRef(run.seconds);
  const show = () => {
    shown.value = now();
  };
  watch(() => [run.revision, run.state], show);
  const timer = setInterval(() => {
    if (run.state === "running") show();
  }, SHOWN_EVERY);
  onBeforeUnmount(() => clearInterval(timer));
  return { now, shown };
}
