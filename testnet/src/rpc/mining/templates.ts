import { randomBytes } from "node:crypto";
import {
  type BlockTemplate,
  createTemplate,
  devFundScript,
  type GenerateOptions,
  NULL_OUTPOINT,
  type Outpoint,
  Random,
  rejectReason,
  type TemplateOutcome,
} from "@fluxlab/core";
import type { CommandContext } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";

/** Two blocks made in one second on one parent are two all the same: the first may have been invalidated by hand. */
export const freshChance = (): Random => Random.root(randomBytes(16).toString("hex"));

/** What templates of this node have in common. */
export const nextTemplateContext = ({
  api,
  boosts,
}: CommandContext): Pick<GenerateOptions, "params" | "adjustedTime" | "ecdsa" | "trust" | "boostOf"> => ({
  params: api.params,
  adjustedTime: api.node.adjustedTime,
  ecdsa: api.node.chain.shared.verifier.ecdsa,
  trust: "nothing",
  boostOf: (txid) => boosts.of(txid),
});

/**
 * A template on the tip that pays `payTo`, or under proof of node the fund. The signature is still to be put in, and the producer if none
 * is given. @throws RpcError with the rule that it would break
 */
export function templateOnTip(
  context: CommandContext,
  payTo: Uint8Array,
  producer: Outpoint = NULL_OUTPOINT,
): BlockTemplate {
  const made = attemptOnTip(context, payTo, producer);
  if (made.outcome === "made") return made.template;
  const why = made.outcome === "invalid" ? rejectReason(made.violation) : `cannot verify ${made.unverified}`;
  throw new RpcError(RPC.misc, `CreateNewBlock(): TestBlockValidity failed: ${why}`);
}

/** The same with what is wrong as data. Transactions that are to blame are out of the pool. */
export function attemptOnTip(
  context: CommandContext,
  payTo: Uint8Array,
  producer: Outpoint,
): TemplateOutcome {
  const { api } = context;
  const { chain, mempool } = api.node;
  const common = nextTemplateContext(context);
  const isPon = chain.tipHeight + 1 >= api.params.upgrades.pon.height;
  const request = {
    parent: { state: chain.state(), headers: chain.headers() },
    pool: mempool.pool,
    payTo: isPon ? devFundScript(api.params) : payTo,
    time: common.adjustedTime,
    adjustedTime: common.adjustedTime,
    producer,
    random: freshChance(),
    ...(common.boostOf === undefined ? {} : { boostOf: common.boostOf }),
  };
  const made = createTemplate(request, api.params, common);
  mempool.dropUnfit(made.unfit);
  if (made.outcome !== "made" && made.offender !== undefined) mempool.dropUnfit([made.offender]);
  return made;
}
