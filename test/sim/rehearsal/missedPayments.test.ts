import { type PerTier, perTier } from "@fluxlab/core";
import type { ChainLedger, LedgerRow } from "@fluxlab/sim";
import { describe, expect, test } from "vitest";
import { missedPayments } from "../../../sim/src/rehearsal/missedPayments.ts";

const NONE: PerTier<undefined> = perTier(() => undefined);

/** A chain whose blocks after 9 pay these nodes of the tier cumulus, and whose queue was `queue` before. */
function ledger(queue: readonly string[], ...paid: readonly (string | undefined)[]): ChainLedger {
  const rows = paid.map(
    (cumulus, i): LedgerRow => ({
      ...{ height: 10 + i, hash: "", supply: 0n, confirmed: perTier(() => 0), fluxnodes: "" },
      payees: { ...NONE, cumulus },
    }),
  );
  const queues = { cumulus: queue, nimbus: [], stratus: [] };
  return { rows, broken: undefined, moments: new Map([[9, { digest: "", queues }]]) };
}

describe("payments since an activation at height 10", () => {
  test.each([
    ["all stay and are paid in turn", ["a", "b"], ["a", "b", "a", "b"], 0, []],
    ["one leaves, and the other has its turns", ["a", "b"], ["a", "b", "a", "a", "a", "a"], 2, ["b"]],
    ["all leave, and nobody is paid", ["a", "b"], [undefined, undefined, undefined], 3, ["a", "b"]],
    ["one joins, and the others wait longer", ["a", "b"], ["a", "b", "c", "a", "b", "c"], 2, ["a", "b"]],
    ["there was nobody", [], ["a"], 0, []],
  ])("%s", (_what, queue, paid, missed, losers) => {
    const { cumulus, nimbus } = missedPayments(ledger(queue, ...paid), 10, []);
    expect(cumulus).toMatchObject({ missed, losers, onDeadChains: 0 });
    expect(nimbus).toEqual({ missed: 0, losers: [], onDeadChains: 0 });
  });

  test("those on other chains count from where the chains part", () => {
    const dead = { ledger: ledger(["a"], "a", "a", undefined, "a"), from: 10 };
    expect(missedPayments(ledger(["a"], "a"), 10, [dead, dead]).cumulus.onDeadChains).toBe(4);
  });
});
