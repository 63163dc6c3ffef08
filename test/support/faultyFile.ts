import type { AppendFile } from "@fluxlab/testnet/host";

const SECTOR = 512;

type Change =
  | { readonly kind: "write"; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly size: number };

/**
 * A disk of the worst kind that keeps its word: what was synced stays; of what was not, any sectors arrive and any do not, in any
 * order, and a file may have grown without its contents, as zeros.
 */
export class FaultyFile implements AppendFile {
  #now: Uint8Array<ArrayBufferLike>;
  #durable: Uint8Array<ArrayBufferLike>;
  #pending: Change[] = [];
  /** Bytes that can still be written before the disk is full. */
  room = Number.POSITIVE_INFINITY;

  constructor(contents: Uint8Array = new Uint8Array(0)) {
    this.#now = contents.slice();
    this.#durable = contents.slice();
  }

  get size(): number {
    return this.#now.length;
  }

  read(position: number, length: number): Uint8Array {
    return this.#now.slice(position, position + length);
  }

  write(position: number, bytes: Uint8Array): void {
    const fits = bytes.subarray(0, Math.min(bytes.length, this.room));
    this.room -= fits.length;
    const change: Change = { kind: "write", position, bytes: fits.slice() };
    this.#pending.push(change);
    this.#now = changed(this.#now, change);
    if (fits.length < bytes.length) throw new Error("ENOSPC: no space left on device");
  }

  truncate(size: number): void {
    const change: Change = { kind: "truncate", size };
    this.#pending.push(change);
    this.#now = changed(this.#now, change);
  }

  sync(): void {
    this.#durable = this.#now.slice();
    this.#pending = [];
  }

  close(): void {}

  /** What is on the disk after the power failed. `keeps`: whether the next sector, or cut, arrived. */
  crash(keeps: () => boolean): FaultyFile {
    let left: Uint8Array = this.#durable;
    for (const change of this.#pending) {
      for (const part of partsOf(change)) {
        if (keeps()) left = changed(left, part);
      }
    }
    return new FaultyFile(left);
  }
}

function changed(file: Uint8Array, change: Change): Uint8Array {
  const end =
    change.kind === "truncate" ? change.size : Math.max(file.length, change.position + change.bytes.length);
  const result = new Uint8Array(end);
  result.set(file.subarray(0, end));
  if (change.kind === "write") result.set(change.bytes, change.position);
  return result;
}

/** A write as the sectors it touches. */
function partsOf(change: Change): Change[] {
  if (change.kind === "truncate") return [change];
  const parts: Change[] = [];
  for (let at = 0; at < change.bytes.length; ) {
    const position = change.position + at;
    const length = Math.min(SECTOR - (position % SECTOR), change.bytes.length - at);
    parts.push({ kind: "write", position, bytes: change.bytes.subarray(at, at + length) });
    at += length;
  }
  return parts;
}
