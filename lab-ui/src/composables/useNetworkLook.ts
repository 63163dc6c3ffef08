import { onBeforeUnmount, type ShallowRef, shallowRef, type WatchSource, watch } from "vue";
import { LAYOUTS, type LayoutKind } from "../network/layouts.ts";
import { COLORINGS, type Coloring } from "../network/nodeColors.ts";
import type { Moment } from "../state/moment.ts";
import { provideSelection, type Selection } from "../state/selection.ts";
import type { SpreadLabRun } from "../state/spreadRuns.ts";
import { useQuery, wholeNumber } from "./useQuery.ts";

/** Chosen nodes that an address names. */
const MOST_NAMED = 50;
/** Milliseconds after the last change. */
const REMEMBER_AFTER = 250;

/** How a network is looked at: what every view of it shares, and the page's address keeps. */
export interface NetworkLook {
  readonly selection: Selection;
  readonly layout: ShallowRef<LayoutKind>;
  readonly coloring: ShallowRef<Coloring>;
  /** Shows a moment of what was played. */
  seek(seconds: number): void;
  /** Puts all of it into the address, now. */
  remember(): void;
}

/**
 * @param usual the layout that an address leaves out
 * @param more what else the address keeps; `changes` are told when that changes
 */
export function useNetworkLook(
  run: SpreadLabRun,
  moment: Moment,
  usual: LayoutKind,
  changes: readonly WatchSource[],
  more: () => Readonly<Record<string, string | undefined>>,
): NetworkLook {
  const { read, write } = useQuery();
  const named = (read("node") ?? "").split(",").map(wholeNumber);
  const selection = provideSelection(named.filter((node) => node !== undefined));
  const layout = shallowRef<LayoutKind>(LAYOUTS.find((each) => each === read("layout")) ?? usual);
  const coloring = shallowRef<Coloring>(COLORINGS.find((each) => each === read("color")) ?? "tip");
  seekOnce(run, moment, Number(read("t") ?? Number.NaN));

  let timer: ReturnType<typeof setTimeout> | undefined;
  function remember(): void {
    clearTimeout(timer);
    const pinned = moment.pinned.value;
    const chosen = selection.nodes.value;
    write({
      t: pinned === undefined ? undefined : `${Math.round(pinned * 1e6) / 1e6}`,
      node: chosen.length === 0 || chosen.length > MOST_NAMED ? undefined : chosen.join(","),
      layout: layout.value === usual ? undefined : layout.value,
      color: coloring.value === "tip" ? undefined : coloring.value,
      ...more(),
    });
  }
  watch([layout, coloring, selection.nodes, moment.pinned, ...changes], () => {
    clearTimeout(timer);
    timer = setTimeout(remember, REMEMBER_AFTER);
  });
  onBeforeUnmount(() => clearTimeout(timer));
  const seek = (seconds: number) => {
    moment.hover.value = undefined;
    moment.pinned.value = Math.min(Math.max(seconds, moment.domain.value[0]), run.seconds);
  };
  return { selection, layout, coloring, seek, remember };
}

/** Shows the moment that an address names as soon as it was played. */
function seekOnce(run: SpreadLabRun, moment: Moment, asked: number): void {
  if (!(asked >= 0)) return;
  const stop = watch(
    () => run.seconds,
    (played) => {
      if (played < asked && run.state !== "done") return; // not played yet
      moment.pinned.value = asked;
      queueMicrotask(() => stop());
    },
    { immediate: true },
  );
}
