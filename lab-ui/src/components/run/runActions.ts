import type { Tier } from "@fluxlab/core";
import type { LabRun } from "../../state/runs.ts";

/** What buttons and keys do to a run. */
export interface RunActions {
  playOrPause(): void;
  stepEvent(): void;
  stepBlock(): void;
  stepRound(): void;
}

/** `again` plays a run once more that is over. */
export function runActions(run: LabRun, tier: () => Tier, again: () => void): RunActions {
  const isPlaying = () => run.frame !== undefined && run.frame.state !== "done";
  return {
    playOrPause: () => {
      if (run.control === undefined || run.frame === undefined) return;
      if (run.frame.state === "done") again();
      else if (run.frame.state === "paused") void run.control.resume();
      else void run.control.pause();
    },
    stepEvent: () => {
      if (isPlaying()) void run.control?.stepEvent();
    },
    stepBlock: () => {
      if (isPlaying()) void run.control?.step(1);
    },
    /** As many blocks as the tier has nodes in its queue: each is paid once. */
    stepRound: () => {
      if (!isPlaying()) return;
      const queue = run.frame!.record.samples.tiers[tier()].queue.at(-1) ?? 0;
      void run.control?.step(Math.max(queue, 1));
    },
  };
}
