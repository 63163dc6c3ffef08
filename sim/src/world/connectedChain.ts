import {
  BaseState,
  type Block,
  type ChainStart,
  ChainView,
  type EquihashVerifier,
  headersLookedAt,
  nobleEcdsa,
  type Params,
  SharedChains,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";

/** A chain that was connected elsewhere, as far as a world needs it to go on from there. */
export interface ConnectedChain {
  /** Of the network whose chain it is. */
  readonly params: Params;
  readonly start: ChainStart & { readonly state: BaseState };
}

/** Why blocks make no chain to begin with. */
export class NoChain extends Error {}

/** Solutions were verified by the nodes that the blocks come from. */
const believing: EquihashVerifier = {
  check: () => undefined,
  checkAll: (claims) => claims.map(() => undefined),
};

/** Blocks between looks at what is buried and can be folded. */
const FOLD_EVERY = 1_000;

/**
 * Connects blocks of a network, in whatever order they come, and takes the best chain up to `height`, or all of it. All rules are
 * asked but for signatures, scripts and solutions, which are believed: `flux-check chain` is for those.
 * @throws NoChain saying which block is wrong, or that there are none
 */
export function connectedChain(
  genesis: Block,
  blocks: Iterable<Block>,
  params: Params,
  height: number | undefined,
): ConnectedChain {
  const chains = new SharedChains(genesis, { ecdsa: nobleEcdsa, trust: "signatures", equihash: believing });
  const shared = chains.under({ ...params, checkpoints: {} });
  const view = new ChainView(shared, { useCheckpoints: false });
  const waiting = new Map<string, Block[]>();
  let clock = 0;
  let taken = 0;
  for (const block of blocks) {
    clock = Math.max(clock, block.header.time);
    taken += takeIn(view, block, clock, waiting);
    if (taken % FOLD_EVERY === 0) chains.fold([view], height);
  }
  const last = height ?? view.tipHeight;
  if (view.tipHeight === 0) throw new NoChain(`there is no chain of ${params.name} above genesis in it`);
  if (last > view.tipHeight || last === 0) {
    throw new NoChain(
      `expected a height from 1 to ${view.tipHeight}, where its best chain ends, got ${last}`,
    );
  }
  const { tree } = shared;
  const row = tree.ancestor(view.tip, last);
  const state = new BaseState();
  state.copy(shared.stateAfter(row));
  const lowest = tree.ancestor(row, Math.max(0, last - headersLookedAt(params) + 1));
  const headers = [lowest, ...tree.path(lowest, row)].map((each) => tree.header(each));
  const block = shared.blocks.block(shared.connectedContent(row)!);
  return { params, start: { headers, block, state } };
}

/** How many blocks a view took in by one: those that waited for it as well. */
function takeIn(view: ChainView, block: Block, clock: number, waiting: Map<string, Block[]>): number {
  const { tree } = view.shared;
  let taken = 0;
  for (const next = [block]; next.length > 0; ) {
    const each = next.pop()!;
    const { result } = view.acceptBlock(each, clock);
    const hash = tree.hashOf(each.header);
    if (result.outcome === "unknownParent") {
      const parent = toWireHex(each.header.previousHash);
      waiting.set(parent, [...(waiting.get(parent) ?? []), each]);
      continue;
    }
    if (result.outcome === "cannotTell")
      throw new NoChain(`block ${toDisplayHex(hash)} has a proof that cannot be verified here`);
    taken++;
    const name = toWireHex(hash);
    next.push(...(waiting.get(name) ?? []));
    waiting.delete(name);
  }
  return taken;
}
