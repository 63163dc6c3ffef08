import { assert, NO_ROW, TIERS } from "@fluxlab/core";

const NOBODY = 0xffff_ffff;
/** A payment that ended no wait. */
const NONE = 0xffff_ffff;

/** Who was paid in the latest blocks, and after which wait, by tier: a ring of so many blocks, 24 bytes each. */
export class PayeeLog {
  /** Blocks that are kept. */
  readonly capacity: number;
  readonly #payees: Uint32Array;
  /** Seconds. */
  readonly #waits: Uint32Array;
  #first = 0;
  #next = 0;

  constructor(capacity: number) {
    assert(capacity >= 1, "a log keeps at least one block");
    this.capacity = capacity;
    this.#payees = new Uint32Array(capacity * TIERS.length);
    this.#waits = new Uint32Array(capacity * TIERS.length);
  }

  /** Operators' rows, or NO_ROW; blocks come in order and without gaps. */
  note(height: number, cumulus: number, nimbus: number, stratus: number): void {
    if (this.#next === 0) this.#first = height;
    assert(this.#next === 0 || height === this.#next, `block ${height} follows ${this.#next - 1}`);
    const at = (height % this.capacity) * TIERS.length;
    this.#payees[at] = cumulus === NO_ROW ? NOBODY : cumulus;
    this.#payees[at + 1] = nimbus === NO_ROW ? NOBODY : nimbus;
    this.#payees[at + 2] = stratus === NO_ROW ? NOBODY : stratus;
    this.#waits.fill(NONE, at, at + TIERS.length);
    this.#next = height + 1;
  }

  /** How long the payee of the tier had waited for the latest block, where that is known. */
  noteWait(tier: number, seconds: number): void {
    this.#waits[(this.lastHeight % this.capacity) * TIERS.length + tier] = seconds;
  }

  /** The first block that is kept; undefined before any was noted. */
  get firstHeight(): number | undefined {
    return this.#next === 0 ? undefined : Math.max(this.#first, this.#next - this.capacity);
  }

  /** The latest block that is kept; there must be one. */
  get lastHeight(): number {
    return this.#next - 1;
  }

  /** Row of the operator that a block paid, or NO_ROW; the block is kept. */
  payee(height: number, tier: number): number {
    const row = this.#payees[(height % this.capacity) * TIERS.length + tier]!;
    return row === NOBODY ? NO_ROW : row;
  }

  /** Seconds of each wait of a tier that blocks after `height` ended; they are kept. */
  waitsAfter(height: number, tier: number): number[] {
    const waits: number[] = [];
    for (let at = height + 1; at < this.#next; at++) {
      const seconds = this.#waits[(at % this.capacity) * TIERS.length + tier]!;
      if (seconds !== NONE) waits.push(seconds);
    }
    return waits;
  }

  /** Height of the latest payment to an operator's node in the blocks kept up to `height`; undefined if there is none. */
  lastPaymentTo(row: number, tier: number, height: number): number | undefined {
    const first = this.firstHeight ?? this.#next;
    for (let at = height; at >= first; at--) if (this.payee(at, tier) === row) return at;
    return undefined;
  }

  /** Heights of the blocks kept that paid an operator's node, in order. */
  paymentsTo(row: number, tier: number): number[] {
    const heights: number[] = [];
    for (let height = this.firstHeight ?? this.#next; height < this.#next; height++) {
      if (this.payee(height, tier) === row) heights.push(height);
    }
    return heights;
  }
}
