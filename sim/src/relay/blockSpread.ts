/** How a node stands to a block that is under way. */
export const UNKNOWN = 0;
export const REQUESTED = 1;
export const KNOWN = 2;

/** A block while anything of it is still under way: what each node knows of it. */
export class BlockSpread {
  /** {@link UNKNOWN}, {@link REQUESTED} or {@link KNOWN}, by node. */
  readonly stateOf: Uint8Array;
  /** When the first announcement under way arrives, by node; Infinity if there was none. */
  readonly announcedAt: Float64Array;
  /** Events under way and requests queued that concern the block. */
  pending = 0;

  constructor(nodes: number) {
    this.stateOf = new Uint8Array(nodes);
    this.announcedAt = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
  }

  /** Makes it as new, for another block. */
  clear(): void {
    this.stateOf.fill(UNKNOWN);
    this.announcedAt.fill(Number.POSITIVE_INFINITY);
    this.pending = 0;
  }
}
