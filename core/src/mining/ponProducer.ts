import { equalBytes } from "../bytes/compare.ts";
import { signDer } from "../crypto/der.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { KeyPair } from "../crypto/keys.ts";
import type { Params } from "../params/params.ts";
import type { Block } from "../primitives/block.ts";
import { blockHash } from "../primitives/header.ts";
import type { BlockHash } from "../primitives/ids.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { slotNumber, slotStart } from "../rules/pon.ts";
import { SECONDS_AFTER_PARENT, SECONDS_PER_RANK } from "../rules/ponSchedule.ts";
import { assert } from "../util/assert.ts";
import type { SlotDraws } from "./slotDraws.ts";

// What a FluxNode does about proof of node: when it makes a block, and how that is signed. Ranks and waits are manners, not
// consensus. Source: fluxd src/pon/pon-minter.cpp PONMinter.

/** What a producer is to do. Times are Unix seconds by the node's own clock, which its peers do not correct. */
export type ProducerDuty =
  /** Ask again at `until`, or when there is another tip. */
  | { readonly duty: "wait"; readonly until: number; readonly triedSlot: number }
  /** Make the block at `at`, if {@link stillDue} then. */
  | {
      readonly duty: "mint";
      readonly at: number;
      readonly slot: number;
      readonly rank: number;
      readonly parentHash: BlockHash;
      readonly triedSlot: number;
    };

/** No slot tried yet. */
export const NO_SLOT = -1;

/**
 * What the node with this collateral does at `now`, a whole second. It looks at each slot once: `triedSlot` is what the last answer
 * said, {@link NO_SLOT} at first. Only confirmed nodes produce.
 */
export function producerDuty(
  draws: SlotDraws,
  collateral: Outpoint,
  now: number,
  triedSlot: number,
): ProducerDuty {
  const { round, params } = draws;
  const slot = slotNumber(now, params);
  const wait = (until: number, tried: number): ProducerDuty => ({ duty: "wait", until, triedSlot: tried });
  if (slot <= triedSlot) return wait(slotStart(triedSlot + 1, params), triedSlot);
  const earliest = round.parentTime + SECONDS_AFTER_PARENT;
  if (now < earliest) return wait(earliest, triedSlot);
  const rank = draws.rank(slot, collateral);
  if (rank === undefined) return wait(slotStart(slot + 1, params), slot);
  const at = now + SECONDS_PER_RANK * rank;
  if (slotNumber(at, params) !== slot) return wait(slotStart(slot + 1, params), slot);
  return { duty: "mint", at, slot, rank, parentHash: round.parentHash, triedSlot: slot };
}

/** Whether a block that was due is still wanted at `now`: the slot has not passed, and nobody was faster. */
export const stillDue = (
  { slot, parentHash }: Extract<ProducerDuty, { duty: "mint" }>,
  tipHash: Uint8Array,
  now: number,
  params: Params,
): boolean => slotNumber(now, params) === slot && equalBytes(parentHash, tipHash);

/** The block with its producer's signature. `key`: the node's operating key. Source: fluxd src/pon/pon-minter.cpp SignPONBlock. */
export function signPonBlock(
  { header, transactions }: Block,
  key: Pick<KeyPair, "secretKey">,
  ecdsa: EcdsaBackend,
): Block {
  assert(header.kind === "pon", "only proof-of-node blocks are signed");
  const signature = signDer(ecdsa, key.secretKey, blockHash(header));
  return { header: { ...header, signature }, transactions };
}
