import { sha256d } from "../bytes/hash.ts";
import { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import { assert } from "../util/assert.ts";
import { type Bits32, uniformBelow } from "../util/random.ts";
import { type AddressHistory, isTerrible, selectionChance } from "./addressQuality.ts";
import { AddressSlots, BUCKET_SIZE } from "./addressSlots.ts";
import type { NetworkAddress, TimedAddress } from "./messages.ts";
import { ipKey, isRoutable, networkGroup, sameEndpoint } from "./networkAddress.ts";

// The addresses a node knows. Those it only heard of are `new`, those it was connected to are `tried`; which place of either
// table an address may take depends on a secret and on whose network it comes from, so that nobody can fill the tables with
// addresses of his own. Source: fluxd src/addrman.h, src/addrman.cpp. Times are Unix seconds.

const TRIED_BUCKETS = 256;
const NEW_BUCKETS = 1_024;
const TRIED_BUCKETS_PER_GROUP = 8;
const NEW_BUCKETS_PER_SOURCE_GROUP = 64;
/** Places in `new` that one address may take. */
const MAX_NEW_PLACES = 8;

/** What `getaddr` is answered with: so many percent of all, and at most so many. */
const SHARED_PERCENT = 23;
const MAX_SHARED = 2_500;

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A connected peer's time is renewed when it is older. */
const RENEWAL_SECONDS = 20 * 60;

/** Resolution of the draw that takes or leaves an address. */
const CHANCE_STEPS = 1 << 30;
/** Each address that is left makes the next more likely to be taken. */
const IMPATIENCE = 1.2;

/** An address and what is known of it, as it may be kept over a restart. */
export interface KnownAddress {
  readonly address: TimedAddress;
  /** IP of who told us first. */
  readonly source: Uint8Array;
  readonly lastSuccess: number;
  readonly attempts: number;
  readonly tried: boolean;
}

interface Entry extends AddressHistory {
  services: bigint;
  readonly ip: Uint8Array;
  readonly port: number;
  readonly source: Uint8Array;
  tried: boolean;
  /** Numbers of its places in `new`. */
  readonly newPlaces: number[];
  /** Of {@link AddressManager} successes, the latest at which an attempt was counted. */
  countedAt: number;
  /** Index in the list of all. */
  position: number;
}

/** Reused by {@link bucketHash}, which is done with it when it returns. */
const scratch = new Writer();

/** First eight bytes of a hash under the node's secret, modulo `buckets`. */
function bucketHash(key: Uint8Array, buckets: number, write: (writer: Writer) => void): number {
  scratch.reset().bytes(key);
  write(scratch);
  const hash = new Reader(sha256d(scratch.view())).u64("hash");
  return Number(hash % BigInt(buckets));
}

/** IP and port as fluxd hashes them. Source: fluxd src/netbase.cpp CService::GetKey. */
function writeEndpoint(writer: Writer, { ip, port }: Entry): void {
  writer.compactSize(ip.length + 2);
  writer.bytes(ip);
  writer.u16BigEndian(port);
}

/** Tables of one node. `key`: 32 secret bytes; `bits32`: its source of chance. */
export class AddressManager {
  readonly #key: Uint8Array;
  readonly #bits32: Bits32;
  readonly #byIp: Map<string, Entry>;
  readonly #all: Entry[];
  readonly #new: AddressSlots<Entry>;
  readonly #tried: AddressSlots<Entry>;
  /** Connections that worked: an attempt counts as failed only if one did since the last that counted. */
  #successes: number;

  constructor(key: Uint8Array, bits32: Bits32) {
    assert(key.length === 32, "the secret of an address manager has 32 bytes");
    this.#key = key;
    this.#bits32 = bits32;
    this.#byIp = new Map();
    this.#all = [];
    this.#new = new AddressSlots();
    this.#tried = new AddressSlots();
    this.#successes = 1; // so that one that was never tried is behind
  }

  /** Addresses known; one port an IP. */
  get size(): number {
    return this.#all.length;
  }

  /** Of those, the ones that a connection was made to. */
  get triedCount(): number {
    return this.#tried.size;
  }

  /**
   * Takes note of an address that the peer at IP `source` told, which makes it `penalty` seconds older than it says.
   * Whether it was not known before. Source: fluxd src/addrman.cpp CAddrMan::Add_.
   */
  add(address: TimedAddress, source: Uint8Array, now: number, penalty = 0): boolean {
    if (!isRoutable(address.ip)) return false;
    const known = this.#byIp.get(ipKey(address.ip));
    if (known !== undefined && !this.#refresh(known, address, now, penalty)) return false;
    const entry = known ?? this.#create(address, source, Math.max(0, address.time - penalty));
    this.#enterNew(entry, source, now);
    return known === undefined;
  }

  /** Brings a known address up to date; whether it may have one more place in `new`. */
  #refresh(entry: Entry, address: TimedAddress, now: number, penalty: number): boolean {
    const { time } = address;
    const interval = now - time < DAY ? HOUR : DAY;
    if (time !== 0 && (entry.time === 0 || entry.time < time - interval - penalty))
      entry.time = Math.max(0, time - penalty);
    entry.services |= address.services;
    if (time === 0 || (entry.time !== 0 && time <= entry.time)) return false;
    if (entry.tried || entry.newPlaces.length === MAX_NEW_PLACES) return false;
    return uniformBelow(this.#bits32, 1 << entry.newPlaces.length) === 0;
  }

  #create({ services, ip, port }: NetworkAddress, source: Uint8Array, time: number): Entry {
    const entry: Entry = {
      services,
      ip: ip.slice(),
      port,
      source: source.slice(),
      time,
      lastTry: 0,
      lastSuccess: 0,
      attempts: 0,
      tried: false,
      newPlaces: [],
      countedAt: 0,
      position: this.#all.length,
    };
    this.#all.push(entry);
    this.#byIp.set(ipKey(ip), entry);
    return entry;
  }

  /** Gives an address one more place in `new` if there is room, or what is there is worth less. */
  #enterNew(entry: Entry, source: Uint8Array, now: number): void {
    const place = this.#newPlace(entry, source);
    const holder = this.#new.at(place);
    if (holder === entry) return;
    const yields =
      holder === undefined ||
      isTerrible(holder, now) ||
      (holder.newPlaces.length > 1 && entry.newPlaces.length === 0);
    if (yields) this.#putNew(place, entry);
    else if (entry.newPlaces.length === 0) this.#forget(entry);
  }

  #putNew(place: number, entry: Entry): void {
    const holder = this.#new.at(place);
    if (holder !== undefined) {
      this.#new.clear(place);
      holder.newPlaces.splice(holder.newPlaces.indexOf(place), 1);
      if (holder.newPlaces.length === 0) this.#forget(holder);
    }
    this.#new.put(place, entry);
    entry.newPlaces.push(place);
  }

  /** Of an address without a place. */
  #forget(entry: Entry): void {
    this.#swap(entry.position, this.#all.length - 1);
    this.#all.pop();
    this.#byIp.delete(ipKey(entry.ip));
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#all[i]!, this.#all[j]!];
    this.#all[i] = b;
    this.#all[j] = a;
    a.position = j;
    b.position = i;
  }

  #entryOf(address: NetworkAddress): Entry | undefined {
    const entry = this.#byIp.get(ipKey(address.ip));
    return entry !== undefined && sameEndpoint(entry, address) ? entry : undefined;
  }

  /** A connection was made and the peer has introduced itself. Source: fluxd src/addrman.cpp CAddrMan::Good_. */
  good(address: NetworkAddress, now: number): void {
    const entry = this.#entryOf(address);
    if (entry === undefined) return;
    entry.lastSuccess = now;
    entry.lastTry = now;
    entry.attempts = 0;
    this.#successes++;
    if (!entry.tried) this.#makeTried(entry);
  }

  #makeTried(entry: Entry): void {
    for (const place of entry.newPlaces) this.#new.clear(place);
    entry.newPlaces.length = 0;
    const place = this.#triedPlace(entry);
    const evicted = this.#tried.at(place);
    if (evicted !== undefined) {
      this.#tried.clear(place);
      evicted.tried = false;
      this.#putNew(this.#newPlace(evicted, evicted.source), evicted);
    }
    entry.tried = true;
    this.#tried.put(place, entry);
  }

  /** A connection is being tried. Source: fluxd src/addrman.cpp CAddrMan::Attempt_. */
  attempt(address: NetworkAddress, now: number): void {
    const entry = this.#entryOf(address);
    if (entry === undefined) return;
    entry.lastTry = now;
    if (entry.countedAt >= this.#successes) return;
    entry.countedAt = this.#successes;
    entry.attempts++;
  }

  /** A connection to it has ended or lasts. Source: fluxd src/addrman.cpp CAddrMan::Connected_. */
  connected(address: NetworkAddress, now: number): void {
    const entry = this.#entryOf(address);
    if (entry !== undefined && now - entry.time > RENEWAL_SECONDS) entry.time = now;
  }

  /**
   * An address to try next: from either table with the same chance, or from `new` alone; undefined if there is none.
   * Source: fluxd src/addrman.cpp CAddrMan::Select_.
   */
  select(now: number, newOnly: boolean): TimedAddress | undefined {
    const [fresh, tried] = [this.#new.size, this.#tried.size];
    if (newOnly ? fresh === 0 : fresh + tried === 0) return undefined;
    const fromTried = !newOnly && tried > 0 && (fresh === 0 || uniformBelow(this.#bits32, 2) === 0);
    const table = fromTried ? this.#tried : this.#new;
    for (let factor = 1; ; factor *= IMPATIENCE) {
      const entry = table.random(this.#bits32);
      const bar = factor * selectionChance(entry, now) * CHANCE_STEPS;
      if (uniformBelow(this.#bits32, CHANCE_STEPS) < bar) return addressOf(entry);
    }
  }

  /** When a connection to it was last tried, or 0. */
  lastTry(address: NetworkAddress): number {
    return this.#entryOf(address)?.lastTry ?? 0;
  }

  /** What a peer that asks is told: some of all, none that are terrible. Source: fluxd src/addrman.cpp CAddrMan::GetAddr_. */
  shared(now: number): TimedAddress[] {
    const total = this.#all.length;
    const most = Math.min(MAX_SHARED, Math.floor((SHARED_PERCENT * total) / 100));
    const chosen: TimedAddress[] = [];
    for (let i = 0; i < total && chosen.length < most; i++) {
      this.#swap(i, i + uniformBelow(this.#bits32, total - i));
      const entry = this.#all[i]!;
      if (!isTerrible(entry, now)) chosen.push(addressOf(entry));
    }
    return chosen;
  }

  /** Everything known, for the next start. */
  known(): KnownAddress[] {
    return this.#all.map((entry) => ({
      address: addressOf(entry),
      source: entry.source,
      lastSuccess: entry.lastSuccess,
      attempts: entry.attempts,
      tried: entry.tried,
    }));
  }

  /** Takes up what an earlier run knew. Places are found anew, so some may be lost where two meet. */
  restore(known: readonly KnownAddress[], now: number): void {
    for (const { address, source, lastSuccess, attempts, tried } of known) {
      if (!this.add(address, source, now)) continue;
      const entry = this.#entryOf(address);
      if (entry === undefined) continue;
      entry.lastSuccess = lastSuccess;
      entry.attempts = attempts;
      if (tried) this.#makeTried(entry);
    }
  }

  /** Source: fluxd src/addrman.cpp CAddrInfo::GetNewBucket. */
  #newPlace(entry: Entry, source: Uint8Array): number {
    const from = networkGroup(source);
    const spread = bucketHash(this.#key, NEW_BUCKETS_PER_SOURCE_GROUP, (writer) => {
      writer.varBytes(networkGroup(entry.ip));
      writer.varBytes(from);
    });
    const bucket = bucketHash(this.#key, NEW_BUCKETS, (writer) => {
      writer.varBytes(from);
      writer.u64(BigInt(spread));
    });
    return this.#place("N", bucket, entry);
  }

  /** Source: fluxd src/addrman.cpp CAddrInfo::GetTriedBucket. */
  #triedPlace(entry: Entry): number {
    const spread = bucketHash(this.#key, TRIED_BUCKETS_PER_GROUP, (writer) => writeEndpoint(writer, entry));
    const bucket = bucketHash(this.#key, TRIED_BUCKETS, (writer) => {
      writer.varBytes(networkGroup(entry.ip));
      writer.u64(BigInt(spread));
    });
    return this.#place("K", bucket, entry);
  }

  /** Source: fluxd src/addrman.cpp CAddrInfo::GetBucketPosition. */
  #place(table: "N" | "K", bucket: number, entry: Entry): number {
    const position = bucketHash(this.#key, BUCKET_SIZE, (writer) => {
      writer.u8(table.charCodeAt(0));
      writer.u32(bucket);
      writeEndpoint(writer, entry);
    });
    return bucket * BUCKET_SIZE + position;
  }
}

const addressOf = ({ services, ip, port, time }: Entry): TimedAddress => ({ services, ip, port, time });
