import { ipKey } from "./networkAddress.ts";

/** How long misbehaviour is remembered, in seconds. Source: fluxd src/net.h DEFAULT_MISBEHAVING_BANTIME. */
export const BAN_SECONDS = 86_400;

/** An address that nobody talks to for now. */
export interface Ban {
  /** 16 bytes. */
  readonly ip: Uint8Array;
  /** Unix seconds; from then on it may come back. */
  readonly until: number;
}

/** Addresses that are neither dialled nor let in, whatever their port. Lost with the process, as in fluxd. */
export class BanList {
  readonly #bans: Map<string, Ban>;

  constructor() {
    this.#bans = new Map();
  }

  /** Until Unix second `until`, or later if it is banned longer already. Source: fluxd src/net.cpp CNode::Ban. */
  ban(ip: Uint8Array, until: number): void {
    const key = ipKey(ip);
    const known = this.#bans.get(key);
    if (known === undefined || known.until < until) this.#bans.set(key, { ip, until });
  }

  /** Whether there was a ban to lift. */
  lift(ip: Uint8Array): boolean {
    return this.#bans.delete(ipKey(ip));
  }

  clear(): void {
    this.#bans.clear();
  }

  isBanned(ip: Uint8Array, now: number): boolean {
    const ban = this.#bans.get(ipKey(ip));
    return ban !== undefined && now < ban.until;
  }

  /** Bans in force at Unix second `now`, in the order in which they were first made. */
  bans(now: number): Ban[] {
    for (const [key, { until }] of this.#bans) if (until <= now) this.#bans.delete(key);
    return [...this.#bans.values()];
  }
}
