import type { BlockHash } from "@fluxlab/core";
import { NOBODY } from "../world/worldEvents.ts";

// What somebody who looks at a run while it is played is told: rows since he was told last, as columns. The run keeps none of it,
// so that an endless one needs no more memory than what nobody has fetched yet.

const SECOND = 1_000_000;
const HASH_BYTES = 32;

/** Kinds of {@link TraceRows.log}, by number. */
export const LOG_KINDS = ["mined", "reorganised", "refused", "banned", "restarted"] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** Columns of one group have equal length; times are seconds since the run began and never fall within a group. */
export interface TraceRows {
  /** Blocks in the order in which they were mined; rows are numbered on, and row 0, which all begin with, is in none of them. */
  readonly blocks: {
    readonly parent: Uint32Array;
    /** Above the block that all begin with. */
    readonly height: Uint32Array;
    readonly miner: Uint32Array;
    readonly seconds: Float64Array;
    /** 32 bytes a block in wire order; empty where blocks have no hashes. */
    readonly hash: Uint8Array;
  };
  /** Whose tip moved to which block, and by a message of whom ({@link NOBODY}: its own doing). */
  readonly tips: {
    readonly seconds: Float64Array;
    readonly node: Uint32Array;
    readonly block: Uint32Array;
    readonly from: Int32Array;
  };
  /** What is worth telling besides. */
  readonly log: {
    readonly seconds: Float64Array;
    /** Index into {@link LOG_KINDS}. */
    readonly kind: Uint8Array;
    readonly node: Uint32Array;
    /** A block's row, of "banned" the other node; {@link NOBODY}: none. */
    readonly subject: Int32Array;
    /** Of "reorganised" how many blocks were left, else 0. */
    readonly depth: Uint32Array;
    /** Number of the reason, from 1 on in the order of {@link reasons} of all rows ever told; 0: none. */
    readonly reason: Uint32Array;
  };
  /** Reasons that occur for the first time. */
  readonly reasons: readonly string[];
  /** Messages and bytes delivered since the run began. Bytes are 0 where the model has no sizes. */
  readonly traffic: {
    readonly seconds: Float64Array;
    readonly messages: Float64Array;
    readonly bytes: Float64Array;
  };
}

/** Collects {@link TraceRows} until somebody fetches them. Times are microseconds here. */
export class SpreadTrace {
  /** Rows of tips and of the log ever written: whether something happened. */
  written = 0;
  readonly #reasons = new Map<string, number>();
  #rows = emptyRows();

  block(row: {
    readonly parent: number;
    readonly height: number;
    readonly miner: number;
    readonly time: number;
    readonly hash: BlockHash | undefined;
  }): void {
    const { blocks } = this.#rows;
    blocks.parent.push(row.parent);
    blocks.height.push(row.height);
    blocks.miner.push(row.miner);
    blocks.seconds.push(row.time / SECOND);
    if (row.hash !== undefined) blocks.hash.push(row.hash);
  }

  tip(time: number, node: number, block: number, from: number): void {
    const { tips } = this.#rows;
    tips.seconds.push(time / SECOND);
    tips.node.push(node);
    tips.block.push(block);
    tips.from.push(from);
    this.written++;
  }

  log(
    time: number,
    kind: LogKind,
    node: number,
    what: { readonly subject?: number; readonly depth?: number; readonly reason?: string } = {},
  ): void {
    const { log } = this.#rows;
    log.seconds.push(time / SECOND);
    log.kind.push(LOG_KINDS.indexOf(kind));
    log.node.push(node);
    log.subject.push(what.subject ?? NOBODY);
    log.depth.push(what.depth ?? 0);
    log.reason.push(what.reason === undefined ? 0 : this.#reason(what.reason));
    this.written++;
  }

  #reason(words: string): number {
    const known = this.#reasons.get(words);
    if (known !== undefined) return known;
    this.#reasons.set(words, this.#reasons.size + 1);
    this.#rows.reasons.push(words);
    return this.#reasons.size;
  }

  traffic(time: number, messages: number, bytes: number): void {
    const { traffic } = this.#rows;
    traffic.seconds.push(time / SECOND);
    traffic.messages.push(messages);
    traffic.bytes.push(bytes);
  }

  /** What was written since the last call. */
  drain(): TraceRows {
    const { blocks, tips, log, traffic, reasons } = this.#rows;
    this.#rows = emptyRows();
    const hash = new Uint8Array(blocks.hash.length * HASH_BYTES);
    for (const [i, bytes] of blocks.hash.entries()) hash.set(bytes, i * HASH_BYTES);
    return {
      blocks: {
        parent: Uint32Array.from(blocks.parent),
        height: Uint32Array.from(blocks.height),
        miner: Uint32Array.from(blocks.miner),
        seconds: Float64Array.from(blocks.seconds),
        hash,
      },
      tips: {
        seconds: Float64Array.from(tips.seconds),
        node: Uint32Array.from(tips.node),
        block: Uint32Array.from(tips.block),
        from: Int32Array.from(tips.from),
      },
      log: {
        seconds: Float64Array.from(log.seconds),
        kind: Uint8Array.from(log.kind),
        node: Uint32Array.from(log.node),
        subject: Int32Array.from(log.subject),
        depth: Uint32Array.from(log.depth),
        reason: Uint32Array.from(log.reason),
      },
      reasons,
      traffic: {
        seconds: Float64Array.from(traffic.seconds),
        messages: Float64Array.from(traffic.messages),
        bytes: Float64Array.from(traffic.bytes),
      },
    };
  }
}

const emptyRows = () => {
  const column = (): number[] => [];
  return {
    blocks: {
      parent: column(),
      height: column(),
      miner: column(),
      seconds: column(),
      hash: [] as BlockHash[],
    },
    tips: { seconds: column(), node: column(), block: column(), from: column() },
    log: {
      seconds: column(),
      kind: column(),
      node: column(),
      subject: column(),
      depth: column(),
      reason: column(),
    },
    reasons: [] as string[],
    traffic: { seconds: column(), messages: column(), bytes: column() },
  };
};
