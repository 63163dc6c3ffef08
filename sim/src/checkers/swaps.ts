import type { AssetOperation } from "@fluxlab/core";
import type { AcceptedBlocks, SwapBook } from "../world/swapDesk.ts";
import type { Report, Sighting } from "./checker.ts";

/**
 * Assets are conserved: each lock is paid out once at most, for what was locked, and what circulates on both chains is what did so
 * at first, less the locks and plus the unlocks that stand. Counted from the blocks' operations, by nothing of the ledger.
 */
export class SwapChecker {
  readonly name = "asset conservation";
  /** Amounts of all locks ever taken, for those that a reorganisation took away after they were paid out. */
  readonly #amounts = new Map<string, bigint>();

  check({ opening, circulating, source, target }: SwapBook, at: Sighting, report: Report): void {
    const locks = standing(source, "lock");
    const locked = new Map<string, bigint>();
    for (const lock of locks) {
      if (lock.type !== "lock") continue;
      if (locked.has(lock.id)) report(`lock ${short(lock.id)} stands twice`, at);
      locked.set(lock.id, lock.amount);
      this.#amounts.set(lock.id, lock.amount);
    }
    const paid = new Set<string>();
    let unlocked = 0n;
    for (const unlock of standing(target, "unlock")) {
      if (unlock.type !== "unlock") continue;
      if (paid.has(unlock.id)) report(`lock ${short(unlock.id)} was paid out twice`, at);
      paid.add(unlock.id);
      unlocked += this.#amounts.get(unlock.id) ?? 0n;
    }
    const left = opening.source - [...locked.values()].reduce((sum, amount) => sum + amount, 0n);
    if (circulating.source !== left)
      report(`${circulating.source} sat circulate on the source, not ${left}`, at);
    const there = opening.target + unlocked;
    if (circulating.target !== there)
      report(`${circulating.target} sat circulate on the target, not ${there}`, at);
  }
}

const standing = (blocks: AcceptedBlocks, type: AssetOperation["type"]): AssetOperation[] =>
  blocks.flatMap(({ accepted }) => accepted.filter((operation) => operation.type === type));

const short = (id: string): string => id.replace(/^0+/, "") || "0";
