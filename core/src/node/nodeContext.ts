import type { ChainView } from "../chain/chainView.ts";
import { InitialDownload } from "../chain/initialDownload.ts";
import type { SharedChain } from "../chain/sharedChain.ts";
import type { PoolTip } from "../mempool/looseTxRules.ts";
import type { Mempool, PoolClock } from "../mempool/mempool.ts";
import type { Params } from "../params/params.ts";
import { currentUpgrade } from "../params/upgrades.ts";
import type { Block } from "../primitives/block.ts";
import { medianTimePast } from "../rules/medianTime.ts";
import type { StateView } from "../state/stateView.ts";
import type { NodeSettings } from "./nodeSettings.ts";
import type { PeerRows } from "./peerRows.ts";
import { PeerTable } from "./peerTable.ts";
import type { NodePorts } from "./ports.ts";
import type { SharedMessages } from "./sharedMessages.ts";
import { TimeOffset } from "./timeOffset.ts";

/** Microseconds, in which ports count time. */
export const SECOND = 1_000_000;

/** What many nodes under the same rules and of the same protocol version share. */
export interface SharedStores {
  readonly chain: SharedChain;
  readonly messages: SharedMessages;
  readonly peers: PeerRows;
}

/** What the duties of one node share: its world, its chain, its pool, its peers, its clock and its alarm. */
export class NodeContext {
  readonly ports: NodePorts;
  readonly shared: SharedStores;
  readonly settings: NodeSettings;
  /** Of the settings: asked for at every message. */
  readonly keepAlive: boolean;
  readonly chain: ChainView;
  readonly mempool: Mempool;
  readonly peers: PeerTable;
  readonly timeOffset: TimeOffset;
  readonly #initialDownload: InitialDownload;
  /** Lowest protocol version that the rules after the tip allow peers. */
  requiredVersion: number;
  /** When the host was asked to wake the node. */
  #alarm: number;
  readonly #poolTip: PoolTip;

  constructor(
    ports: NodePorts,
    shared: SharedStores,
    settings: NodeSettings,
    chain: ChainView,
    mempool: Mempool,
  ) {
    this.ports = ports;
    this.shared = shared;
    this.settings = settings;
    this.keepAlive = settings.keepAlive;
    this.chain = chain;
    this.mempool = mempool;
    this.peers = new PeerTable(ports, settings, shared.peers);
    this.timeOffset = new TimeOffset();
    this.#initialDownload = new InitialDownload(shared.chain.params, settings.maxTipAge);
    this.requiredVersion = 0;
    this.#alarm = Number.POSITIVE_INFINITY;
    this.#poolTip = new LazyPoolTip(chain, shared.chain);
    this.epochChanged();
  }

  get params(): Params {
    return this.shared.chain.params;
  }

  /** Unix seconds by this node's clock. */
  get seconds(): number {
    return this.ports.seconds();
  }

  /** Unix seconds by this node's clock and its peers'. */
  get adjustedTime(): number {
    return this.seconds + this.timeOffset.offset;
  }

  /** Whether this node thinks that it is far behind. Reading from disk is the host's business and over when peers come. */
  get catchingUp(): boolean {
    if (this.#initialDownload.isOver) return false;
    const { tree } = this.shared.chain;
    const { tip, tipHeight } = this.chain;
    const [work, time] = [tree.work(tip), tree.time(tip)];
    return this.#initialDownload.isOngoing({
      height: tipHeight,
      work,
      time,
      clock: this.seconds,
      importing: false,
    });
  }

  /** Both, as the pool wants them. */
  get poolClock(): PoolClock {
    const now = this.seconds;
    return { now, adjustedTime: now + this.timeOffset.offset };
  }

  /** The tip as the pool looks at it: no state is prepared unless it asks. */
  get poolTip(): PoolTip {
    return this.#poolTip;
  }

  /** The block of a row, if this node has it still. */
  block(row: number): Block | undefined {
    const block = this.chain.block(row);
    return block === "pruned" ? undefined : block;
  }

  /** Asks to be woken by then at the latest. */
  wakeBy(time: number): void {
    if (time >= this.#alarm) return;
    this.#alarm = time;
    this.ports.wakeAt(time);
  }

  /** The host woke the node: what is still to come has to be asked for again. */
  woken(): void {
    this.#alarm = Number.POSITIVE_INFINITY;
  }

  /** A number below `bound`, at most 2^32, by chance. */
  below(bound: number): number {
    const unfair = 0x1_0000_0000 % bound;
    let draw = this.ports.bits32();
    while (draw < unfair) draw = this.ports.bits32();
    return draw % bound;
  }

  /** The tip moved. Source: fluxd src/main.cpp ProcessMessage, GetEpoch. */
  epochChanged(): void {
    const { upgrades } = this.params;
    const required = upgrades[currentUpgrade(upgrades, this.chain.tipHeight)].protocolVersion;
    if (required === this.requiredVersion) return;
    this.requiredVersion = required;
    for (const peer of this.peers.all) peer.settled = false;
  }
}

class LazyPoolTip implements PoolTip {
  readonly #chain: ChainView;
  readonly #shared: SharedChain;

  constructor(chain: ChainView, shared: SharedChain) {
    this.#chain = chain;
    this.#shared = shared;
  }

  get state(): StateView {
    return this.#chain.state();
  }

  get medianTime(): number {
    return medianTimePast(this.#shared.tree.history(this.#chain.tip));
  }
}
