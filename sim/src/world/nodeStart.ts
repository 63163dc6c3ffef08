import {
  assert,
  type Block,
  ChainView,
  DEFAULT_NODE_SETTINGS,
  FullNode,
  type Params,
  type PeerRows,
  type Random,
  rulesId,
  type SharedChain,
  type SharedChains,
  SharedMessages,
  type SharedStores,
  startUpRewind,
} from "@fluxlab/core";
import type { NetworkPlan } from "./networkPlan.ts";
import { addressOfNode } from "./nodeAddresses.ts";
import { type PortsHost, VirtualPorts } from "./virtualPorts.ts";

/** What a node finds on its disk when it starts again: everything, all but the last blocks, or nothing. */
export type Disk =
  | { readonly kind: "whole" }
  | { readonly kind: "torn"; readonly blocks: number }
  | { readonly kind: "wiped" };

/** What all nodes of a world share, whatever their rules. */
interface StartStores {
  readonly chains: SharedChains;
  readonly peers: PeerRows;
}

/** Starts nodes, the first time and after they were down. */
export class NodeStart {
  readonly #chains: SharedChains;
  readonly #peers: PeerRows;
  readonly #plan: NetworkPlan;
  readonly #host: PortsHost;
  readonly #root: Random;
  /** By rulesId. */
  readonly #stores = new Map<string, SharedStores>();
  readonly #historyTip: number;
  readonly #lives: Uint32Array;

  constructor({ chains, peers }: StartStores, plan: NetworkPlan, host: PortsHost, root: Random) {
    this.#chains = chains;
    this.#peers = peers;
    this.#plan = plan;
    this.#host = host;
    this.#root = root;
    this.#lives = new Uint32Array(plan.nodes);
    this.#historyTip = 0;
    const everyRules = [plan.params, ...(plan.late === undefined ? [] : [plan.late.params])];
    for (const params of everyRules) {
      this.#historyTip = connectAll(chains.under(params), plan.history?.blocks ?? [], plan.startSeconds);
    }
  }

  /** A node as the plan has it. */
  first(node: number): FullNode {
    const { late, params } = this.#plan;
    const made = this.#make(node, late?.nodes.includes(node) === true ? late.params : params);
    if (this.#historyTip !== 0) made.chain.restore(this.#historyTip);
    return made;
  }

  /** A node that was down, with what of its chain is left. */
  again(node: number, was: ChainView, disk: Disk, params: Params): FullNode {
    const made = this.#make(node, params);
    if (disk.kind === "wiped") return made;
    const upTo = this.#left(was, disk, params);
    if (upTo !== undefined) made.chain.restart(was, upTo);
    return made;
  }

  #make(node: number, params: Params): FullNode {
    const settings = {
      ...DEFAULT_NODE_SETTINGS,
      useCheckpoints: false,
      keepAlive: this.#plan.keepAlive,
      listens: addressOfNode(node, params.p2pPort, DEFAULT_NODE_SETTINGS.services),
    };
    const life = this.#lives[node]!++;
    const label = life === 0 ? `node ${node}` : `node ${node} life ${life}`;
    return new FullNode(
      this.#storesUnder(params),
      new VirtualPorts(this.#host, node, this.#root.fork(label)),
      settings,
    );
  }

  #storesUnder(params: Params): SharedStores {
    const id = rulesId(params);
    const chain = this.#chains.under(params);
    const known = this.#stores.get(id);
    // Rules that nobody kept to for a while are shared anew.
    if (known?.chain === chain) return known;
    const messages = new SharedMessages(chain, DEFAULT_NODE_SETTINGS.protocolVersion);
    const stores = { chain, messages, peers: this.#peers };
    this.#stores.set(id, stores);
    return stores;
  }

  /** Row of the last block that a disk has for these rules; undefined: the operator has to begin anew. */
  #left(was: ChainView, disk: Disk, params: Params): number | undefined {
    const { tree } = was.shared;
    const rewind = startUpRewind(was.shared.params, params, was.tipHeight);
    if (rewind.outcome === "refused") return undefined;
    const lost = disk.kind === "torn" ? disk.blocks : 0;
    const height = Math.min(was.tipHeight - lost, rewind.outcome === "kept" ? was.tipHeight : rewind.height);
    const root = tree.height(tree.root);
    return tree.ancestor(was.tip, Math.max(height, root));
  }
}

/** Row of the last of the blocks, which all connect. */
function connectAll(shared: SharedChain, blocks: readonly Block[], time: number): number {
  const view = new ChainView(shared, { useCheckpoints: false });
  for (const block of blocks) {
    const { result } = view.acceptBlock(block, time);
    assert(result.outcome === "active", "a history's blocks connect");
  }
  return view.tip;
}
