import {
  type BlockHash,
  displayHash,
  ParseError,
  parseWhole,
  readBlock,
  toDisplayHex,
  wireHex,
} from "@fluxlab/core";
import { SpreadTrace, type TraceRows } from "@fluxlab/sim";
import type { LoggedObservation } from "./observation.ts";

/** A tip that its node found itself, and a peer that no node is known for. */
const NOBODY = -1;
/** A tip that came by a message of nobody knows whom. */
const SOMEBODY = -2;
const MICROS_PER_MS = 1_000;

/** Blocks that are remembered: nobody tells of one so far below the newest as of something new. */
const MOST_BLOCKS = 100_000;

interface KnownBlock {
  readonly row: number;
  readonly miner: number;
}
const BEGINNING: KnownBlock = { row: 0, miner: NOBODY };

/** What real nodes observed as the rows that a run of the simulator tells its page. */
export class ObservedTrace {
  readonly #trace = new SpreadTrace();
  readonly #baseHeight: number;
  readonly #beganAt: number;
  /** Of each of the latest blocks, by display hex: its row, and who had it first. Blocks that all began with are row 0. */
  readonly #blocks = new Map<string, KnownBlock>();
  #lastRow = 0;
  /** Microseconds of the run. */
  #time = 0;

  /** `baseHeight`: of the last block that all began with. `beganAt`: Unix milliseconds. */
  constructor({ baseHeight, beganAt }: { readonly baseHeight: number; readonly beganAt: number }) {
    this.#baseHeight = baseHeight;
    this.#beganAt = beganAt;
  }

  /** Seconds of the run up to which something was told. */
  get seconds(): number {
    return this.#time / 1_000_000;
  }

  /**
   * Takes what was observed since the last call. Logs of nodes are read one after the other, so the lines of a call are put in order
   * first; one that comes later than what was told before is told with that.
   */
  take(observations: readonly LoggedObservation[]): void {
    for (const observation of [...observations].sort((a, b) => a.time - b.time)) {
      this.#time = Math.max(this.#time, (observation.time - this.#beganAt) * MICROS_PER_MS);
      this.#takeOne(observation);
    }
  }

  #takeOne({ kind, node, ...fields }: LoggedObservation): void {
    if (kind === "block") this.#block(node, fields);
    else if (kind === "tip") this.#tip(node, fields);
    else if (kind === "blockRefused") {
      const { rule } = (fields["violation"] ?? {}) as { readonly rule?: string };
      this.#trace.log(this.#time, "refused", node, rule === undefined ? {} : { reason: rule });
    } else if (kind === "banned")
      this.#trace.log(this.#time, "banned", node, { subject: NOBODY, reason: String(fields["reason"]) });
  }

  /** The first who has it counts as its miner. */
  #block(node: number, fields: Readonly<Record<string, unknown>>): void {
    const [hash, height] = [String(fields["hash"]), Number(fields["height"])];
    if (this.#blocks.has(hash) || height <= this.#baseHeight) return;
    const row = ++this.#lastRow;
    this.#blocks.set(hash, { row, miner: node });
    if (this.#blocks.size > MOST_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!);
    this.#trace.block({
      parent: this.#known(parentOf(String(fields["hex"]))).row,
      ...{ height: height - this.#baseHeight, miner: node, time: this.#time },
      hash: wireOrder(hash),
    });
    this.#trace.log(this.#time, "mined", node, { subject: row });
  }

  #tip(node: number, fields: Readonly<Record<string, unknown>>): void {
    const { row, miner } = this.#known(String(fields["hash"])); // its chain before the first block has none
    const [left, added] = [Number(fields["disconnected"]), Number(fields["connected"])];
    this.#trace.tip(this.#time, node, row, miner === node ? NOBODY : SOMEBODY);
    if (left > 0) this.#trace.log(this.#time, "reorganised", node, { subject: row, depth: left });
    else if (added === 0 && this.#time > 0) this.#trace.log(this.#time, "restarted", node, { subject: row });
  }

  #known(hash: string): KnownBlock {
    return this.#blocks.get(hash) ?? BEGINNING;
  }

  /** What was taken since the last call. */
  drain(): TraceRows {
    return this.#trace.drain();
  }

  /** Bytes that went over all links since the run began, as they are at a moment of it. */
  traffic(seconds: number, bytes: number): void {
    this.#trace.traffic(seconds * 1_000_000, 0, bytes);
  }
}

const wireOrder = (hash: string): BlockHash => displayHash(hash) as BlockHash;

function parentOf(hex: string): string {
  const block = parseWhole(wireHex(hex), readBlock);
  if (block instanceof ParseError) throw new Error(`a node wrote a block that cannot be read: ${block}`);
  return toDisplayHex(block.header.previousHash);
}
