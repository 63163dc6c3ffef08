import type { Params } from "../params/params.ts";
import { upgradeActive } from "../params/upgrades.ts";
import type { Satoshi } from "../primitives/money.ts";
import type { OrdinaryTransaction, Transaction, TxOutput } from "../primitives/transaction.ts";
import { SAPLING_VERSION } from "../primitives/transaction.ts";
import { isExpired } from "./lockTime.ts";
import { isUnspendable } from "./unspendable.ts";

// What a node relays and mines of its own accord. Never a verdict on a block. Source: fluxd src/main.cpp IsStandardTx,
// AcceptToMemoryPool, src/primitives/transaction.h CTxOut, src/amount.cpp CFeeRate.

/** Code of the reject message for what is valid but not relayed. */
export const REJECT_NONSTANDARD = 0x40;

/** Why a valid transaction is not relayed, by fluxd's reason; all charge the sender nothing. */
export type NonStandard =
  | "version"
  | "sapling-version"
  | "scriptsig-size"
  | "scriptsig-not-pushonly"
  | "scriptpubkey"
  | "dust"
  | "multi-op-return";

/** What policy asks of the script layer. */
export interface ScriptPolicy {
  /** Whether a script only pushes. */
  readonly isPushOnly: (script: Uint8Array) => boolean;
  /** Which relayed form an output script has; a bare multisig of more than three keys has none. */
  readonly standardForm: (scriptPubKey: Uint8Array) => "payment" | "nullData" | undefined;
}

const MAX_STANDARD_SCRIPT_SIG_BYTES = 1_650;

/** The first reason not to relay `tx` in a block at `height`. Asked only where {@link Params.requireStandard} is set. */
export function whyNonStandard(
  tx: Transaction,
  height: number,
  params: Params,
  scripts: ScriptPolicy,
): NonStandard | undefined {
  if (tx.kind !== "ordinary") return undefined;
  return (
    nonStandardVersion(tx, upgradeActive(params.upgrades, "acadia", height)) ??
    nonStandardInputs(tx, scripts) ??
    nonStandardOutputs(tx, scripts)
  );
}

function nonStandardVersion({ version }: OrdinaryTransaction, acadia: boolean): NonStandard | undefined {
  if (acadia) return version === SAPLING_VERSION ? undefined : "sapling-version";
  return version === 1 || version === 2 ? undefined : "version";
}

function nonStandardInputs({ inputs }: OrdinaryTransaction, scripts: ScriptPolicy): NonStandard | undefined {
  for (const { scriptSig } of inputs) {
    if (scriptSig.length > MAX_STANDARD_SCRIPT_SIG_BYTES) return "scriptsig-size";
    if (!scripts.isPushOnly(scriptSig)) return "scriptsig-not-pushonly";
  }
  return undefined;
}

function nonStandardOutputs(
  { outputs }: OrdinaryTransaction,
  scripts: ScriptPolicy,
): NonStandard | undefined {
  let nullData = 0;
  for (const output of outputs) {
    const form = scripts.standardForm(output.scriptPubKey);
    if (form === undefined) return "scriptpubkey";
    if (form === "nullData") nullData++;
    else if (isDust(output)) return "dust";
  }
  return nullData > 1 ? "multi-op-return" : undefined;
}

/** Satoshi per 1,000 bytes below which a transaction counts as free. Source: fluxd src/main.h DEFAULT_MIN_RELAY_TX_FEE. */
export const MIN_RELAY_FEE_RATE = 100n;

/** Fee of `bytes` at `rate` satoshi per 1,000, rounded down but never to nothing. Source: fluxd src/amount.cpp GetFee. */
export function feeAtRate(rate: bigint, bytes: number): Satoshi {
  const fee = (rate * BigInt(bytes)) / 1000n;
  return (fee === 0n ? rate : fee) as Satoshi;
}

/** Bytes of the input that would spend a typical output. */
const SPENDING_INPUT_BYTES = 148;

/**
 * Least value of an output that is worth its spending: three times the relay fee of the output and of the input that will
 * spend it. 0 for an output that never will be. Source: fluxd src/primitives/transaction.h CTxOut::GetDustThreshold.
 */
export function dustThreshold(scriptPubKey: Uint8Array): Satoshi {
  if (isUnspendable(scriptPubKey)) return 0n as Satoshi;
  const scriptLengthBytes = scriptPubKey.length < 0xfd ? 1 : 3;
  const outputBytes = 8 + scriptLengthBytes + scriptPubKey.length;
  return (3n * feeAtRate(MIN_RELAY_FEE_RATE, outputBytes + SPENDING_INPUT_BYTES)) as Satoshi;
}

/** Whether an output is worth less than {@link dustThreshold}, and so is not relayed. */
export const isDust = ({ value, scriptPubKey }: TxOutput): boolean => value < dustThreshold(scriptPubKey);

/** Blocks a transaction must still have before it expires. Source: fluxd src/main.h TX_EXPIRING_SOON_THRESHOLD. */
const EXPIRING_SOON_BLOCKS = 3;

/** Whether `tx` is refused for the block at `nextHeight` because it is about to expire ("tx-expiring-soon"). */
export const isExpiringSoon = (tx: Transaction, nextHeight: number): boolean =>
  tx.kind === "ordinary" && isExpired(tx, nextHeight + EXPIRING_SOON_BLOCKS);
