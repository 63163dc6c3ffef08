import type { FullNode, Random } from "@fluxlab/core";
import { LabOperator } from "./labOperator.ts";
import { firstFluxnodes, type NetworkPlan } from "./networkPlan.ts";

/** The operators of a plan's FluxNodes, by the node that runs them. */
export function operatorsOf(plan: NetworkPlan, root: Random): Map<number, LabOperator[]> {
  const operators = new Map<number, LabOperator[]>();
  firstFluxnodes(plan).forEach((fluxnode, i) => {
    const operator = new LabOperator(fluxnode, root.fork(`operator ${i}`));
    if (plan.start?.idle.has(i) === true) operator.worth = -1;
    const host = plan.operators[i]!;
    operators.set(host, [...(operators.get(host) ?? []), operator]);
  });
  return operators;
}

/** Operators look at what their node's new tip asks of them. `localTime`: its clock, microseconds. */
export function tend(operators: readonly LabOperator[], node: FullNode, localTime: number): void {
  for (const operator of operators) operator.tend(node, Math.floor(localTime / 1_000_000));
}
