import type { Message, NetworkAddress, NodePorts, Observation, PeerId, PeerLink } from "@fluxlab/core";

const SECOND = 1_000_000;

/** The world of one node under test: it writes down what the node does, and its clock is moved by hand. */
export class RecordingPorts implements NodePorts {
  /** Microseconds. */
  time: number;
  wakes: number | undefined;
  readonly sent: { readonly peer: PeerId; readonly message: Message }[] = [];
  readonly observed: Observation[] = [];
  readonly bans: { readonly address: NetworkAddress; readonly seconds: number }[] = [];
  readonly closed = new Set<PeerId>();
  readonly queued = new Map<PeerId, number>();
  #draw = 1;

  /** `seconds`: Unix time. */
  constructor(seconds: number) {
    this.time = seconds * SECOND;
  }

  now(): number {
    return this.time;
  }
  seconds(): number {
    return Math.floor(this.time / 1_000_000);
  }
  bits32(): number {
    this.#draw = Math.imul(this.#draw, 1_664_525) + 1_013_904_223;
    return this.#draw >>> 0;
  }
  send(peer: PeerId, message: Message): void {
    this.sent.push({ peer, message });
  }
  sendQueueBytes(peer: PeerId): number {
    return this.queued.get(peer) ?? 0;
  }
  disconnect(peer: PeerId): void {
    this.closed.add(peer);
  }
  ban(address: NetworkAddress, seconds: number): void {
    this.bans.push({ address, seconds });
  }
  connect(): void {}
  wakeAt(time: number): void {
    this.wakes = time;
  }
  observe(observation: Observation): void {
    this.observed.push(observation);
  }

  /** What was sent since the last call, by command. */
  take(peer?: PeerId): Message[] {
    const taken = this.sent.filter((each) => peer === undefined || each.peer === peer);
    this.sent.splice(0, this.sent.length, ...this.sent.filter((each) => !taken.includes(each)));
    return taken.map(({ message }) => message);
  }

  /** Points charged so far. */
  score(peer: PeerId): number {
    return this.observed.reduce(
      (sum, each) => sum + (each.kind === "score" && each.peer === peer ? each.points : 0),
      0,
    );
  }
}

/** A public IPv4 address: `n` is its last two bytes. */
export const addressOf = (n: number): NetworkAddress => ({
  services: 5n,
  ip: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 8, 1 + (n >>> 16), (n >>> 8) & 0xff, n & 0xff),
  port: 16_125,
});

export const linkTo = (n: number, direction: PeerLink["direction"], whitelisted = false): PeerLink => ({
  direction,
  address: addressOf(n),
  whitelisted,
  purpose: "ordinary",
});
