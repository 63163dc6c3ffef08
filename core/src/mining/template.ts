import { type ConnectOptions, scriptsOf } from "../chain/blockOnParent.ts";
import { connectBlock, paymentsDueAfter } from "../chain/connectBlock.ts";
import type { PoolEntry } from "../mempool/entry.ts";
import type { Params } from "../params/params.ts";
import { ponHeightReached } from "../params/upgrades.ts";
import type { Block } from "../primitives/block.ts";
import { type BlockHeader, blockHash, PON_VERSION } from "../primitives/header.ts";
import { merkleTree } from "../primitives/merkle.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { txid } from "../primitives/txid.ts";
import { nextBits } from "../rules/difficulty.ts";
import { isEmergencyBlock } from "../rules/emergencyBlock.ts";
import type { PaymentsDue } from "../rules/fluxnode/payoutRules.ts";
import { checkNotFromFuture } from "../rules/headerArrival.ts";
import { checkHeaderAfter, checkTimeAfter } from "../rules/headerRules.ts";
import { MIN_BLOCK_VERSION } from "../rules/limits.ts";
import { medianTimePast } from "../rules/medianTime.ts";
import { EMPTY_SAPLING_ROOT, type UnverifiedProof } from "../rules/shieldedRules.ts";
import type { Violation } from "../rules/violation.ts";
import { assert } from "../util/assert.ts";
import type { Random } from "../util/random.ts";
import { findCandidates, type TemplatePool } from "./candidates.ts";
import { coinbaseTransaction } from "./coinbase.ts";
import { firstNonce } from "./nonce.ts";
import { select, type TemplateEntry } from "./selection.ts";
import type { TemplateContext, TemplateParent } from "./templateContext.ts";
import { DEFAULT_TEMPLATE_SETTINGS, type TemplateSettings, withinLimits } from "./templateSettings.ts";

/** What a block is to be made of. */
export interface TemplateRequest {
  readonly parent: TemplateParent;
  /** Stands on the parent. */
  readonly pool: TemplatePool;
  /** Script of the first output: the miner's, or under proof of node the dev fund's (`devFundScript`). */
  readonly payTo: Uint8Array;
  /** Unix seconds. A proof-of-node block has this time; a proof-of-work block has it unless its parents' median is later. */
  readonly time: number;
  /**
   * Unix seconds by the maker's clock and its peers: a block that is further ahead of it than clocks let in is of no use now.
   * Left out: no clock is asked.
   */
  readonly adjustedTime?: number;
  /** Collateral that the header names under proof of node; not looked at before. */
  readonly producer: Outpoint;
  /** The first nonce of proof of work. */
  readonly random: Random;
  readonly settings?: TemplateSettings;
  /** What the operator thinks of a transaction; see Boost. */
  readonly boostOf?: TemplateContext["boostOf"] | undefined;
}

/** A block that lacks only its proof. */
export interface BlockTemplate {
  readonly height: number;
  /** Without solution or signature. */
  readonly block: Block;
  /** The block's transactions after the coinbase. */
  readonly entries: readonly TemplateEntry[];
  /** Satoshi. */
  readonly fees: bigint;
  /** What the coinbase pays the tiers. */
  readonly due: PaymentsDue;
  /** Least time the header may have, Unix seconds. */
  readonly minTime: number;
}

/** What came of a request. `unfit` entries are of no use to any block: the pool should drop them (`Mempool.dropUnfit`). */
export type TemplateOutcome =
  | { readonly outcome: "made"; readonly template: BlockTemplate; readonly unfit: readonly PoolEntry[] }
  /** The block would be invalid, because of `offender` if that is known: without it another attempt may succeed. */
  | {
      readonly outcome: "invalid";
      readonly violation: Violation;
      readonly offender: PoolEntry | undefined;
      readonly unfit: readonly PoolEntry[];
    }
  | {
      readonly outcome: "cannotTell";
      readonly unverified: UnverifiedProof;
      readonly offender: PoolEntry | undefined;
      readonly unfit: readonly PoolEntry[];
    };

/**
 * The next block from what a pool holds, judged by the rules of blocks as far as it is there: all but its proof. Clock and
 * chance come with the request. Source: fluxd src/miner.cpp CreateNewBlock, src/main.cpp TestBlockValidity.
 */
export function createTemplate(
  request: TemplateRequest,
  params: Params,
  options: ConnectOptions,
): TemplateOutcome {
  const { parent, pool, payTo, settings = DEFAULT_TEMPLATE_SETTINGS, boostOf } = request;
  const { state, headers } = parent;
  assert(state.height === headers.height, "state and headers are those of one parent");
  const height = state.height + 1;
  const medianTime = medianTimePast(headers);
  const context = { state, height, medianTime, params, options, boostOf };

  const { candidates, unfit } = findCandidates(pool, context);
  const { chosen, fees } = select(candidates, context, withinLimits(settings));
  const due = paymentsDueAfter(state, params);
  const scriptOf = scriptsOf(params);
  const coinbase = coinbaseTransaction({ height, payTo, fees, due, params, scriptOf });
  const transactions = [coinbase, ...chosen.map(({ entry }) => entry.tx)];
  const merkleRoot = merkleTree([txid(coinbase), ...chosen.map(({ entry }) => entry.txid)]).root;
  const block = { header: templateHeader(request, merkleRoot, params), transactions };

  const fault = testTemplate(block, request, params, options);
  if (fault !== undefined) {
    const { transaction, ...what } = fault;
    return { ...what, offender: chosen[transaction - 1]?.entry, unfit };
  }
  const minTime = minTimeAfter(parent, params);
  return { outcome: "made", template: { height, block, entries: chosen, fees, due, minTime }, unfit };
}

/** Script that the first output of a proof-of-node coinbase pays. */
export const devFundScript = (params: Params): Uint8Array => scriptsOf(params)(params.funds.devAddress);

/** Least time of the next header, Unix seconds: after the median of its parents, or under proof of node after its parent. */
export const minTimeAfter = ({ headers }: TemplateParent, params: Params): number =>
  (ponHeightReached(params.upgrades, headers.height + 1)
    ? headers.time(headers.height)
    : medianTimePast(headers)) + 1;

/** A header that lacks its solution or signature. */
function templateHeader(
  { parent, time, producer, random }: TemplateRequest,
  merkleRoot: Uint8Array,
  params: Params,
): BlockHeader {
  const { state, headers } = parent;
  const common = { previousHash: state.blockHash, merkleRoot, saplingRoot: EMPTY_SAPLING_ROOT };
  if (ponHeightReached(params.upgrades, headers.height + 1)) {
    const bits = nextBits(headers, time, params);
    return {
      kind: "pon",
      version: PON_VERSION,
      ...common,
      time,
      bits,
      collateral: producer,
      signature: NO_BYTES,
    };
  }
  const later = Math.max(minTimeAfter(parent, params), time);
  const bits = nextBits(headers, later, params);
  const nonce = firstNonce(random);
  return {
    kind: "pow",
    version: MIN_BLOCK_VERSION,
    ...common,
    time: later,
    bits,
    nonce,
    solution: NO_BYTES,
  };
}

const NO_BYTES = new Uint8Array(0);

type Fault = { readonly transaction: number } & (
  | { readonly outcome: "invalid"; readonly violation: Violation }
  | { readonly outcome: "cannotTell"; readonly unverified: UnverifiedProof }
);

/** Position of what is not about a transaction. */
const NOWHERE = 0;

/**
 * What keeps a template from becoming a valid block. Scripts have just been run. fluxd does not test emergency templates; here
 * only their proof is spared, which is signatures that are still to come. Source: fluxd src/main.cpp TestBlockValidity.
 */
function testTemplate(
  block: Block,
  { parent: { state, headers }, adjustedTime }: TemplateRequest,
  params: Params,
  options: ConnectOptions,
): Fault | undefined {
  const { header } = block;
  const brokenHeader =
    (isEmergencyBlock(header, params)
      ? checkTimeAfter(headers, header)
      : checkHeaderAfter(headers, header, blockHash(header), options, params)) ??
    (adjustedTime === undefined
      ? undefined
      : checkNotFromFuture(header, { adjustedTime, tipHeight: headers.height }, params));
  if (brokenHeader !== undefined) {
    return { outcome: "invalid", violation: brokenHeader, transaction: NOWHERE };
  }
  const trust = options.trust === "nothing" ? "scripts" : options.trust;
  const verdict = connectBlock(state, block, params, { ...options, trust, unsigned: true });
  switch (verdict.verdict) {
    case "connected":
      return undefined;
    case "invalid": {
      const { violation } = verdict;
      return {
        outcome: "invalid",
        violation,
        transaction: Number(violation.facts["transaction"] ?? NOWHERE),
      };
    }
    case "cannotTell":
      return { outcome: "cannotTell", unverified: verdict.unverified, transaction: verdict.transaction };
  }
}
