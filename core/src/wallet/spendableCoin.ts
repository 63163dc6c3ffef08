import { compareOutpoints, OUTPOINT_BYTES, type Outpoint } from "../primitives/outpoint.ts";
import type { TxOutput } from "../primitives/transaction.ts";
import { matchTemplate } from "../script/standard.ts";

/** An unspent output and what its owner must know to spend it. */
export interface SpendableCoin {
  readonly outpoint: Outpoint;
  readonly output: TxOutput;
  /** What a P2SH output hashes; absent for the others. */
  readonly redeemScript?: Uint8Array;
  /** Length of the key whose hash the output names, where there is one: 33 unless said otherwise. */
  readonly publicKeyBytes?: 33 | 65;
}

/** A push of the longest signature wallets make (low S) with its hash type. */
const SIGNATURE_PUSH_BYTES = 1 + 71 + 1;

/** The element CHECKMULTISIG drops. */
const DUMMY_PUSH_BYTES = 1;

const SEQUENCE_BYTES = 4;

/** Bytes of a CompactSize. */
export const compactSizeBytes = (value: number): number => (value < 0xfd ? 1 : value <= 0xffff ? 3 : 5);

/** Bytes that push `length` bytes of data, themselves included. */
const pushBytes = (length: number): number => length + (length < 0x4c ? 1 : length <= 0xff ? 2 : 3);

/**
 * Most bytes a scriptSig for `scriptPubKey` has, undefined if it is of no form this wallet can spend. A signature may turn
 * out a byte or two shorter.
 */
function scriptSigBytesMax(scriptPubKey: Uint8Array, coin: SpendableCoin): number | undefined {
  const template = matchTemplate(scriptPubKey);
  switch (template?.type) {
    case "publicKey":
      return SIGNATURE_PUSH_BYTES;
    case "keyHash":
      return SIGNATURE_PUSH_BYTES + pushBytes(coin.publicKeyBytes ?? 33);
    case "multisig":
      return DUMMY_PUSH_BYTES + template.required * SIGNATURE_PUSH_BYTES;
    case "scriptHash": {
      const { redeemScript } = coin;
      if (redeemScript === undefined || matchTemplate(redeemScript)?.type === "scriptHash") return undefined;
      const inner = scriptSigBytesMax(redeemScript, coin);
      return inner === undefined ? undefined : inner + pushBytes(redeemScript.length);
    }
    default:
      return undefined;
  }
}

/** Most bytes of the signed input that spends `coin`, undefined if this wallet cannot spend it. */
export function inputBytesMax(coin: SpendableCoin): number | undefined {
  const scriptSig = scriptSigBytesMax(coin.output.scriptPubKey, coin);
  if (scriptSig === undefined) return undefined;
  return OUTPOINT_BYTES + compactSizeBytes(scriptSig) + scriptSig + SEQUENCE_BYTES;
}

/** Largest value first, then by outpoint: a total order, so equal coins are always taken in the same order. */
export function compareCoins(a: SpendableCoin, b: SpendableCoin): number {
  const difference = b.output.value - a.output.value;
  return difference === 0n ? compareOutpoints(a.outpoint, b.outpoint) : difference > 0n ? 1 : -1;
}
