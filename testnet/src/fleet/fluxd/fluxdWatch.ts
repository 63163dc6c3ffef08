import { appendFileSync } from "node:fs";
import { logFileOf } from "../nodeFolder.ts";
import type { NodeRpc } from "../runner.ts";

/** Between two questions what changed. */
const LOOK_MS = 200;
/** A fluxd that stands still is asked again. */
const ANSWER_MS = 5_000;

interface Header {
  readonly height: number;
  /** Below 0: not on the best chain. */
  readonly confirmations: number;
  /** Missing in the first block. */
  readonly previousblockhash?: string;
}

/** Writes into a fluxd's log what our node would observe in its place, as far as RPC tells: tips, peers, bans, blocks refused. */
export class FluxdWatch {
  readonly #log: string;
  readonly #rpc: NodeRpc;
  #tip: { readonly hash: string; readonly height: number } | undefined;
  readonly #peers = new Set<number>();
  readonly #refused = new Set<string>();
  readonly #banned = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(nodeFolder: string, rpc: NodeRpc) {
    this.#log = logFileOf(nodeFolder);
    this.#rpc = rpc;
    this.#lookLater();
  }

  #lookLater(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#look().then(
        () => this.#lookLater(),
        () => this.#lookLater(), // it is starting, standing still or ending
      );
    }, LOOK_MS);
  }

  async #look(): Promise<void> {
    await this.#lookAtPeers();
    await this.#lookAtTip();
    await this.#lookAtRefused();
    await this.#lookAtBans();
  }

  async #lookAtTip(): Promise<void> {
    const hash = await this.#ask<string>("getbestblockhash");
    const before = this.#tip;
    if (hash === before?.hash) return;
    const { height } = await this.#ask<Header>("getblockheader", hash);
    const disconnected = before === undefined ? 0 : await this.#leftBy(before.hash);
    const connected = before === undefined ? 0 : height - (before.height - disconnected);
    this.#tip = { hash, height };
    this.#say({ kind: "tip", hash, height, disconnected, connected });
  }

  /** How many blocks up to this one are not on the best chain. */
  async #leftBy(hash: string): Promise<number> {
    let left = 0;
    for (let at: string | undefined = hash; at !== undefined; left++) {
      const header: Header = await this.#ask<Header>("getblockheader", at);
      if (header.confirmations >= 0) return left;
      at = header.previousblockhash;
    }
    return left;
  }

  async #lookAtPeers(): Promise<void> {
    const there = await this.#ask<readonly { id: number; version: number; addr: string }[]>("getpeerinfo");
    // Until a peer has introduced itself its version is 0.
    const ready = there.filter(({ version }) => version > 0);
    for (const { id, addr } of ready) {
      if (this.#peers.has(id)) continue;
      this.#peers.add(id);
      this.#say({ kind: "peer", peer: id, state: "ready", address: addr });
    }
    for (const peer of this.#peers) {
      if (ready.some(({ id }) => id === peer)) continue;
      this.#peers.delete(peer);
      this.#say({ kind: "peer", peer, state: "disconnected" });
    }
  }

  async #lookAtRefused(): Promise<void> {
    const tips = await this.#ask<readonly { hash: string; height: number; status: string }[]>("getchaintips");
    for (const { hash, height, status } of tips) {
      if (status !== "invalid" || this.#refused.has(hash)) continue;
      this.#refused.add(hash);
      this.#say({ kind: "blockRefused", hash, height });
    }
  }

  async #lookAtBans(): Promise<void> {
    for (const { address } of await this.#ask<readonly { address: string }[]>("listbanned")) {
      if (this.#banned.has(address)) continue;
      this.#banned.add(address);
      this.#say({ kind: "banned", address });
    }
  }

  #ask<T>(method: string, ...params: readonly unknown[]): Promise<T> {
    return this.#rpc.call<T>(method, params, ANSWER_MS);
  }

  #say(fields: object): void {
    // Begins a line of its own: fluxd may be in the middle of one.
    if (!this.#closed) appendFileSync(this.#log, `\n${JSON.stringify({ time: Date.now(), ...fields })}\n`);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
