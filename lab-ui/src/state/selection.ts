import {
  type ComputedRef,
  computed,
  type InjectionKey,
  inject,
  provide,
  type ShallowRef,
  shallowRef,
} from "vue";

/** Nodes that a page's reader has chosen; all views share them. */
export interface Selection {
  readonly nodes: ShallowRef<readonly number[]>;
  /** If there is one alone. */
  readonly node: ComputedRef<number | undefined>;
  choose(...nodes: number[]): void;
}

const KEY: InjectionKey<Selection> = Symbol("selection");

export function provideSelection(first: readonly number[]): Selection {
  const nodes = shallowRef(first);
  const selection: Selection = {
    nodes,
    node: computed(() => (nodes.value.length === 1 ? nodes.value[0] : undefined)),
    choose: (...chosen) => {
      nodes.value = chosen;
    },
  };
  provide(KEY, selection);
  return selection;
}

export function useSelection(): Selection {
  const selection = inject(KEY);
  if (selection === undefined) throw new Error("only pages of networks have nodes to choose");
  return selection;
}
