import { isOneAddress, isWithin, onlyAddress, type Subnet, subnetKey } from "./subnet.ts";

/** How long misbehaviour is remembered, in seconds. Source: fluxd src/net.h DEFAULT_MISBEHAVING_BANTIME. */
export const BAN_SECONDS = 86_400;

/** Addresses that nobody talks to for now. */
export interface Ban {
  readonly subnet: Subnet;
  /** Unix seconds; from then on they may come back. */
  readonly until: number;
}

/** Addresses that are neither dialled nor let in, whatever their port. Lost with the process, as in fluxd. */
export class BanList {
  /** By subnetKey. */
  readonly #bans: Map<string, Ban>;
  /** Those of more than one address: few, which are gone through one by one. */
  readonly #wide: Map<string, Ban>;

  constructor() {
    this.#bans = new Map();
    this.#wide = new Map();
  }

  /** Until Unix second `until`, or later if it is banned longer already. Source: fluxd src/net.cpp CNode::Ban. */
  ban(subnet: Subnet, until: number): void {
    const key = subnetKey(subnet);
    const known = this.#bans.get(key);
    if (known !== undefined && known.until >= until) return;
    this.#bans.set(key, { subnet, until });
    if (!isOneAddress(subnet)) this.#wide.set(key, { subnet, until });
  }

  /** Whether there was a ban of exactly this subnet to lift. */
  lift(subnet: Subnet): boolean {
    const key = subnetKey(subnet);
    this.#wide.delete(key);
    return this.#bans.delete(key);
  }

  clear(): void {
    this.#bans.clear();
    this.#wide.clear();
  }

  /** Whether an address is banned, by itself or with others. */
  isBanned(ip: Uint8Array, now: number): boolean {
    const alone = this.#bans.get(subnetKey(onlyAddress(ip)));
    if (alone !== undefined && now < alone.until) return true;
    for (const { subnet, until } of this.#wide.values()) if (now < until && isWithin(ip, subnet)) return true;
    return false;
  }

  /** Bans in force at Unix second `now`, by address and mask, as fluxd lists them. */
  bans(now: number): Ban[] {
    for (const { subnet, until } of this.#bans.values()) if (until <= now) this.lift(subnet);
    return [...this.#bans].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ban]) => ban);
  }
}
