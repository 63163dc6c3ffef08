import { TIERS } from "@fluxlab/core";
import type { StoredRehearsal } from "@fluxlab/lab-ui/api";
import type { GoCheck, Judgement } from "@fluxlab/sim";

// A rehearsal's report as the list that people go through before an upgrade.

/** One question and its answer. */
export interface CheckedItem<Id extends string> {
  readonly id: Id;
  /** Undefined: nobody asked. */
  readonly passed: boolean | undefined;
  /** What answered with no. */
  readonly reasons: readonly { readonly what: string; readonly nodes: readonly number[] }[];
}

/** In the order of the simulator's GO_CHECKS. */
const CHECKS = [
  "chain",
  "activation",
  "growth",
  "rules",
  "up",
  "together",
  "checkers",
] as const satisfies readonly GoCheck[];

/** What decides. Reasons that older records do not file under a question come last, as "other". */
export function goChecks({ reasons }: Judgement): CheckedItem<GoCheck | "other">[] {
  const items = CHECKS.map((id) => {
    const own = reasons.filter(({ check }) => check === id);
    return { id, passed: own.length === 0, reasons: own };
  });
  const others = reasons.filter(({ check }) => !CHECKS.includes(check));
  return others.length === 0 ? items : [...items, { id: "other", passed: false, reasons: others }];
}

export type Aside = "broken" | "states" | "restart" | "rollback" | "missed";

/** What one wants to know besides. */
export function asides({ broken, states, restart, rollback, missed }: StoredRehearsal): CheckedItem<Aside>[] {
  const asked = states.filter(({ differ }) => differ !== undefined);
  const differing = asked.flatMap(({ differ = [] }) => differ);
  const losers = missed && TIERS.filter((tier) => missed[tier].missed > 0);
  const why = (what: string, nodes: readonly number[] = []) => [{ what, nodes }];
  return [
    {
      ...{ id: "broken", passed: broken === undefined },
      reasons: broken === undefined ? [] : why(`${broken.rule} at height ${broken.height}`),
    },
    {
      ...{ id: "states", passed: asked.length === 0 ? undefined : differing.length === 0 },
      reasons: differing.length === 0 ? [] : why("", differing),
    },
    {
      ...{ id: "restart", passed: restart?.onChain },
      reasons: restart === undefined || restart.onChain ? [] : why("", [restart.node]),
    },
    {
      ...{ id: "rollback", passed: rollback?.rejoined },
      reasons: rollback === undefined || rollback.rejoined ? [] : why("", [rollback.node]),
    },
    { id: "missed", passed: losers && losers.length === 0, reasons: [] },
  ];
}
