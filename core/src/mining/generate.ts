import type { ConnectOptions } from "../chain/blockOnParent.ts";
import type { BlockOutcome, ChainView } from "../chain/chainView.ts";
import type { EquihashSolver } from "../crypto/equihash/solve.ts";
import type { KeyPair } from "../crypto/keys.ts";
import type { Mempool } from "../mempool/mempool.ts";
import { TxPool } from "../mempool/txPool.ts";
import type { Params } from "../params/params.ts";
import { ponHeightReached } from "../params/upgrades.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockHash } from "../primitives/ids.ts";
import { NULL_OUTPOINT, type Outpoint } from "../primitives/outpoint.ts";
import { nextBits } from "../rules/difficulty.ts";
import { medianTimePast } from "../rules/medianTime.ts";
import { checkProofOfNode, ponHash, slotNumber, slotStart } from "../rules/pon.ts";
import { testCollateral } from "../rules/ponBlock.ts";
import { assert } from "../util/assert.ts";
import type { Random } from "../util/random.ts";
import { signPonBlock } from "./ponProducer.ts";
import { mineBlock } from "./powMiner.ts";
import {
  createTemplate,
  devFundScript,
  minTimeAfter,
  type TemplateOutcome,
  type TemplateRequest,
} from "./template.ts";
import type { TemplateParent } from "./templateContext.ts";

// Blocks on demand: as many as are asked for, at once, on a node's own tip. Source: fluxd src/rpc/mining.cpp generate.

/** A FluxNode whose operating key is at hand. */
export interface OwnProducer {
  readonly collateral: Outpoint;
  readonly key: KeyPair;
}

/** What generating needs. */
export interface GenerateOptions extends ConnectOptions {
  readonly params: Params;
  /** Script that proof-of-work blocks pay; those of proof of node pay the dev fund. */
  readonly payTo: Uint8Array;
  /** Unix seconds, by the node's clock and its peers. Blocks that may not have this time have the next they may have. */
  readonly adjustedTime: number;
  /** Of the network's puzzle; asked for only where proof of work is real. */
  readonly solver: () => EquihashSolver;
  readonly random: Random;
  /** Who signs proof-of-node blocks. Not needed on test and regtest, which have a collateral for tests. */
  readonly producers: readonly OwnProducer[];
  /** What waits for a block; kept in step with the chain. Undefined: blocks have no transactions. */
  readonly mempool: Mempool | undefined;
  /** What the operator thinks of a transaction; see Boost. */
  readonly boostOf?: TemplateRequest["boostOf"] | undefined;
}

/** Why there are fewer blocks than were asked for. */
export type GenerateStop =
  | { readonly why: "template"; readonly outcome: Exclude<TemplateOutcome, { outcome: "made" }> }
  /** None of the producers may make a block within {@link MAX_SLOTS_AHEAD} slots. */
  | { readonly why: "noProducer" }
  /** The block did not become the tip. */
  | { readonly why: "refused"; readonly outcome: BlockOutcome };

/** The blocks made, in order, and what ended it before all were. */
export interface Generated {
  readonly hashes: readonly BlockHash[];
  readonly stopped: GenerateStop | undefined;
}

/** Slots that are tried for a producer before giving up. */
export const MAX_SLOTS_AHEAD = 10_000;

/** Puts `count` blocks on the tip of `view`, whose clock is taken to stand at each block's time if that is later. */
export function generateBlocks(view: ChainView, count: number, options: GenerateOptions): Generated {
  const hashes: BlockHash[] = [];
  let stopped: GenerateStop | undefined;
  while (hashes.length < count && stopped === undefined) {
    const block = makeBlock({ state: view.state(), headers: view.headers() }, options);
    stopped = "why" in block ? block : submit(view, block, options);
    if (stopped === undefined) hashes.push(view.tipHash);
  }
  return { hashes, stopped };
}

/** A whole block on a parent, proof and all; nobody has been given it yet. */
export function makeBlock(parent: TemplateParent, options: GenerateOptions): Block | GenerateStop {
  const { params, ecdsa, random, mempool, boostOf } = options;
  const turn = ponHeightReached(params.upgrades, parent.headers.height + 1)
    ? ponTurn(parent, options)
    : powTurn(options);
  if (turn === undefined) return { why: "noProducer" };
  const { producer, time, payTo, key } = turn;
  const request = { parent, pool: mempool?.pool ?? EMPTY_POOL, payTo, time, producer, random, boostOf };
  const made = createTemplate(request, params, options);
  mempool?.dropUnfit(made.unfit);
  if (made.outcome !== "made") return { why: "template", outcome: made };
  const { block } = made.template;
  if (block.header.kind === "pon") return key ? signPonBlock(block, key, ecdsa) : withDummySignature(block);
  const mined = mineBlock(made.template, params, options.solver);
  assert(mined !== undefined, "nothing stops the search");
  return mined;
}

const EMPTY_POOL = new TxPool();

/** Who makes the next block, and when. */
interface Turn {
  readonly producer: Outpoint;
  readonly time: number;
  readonly payTo: Uint8Array;
  /** Undefined: nobody signs. */
  readonly key: KeyPair | undefined;
}

const powTurn = ({ payTo, adjustedTime }: GenerateOptions): Turn => ({
  producer: NULL_OUTPOINT,
  time: adjustedTime,
  payTo,
  key: undefined,
});

/** The first of the own producers to draw a slot, or the collateral for tests; undefined if nobody does for long. */
function ponTurn(parent: TemplateParent, options: GenerateOptions): Turn | undefined {
  const { params, producers, adjustedTime } = options;
  const { headers, state } = parent;
  const bits = nextBits(headers, undefined, params);
  const earliest = Math.max(adjustedTime, minTimeAfter(parent, params));
  const test = testCollateral(params);
  const candidates: readonly { collateral: Outpoint; key: KeyPair | undefined }[] =
    test === undefined ? producers : [{ collateral: test, key: undefined }];
  const firstSlot = slotNumber(earliest, params);
  for (let slot = firstSlot; slot < firstSlot + MAX_SLOTS_AHEAD; slot++) {
    const drawn = candidates.find(({ collateral }) =>
      checkProofOfNode(ponHash(collateral, state.blockHash, slot), bits, headers.height + 1, params),
    );
    if (drawn === undefined) continue;
    const time = Math.max(earliest, slotStart(slot, params));
    return { producer: drawn.collateral, time, payTo: devFundScript(params), key: drawn.key };
  }
  return undefined;
}

/** What fluxd puts where nothing is checked. */
const DUMMY_SIGNATURE_BYTES = 64;

function withDummySignature({ header, transactions }: Block): Block {
  assert(header.kind === "pon", "proof-of-work blocks have no signature");
  return { header: { ...header, signature: new Uint8Array(DUMMY_SIGNATURE_BYTES) }, transactions };
}

/** Takes the block in as if it had come from a peer, and lets the pool know. */
function submit(view: ChainView, block: Block, options: GenerateOptions): GenerateStop | undefined {
  const clock = Math.max(options.adjustedTime, block.header.time);
  const { result } = view.acceptBlock(block, clock);
  if (result.outcome !== "active") return { why: "refused", outcome: result };
  const pool = options.mempool;
  pool?.blockConnected(block.transactions, view.tipHeight, { now: clock, adjustedTime: clock });
  pool?.tipSettled({ state: view.state(), medianTime: medianTimePast(view.headers()) }, false);
  return undefined;
}
