import {
  type AssetLedger,
  type AssetOperation,
  type AssetParams,
  applyBlock,
  assert,
  type ChainId,
  flux,
  NATIVE_CHAIN,
  openEntitlements,
  openLedger,
} from "@fluxlab/core";

// An asset ledger on which somebody has coins to swap: the holders' row of the whitepaper's table, claimed where it must be.

/** Who has them all. */
export const HOLDER = "holder";
const HOLDINGS = flux(125_000_000n);

/** What the holder has on `chain` before the first swap, satoshi. */
export const heldOn = (chain: ChainId): bigint => (chain === NATIVE_CHAIN ? HOLDINGS : HOLDINGS / 10n);

/** Blocks of the native chain in which the holder's coins come to one parallel chain. */
export const OPENING_BLOCKS = 2;

/**
 * A ledger with `chains` released and the holder's coins claimed there, each in {@link OPENING_BLOCKS} of the native chain, whose
 * height was `height` before.
 */
export const heldLedger = (assets: AssetParams, chains: readonly ChainId[], height = 0): AssetLedger =>
  chains.reduce(release, openLedger(assets, { nativeEmitted: HOLDINGS, tips: [height] }));

/** Opens a parallel chain and gives the holder a tenth of the native holdings there. */
function release(ledger: AssetLedger, chain: ChainId): AssetLedger {
  if (chain === NATIVE_CHAIN) return ledger;
  const released = nextBlock(ledger, NATIVE_CHAIN, [
    { type: "snapshot", chain, height: 0, balances: [{ owner: HOLDER, amount: HOLDINGS }] },
    { type: "releaseChain", chain },
  ]);
  const entitlements = openEntitlements(released, HOLDER, chain, 0, 0);
  return nextBlock(released, NATIVE_CHAIN, [{ type: "claim", chain, owner: HOLDER, entitlements }]);
}

/** Adds the next block of `chain`; the ledger must accept what it holds. */
export function nextBlock(
  ledger: AssetLedger,
  chain: ChainId,
  operations: readonly AssetOperation[],
): AssetLedger {
  const height = ledger.chains[chain]!.tip + 1;
  const applied = applyBlock(ledger, { chain, height, operations });
  const [refused] = applied.rejected;
  assert(refused === undefined, `the flow asks too much: ${refused?.rejection.reason}`);
  return applied.ledger;
}
