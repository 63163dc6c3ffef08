import { equalBytes } from "../bytes/compare.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { KeyPair } from "../crypto/keys.ts";
import type { Params } from "../params/params.ts";
import { DISABLED } from "../params/upgrades.ts";
import {
  type FluxnodeConfirm,
  type FluxnodeStart,
  INITIAL_CONFIRM,
  UPDATE_CONFIRM,
} from "../primitives/fluxnodeTx.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import {
  COLLATERAL_MATURITY,
  dosReleaseHeight,
  fluxnodesActive,
  ipChangeDistance,
  nextUpdateHeight,
  updateAllowed,
  updateDistance,
} from "../rules/fluxnode/lifecycle.ts";
import type { FluxnodeRecord } from "../rules/fluxnode/record.ts";
import { collateralTier } from "../rules/fluxnode/tier.ts";
import type { StateView } from "../state/stateView.ts";
import type { Random } from "../util/random.ts";
import {
  type BenchmarkResult,
  signBenchmark,
  signConfirm,
  signStart,
  startVersion5,
} from "../wallet/fluxnodeBuilder.ts";

// What an operator owes his FluxNode, by height: when to START, CONFIRM and UPDATE it. The daemon does the latter two by itself; a
// START is its owner's command, due here as soon as it may be, and an UPDATE for a new ip is what FluxOS asks for.
// Source: fluxd src/fluxnode/activefluxnode.cpp ManageDeterministricFluxnode.

/** A node as its operator knows it. */
export interface OwnNode {
  readonly collateral: Outpoint;
  /** Where it is to be found now; undefined: leave alone what the chain says. */
  readonly ip: Uint8Array | undefined;
}

/** What this operator did before, and what of it is still on its way. */
export interface OperatorMemory {
  /** Whether a transaction about the node is in this host's pool. */
  readonly waiting: boolean;
  /** Height of the tip when the last CONFIRM was made; 0 if none was. */
  readonly lastTried: number;
}

/** Kinds of CONFIRM. */
export type ConfirmKind = typeof INITIAL_CONFIRM | typeof UPDATE_CONFIRM;

/** What is to be done with the chain as it is. */
export type OperatorDuty =
  | { readonly duty: "start" }
  | { readonly duty: "confirm"; readonly kind: ConfirmKind }
  /** What is in the pool has not reached a block: tell the peers again. */
  | { readonly duty: "resend" }
  /** Ask again when the tip is this high, or the node has moved; undefined: only when the collateral changes. */
  | { readonly duty: "wait"; readonly untilTip: number | undefined };

const wait = (untilTip: number | undefined): OperatorDuty => ({ duty: "wait", untilTip });

/** What to do for a node after the block that `state` is after. */
export function operatorDuty(
  state: StateView,
  own: OwnNode,
  memory: OperatorMemory,
  params: Params,
): OperatorDuty {
  const node = state.fluxnode(own.collateral);
  switch (node?.status) {
    case undefined:
      return startDuty(state, own, memory, params);
    case "started":
      return initialDuty(state.height, memory);
    case "dos":
      return wait(Math.max(state.height + 1, dosReleaseHeight(params, node!.identity.addedHeight)));
    case "confirmed":
      return updateDuty(node!, state.height, own, params);
  }
}

/** A START is due once its collateral can carry a node in the next block. */
function startDuty(
  state: StateView,
  { collateral }: OwnNode,
  { waiting }: OperatorMemory,
  params: Params,
): OperatorDuty {
  const next = state.height + 1;
  const activation = params.upgrades.kamata.height;
  if (!fluxnodesActive(params, next)) return wait(activation === DISABLED ? undefined : activation - 1);
  const coin = state.coin(collateral);
  if (coin === undefined) return wait(undefined);
  if (next - coin.height < COLLATERAL_MATURITY) return wait(coin.height + COLLATERAL_MATURITY - 1);
  if (collateralTier(params, next, coin.value) === undefined) return wait(undefined);
  return { duty: waiting ? "resend" : "start" };
}

/** Blocks that an INITIAL confirm is given before there is another. */
const BLOCKS_BETWEEN_TRIES = 3;

function initialDuty(tip: number, { waiting, lastTried }: OperatorMemory): OperatorDuty {
  if (waiting) return { duty: "resend" };
  if (tip - lastTried > BLOCKS_BETWEEN_TRIES) return { duty: "confirm", kind: INITIAL_CONFIRM };
  return wait(lastTried + BLOCKS_BETWEEN_TRIES + 1);
}

/**
 * An UPDATE is made a block later than it might be: fluxd holds the distance against the tip, not against the block to come.
 * Source: fluxd src/fluxnode/fluxnode.cpp FluxnodeCache::CheckIfNeedsNextConfirm.
 */
function updateDuty(
  { lastConfirmedHeight, ip }: FluxnodeRecord,
  tip: number,
  own: OwnNode,
  params: Params,
): OperatorDuty {
  const next = tip + 1;
  const moved = own.ip !== undefined && !equalBytes(own.ip, ip);
  const due = tip - lastConfirmedHeight > updateDistance(params, tip);
  if ((due || moved) && updateAllowed(params, next, lastConfirmedHeight, moved)) {
    return { duty: "confirm", kind: UPDATE_CONFIRM };
  }
  const update = nextUpdateHeight(params, lastConfirmedHeight, 0, next);
  const ipDistance = ipChangeDistance(params, next);
  return wait(
    moved && ipDistance !== undefined ? Math.min(update, lastConfirmedHeight + ipDistance - 1) : update,
  );
}

/**
 * Blocks until the operator looks again, so that nodes STARTED together do not stay together: 1 to 4 at first, then 1 to 6.
 * Source: fluxd src/main.cpp ConnectTip, numberOfBlocksBeforeNextCheck.
 */
export const blocksToNextLook = (random: Random, first: boolean): number => 1 + random.below(first ? 4 : 6);

/** A benchmark program: adds what it found and its signature. Undefined if it cannot. */
export type Benchmark = (confirm: FluxnodeConfirm) => FluxnodeConfirm | undefined;

/** The benchmark of a laboratory, whose key is known: finds what it is told to find. */
export const labBenchmark =
  (ecdsa: EcdsaBackend, key: KeyPair, find: () => BenchmarkResult): Benchmark =>
  (confirm) =>
    signBenchmark(ecdsa, confirm, find(), key);

/** A CONFIRM that is due, signed by the node and by `benchmark`. `sigTime`: Unix seconds, by the node's clock and its peers. */
export function confirmFor(
  { collateral }: OwnNode,
  kind: ConfirmKind,
  nodeKey: KeyPair,
  sigTime: number,
  ecdsa: EcdsaBackend,
  benchmark: Benchmark,
): FluxnodeConfirm | undefined {
  return benchmark(signConfirm(ecdsa, { collateral, updateType: kind, sigTime }, nodeKey));
}

/** A START that is due, of a collateral paid to a key: version 5, as fluxd always makes them. `sigTime`: as above. */
export function startFor(
  { collateral }: OwnNode,
  nodeKey: Pick<KeyPair, "publicKey">,
  ownerKey: KeyPair,
  sigTime: number,
  ecdsa: EcdsaBackend,
): FluxnodeStart {
  const plan = { collateral, nodeKey: nodeKey.publicKey, collateralKey: ownerKey.publicKey, sigTime };
  return signStart(ecdsa, startVersion5(plan), ownerKey);
}
