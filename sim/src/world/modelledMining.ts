import {
  type Block,
  buildScript,
  createTemplate,
  FINAL_SEQUENCE,
  type FullNode,
  modelledBlock,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  numberPart,
  type OrdinaryTransaction,
  ponHeightReached,
  powCandidate,
  type Random,
  SAPLING_GROUP_ID,
  SAPLING_VERSION,
  type SharedChain,
  txid,
} from "@fluxlab/core";

/** Anybody may spend what blocks pay. */
export const anyoneCanSpend = buildScript(numberPart(1));

/**
 * The next block on a node's tip, from its pool, where proof of work is modelled; undefined if rules forbid one now, as those of
 * proof of node do.
 * `time`: what the node's clock shows, Unix seconds.
 */
export function mineModelledBlock(
  node: FullNode,
  { params, verifier }: SharedChain,
  time: number,
  random: Random,
): Block | undefined {
  if (ponHeightReached(params.upgrades, node.chain.tipHeight + 1)) return undefined;
  const parent = { state: node.chain.state(), headers: node.chain.headers() };
  const request = {
    parent,
    pool: node.mempool.pool,
    payTo: anyoneCanSpend,
    time,
    producer: NULL_OUTPOINT,
    random,
  };
  const made = createTemplate(request, params, { ecdsa: verifier.ecdsa, trust: "nothing" });
  node.mempool.dropUnfit(made.unfit);
  if (made.outcome !== "made") return undefined;
  const { template } = made;
  return modelledBlock(powCandidate(template, 1), template.height, params);
}

/** Satoshi left to whoever mines a spend. */
const SPENDING_FEE = 10_000n;

/**
 * Spends the coinbase of a block that is just old enough, one of the last few drawn by chance, to anybody; undefined if there is
 * none, or it is spent.
 */
export function spendAnyones(node: FullNode, random: Random): OrdinaryTransaction | undefined {
  const { tree, params } = node.chain.shared;
  const height = node.chain.tipHeight - params.coinbaseMaturity - random.below(10);
  if (height <= tree.height(tree.root)) return undefined;
  const block = node.chain.block(tree.ancestor(node.chain.tip, height));
  if (block === undefined || block === "pruned") return undefined;
  const outpoint = { txid: txid(block.transactions[0]!), index: 0 };
  const coin = node.chain.state().coin(outpoint);
  if (coin === undefined || coin.scriptPubKey.length !== anyoneCanSpend.length) return undefined;
  return {
    kind: "ordinary",
    overwintered: true,
    version: SAPLING_VERSION,
    versionGroupId: SAPLING_GROUP_ID,
    inputs: [{ prevout: outpoint, scriptSig: new Uint8Array(), sequence: FINAL_SEQUENCE }],
    outputs: [{ value: coin.value - SPENDING_FEE, scriptPubKey: anyoneCanSpend }],
    lockTime: 0,
    expiryHeight: 0,
    shielded: NOTHING_SHIELDED,
  };
}
