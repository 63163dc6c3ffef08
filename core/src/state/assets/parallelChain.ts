import type { ChainId } from "../../rules/assets/chains.ts";
import { applyBlock, type RejectedOperation, type ReorgReport, rollback } from "./blocks.ts";
import type { AssetLedger } from "./ledger.ts";
import type { AssetOperation } from "./operations.ts";

// A chain that is not ours, seen through a port: the simulator's runs in memory, the testnet's adapts a real one.

/** What happened on a chain. */
export type ParallelEvent =
  | {
      readonly type: "connected";
      readonly height: number;
      readonly operations: readonly AssetOperation[];
    }
  /** All blocks above `height` are gone; what replaces them is told of next. */
  | { readonly type: "reorganised"; readonly height: number };

/**
 * The port. It is synchronous: an adapter to a real chain queues what it hears and hands it over when asked. Operations
 * that it hands over are facts of that chain; whether the ledger agrees is the ledger's to say.
 */
export interface ParallelChain {
  readonly chain: ChainId;
  /** Hands in an operation for one of the next blocks. */
  submit(operation: AssetOperation): void;
  /** Everything that happened since it was last asked, up to `timeMs` after the start; time never goes back. */
  poll(timeMs: number): readonly ParallelEvent[];
}

/** The ledger after following a parallel chain to its tip, and the reports on the way. */
export interface Followed {
  readonly ledger: AssetLedger;
  readonly rejected: readonly RejectedOperation[];
  readonly reports: readonly ReorgReport[];
  /** Height of a reorganisation that goes back further than the ledger can; nothing after it was applied. */
  readonly lostAt: number | undefined;
}

/** Brings the ledger up to date with one chain. */
export function followChain(ledger: AssetLedger, chain: ChainId, events: readonly ParallelEvent[]): Followed {
  let next = ledger;
  const rejected: RejectedOperation[] = [];
  const reports: ReorgReport[] = [];
  for (const event of events) {
    if (event.type === "reorganised") {
      const back = rollback(next, chain, event.height);
      if ("reason" in back) return { ledger: next, rejected, reports, lostAt: event.height };
      next = back.ledger;
      reports.push(...back.reports);
    } else {
      const applied = applyBlock(next, { chain, ...event });
      next = applied.ledger;
      rejected.push(...applied.rejected);
    }
  }
  return { ledger: next, rejected, reports, lostAt: undefined };
}
