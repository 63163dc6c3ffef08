import {
  type Block,
  buildScript,
  createTemplate,
  type FullNode,
  modelledBlock,
  NULL_OUTPOINT,
  nobleEcdsa,
  numberPart,
  powCandidate,
  type Random,
  type SharedChain,
} from "@fluxlab/core";

/** Anybody may spend what blocks pay; nobody of this world does. */
const PAY_TO = buildScript(numberPart(1));

/**
 * The next block on a node's tip, from its pool, where proof of work is modelled; undefined if rules forbid one now.
 * `time`: what the node's clock shows, Unix seconds.
 */
export function mineModelledBlock(
  node: FullNode,
  { params }: SharedChain,
  time: number,
  random: Random,
): Block | undefined {
  const parent = { state: node.chain.state(), headers: node.chain.headers() };
  const request = { parent, pool: node.mempool.pool, payTo: PAY_TO, time, producer: NULL_OUTPOINT, random };
  const made = createTemplate(request, params, { ecdsa: nobleEcdsa, trust: "nothing" });
  node.mempool.dropUnfit(made.unfit);
  if (made.outcome !== "made") return undefined;
  const { template } = made;
  return modelledBlock(powCandidate(template, 1), template.height, params);
}
