import {
  type ComputedRef,
  computed,
  type InjectionKey,
  inject,
  provide,
  type ShallowRef,
  shallowRef,
} from "vue";

/** The moment that everything on a page shows, seconds since the first block; and the stretch of time its charts span. */
export interface Moment {
  /** Where the reader points, else what is pinned, else the newest there is. */
  readonly seconds: ComputedRef<number>;
  readonly hover: ShallowRef<number | undefined>;
  readonly pinned: ShallowRef<number | undefined>;
  readonly domain: ComputedRef<readonly [number, number]>;
  readonly startDate: ComputedRef<string | undefined>;
  /** Stretches that something was wrong in; drawn behind every chart. */
  readonly stretches: ComputedRef<readonly Stretch[]>;
  /** Whether charts that can are logarithmic. */
  readonly logarithmic: ShallowRef<boolean>;
}

/** A stretch of time, seconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

const KEY: InjectionKey<Moment> = Symbol("moment");

/** Gives a page its moment. `newest` is where the run stands, `domain` how long it is. */
export function provideMoment(
  newest: () => number,
  domain: () => readonly [number, number],
  startDate: () => string | undefined,
  stretches: () => readonly Stretch[] = () => [],
): Moment {
  const hover = shallowRef<number>();
  const pinned = shallowRef<number>();
  const moment: Moment = {
    hover,
    pinned,
    seconds: computed(() => Math.min(hover.value ?? pinned.value ?? newest(), newest())),
    domain: computed(domain),
    startDate: computed(startDate),
    stretches: computed(stretches),
    logarithmic: shallowRef(false),
  };
  provide(KEY, moment);
  return moment;
}

/** The page's moment. */
export function useMoment(): Moment {
  const moment = inject(KEY);
  if (moment === undefined) throw new Error("only pages that provide a moment have charts over time");
  return moment;
}
