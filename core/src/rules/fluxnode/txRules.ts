import {
  collateralOf,
  delegatesValid,
  type FluxnodeConfirm,
  type FluxnodeStart,
  type FluxnodeTransaction,
  fluxTxFlags,
  INITIAL_CONFIRM,
  UPDATE_CONFIRM,
} from "../../primitives/fluxnodeTx.ts";
import { isNullOutpoint } from "../../primitives/outpoint.ts";
import { TIERS } from "../../primitives/tier.ts";
import { MAX_SCRIPT_BYTES } from "../limits.ts";
import { type Violation, violation } from "../violation.ts";

// What one FluxNode transaction must satisfy wherever it stands.
// Source: fluxd src/main.cpp CheckTransactionWithoutProofVerification. Its first rule, that a FluxNode transaction has no
// inputs or outputs of any kind (bad-txns-fluxnode-tx-not-empty), holds by the type.

/** What these rules ask of the layers that know scripts, keys and the state of nodes. */
export interface FluxnodeVerifier {
  /** Whether a redeem script is of the bare multisig form. */
  readonly isMultisig: (redeemScript: Uint8Array) => boolean;
  /**
   * Whether all signatures of the transaction hold. A CONFIRM of an unknown node is judged by its benchmark signature
   * alone. Source: fluxd src/fluxnode/fluxnode.cpp CheckFluxnodeTxSignatures.
   */
  readonly signaturesValid: (tx: FluxnodeStart | FluxnodeConfirm) => boolean;
}

/** The first rule `tx` breaks, in fluxd's order. */
export function checkFluxnodeTx(tx: FluxnodeTransaction, verifier: FluxnodeVerifier): Violation | undefined {
  if (tx.kind === "fluxnodeUnknown") return violation("bad-txns-fluxnode-tx-invalid-type", { type: tx.type });
  if (isNullOutpoint(collateralOf(tx))) return violation("bad-txns-fluxnode-tx-null-prevout");
  if (tx.kind === "fluxnodeConfirm") return checkSignatures(tx, verifier) ?? checkConfirm(tx);
  return checkRedeemScript(tx, verifier) ?? checkDelegates(tx) ?? checkSignatures(tx, verifier);
}

function checkRedeemScript(tx: FluxnodeStart, verifier: FluxnodeVerifier): Violation | undefined {
  if (!fluxTxFlags(tx.fluxTxVersion).p2sh) return undefined;
  const bytes = tx.redeemScript.length;
  if (bytes > MAX_SCRIPT_BYTES) return violation("bad-txns-fluxnode-tx-redeemscript-to-large", { bytes });
  if (!verifier.isMultisig(tx.redeemScript))
    return violation("bad-txns-fluxnode-tx-redeemscript-not-multisig");
  return undefined;
}

function checkDelegates({ delegates }: FluxnodeStart): Violation | undefined {
  if (delegates === undefined || delegatesValid(delegates)) return undefined;
  return violation("bad-txns-fluxnode-tx-delegate-data-invalid", {
    type: delegates.type,
    keys: delegates.keys.length,
  });
}

const checkSignatures = (
  tx: FluxnodeStart | FluxnodeConfirm,
  verifier: FluxnodeVerifier,
): Violation | undefined =>
  verifier.signaturesValid(tx) ? undefined : violation("bad-txns-fluxnode-tx-invalid-signature");

/** Start of the longer addresses, by the time of the benchmark signature. */
const LONG_IP_SINCE = 1_647_262_800;
const MAX_IP_BYTES = 40;
const MAX_LONG_IP_BYTES = 60;

function checkConfirm(tx: FluxnodeConfirm): Violation | undefined {
  const { benchmarkTier, updateType } = tx;
  if (benchmarkTier < 1 || benchmarkTier > TIERS.length) {
    return violation("bad-txns-fluxnode-tx-invalid-benchmark-tier", { benchmarkTier });
  }
  const bytesMax = tx.benchmarkSigTime >= LONG_IP_SINCE ? MAX_LONG_IP_BYTES : MAX_IP_BYTES;
  if (tx.ip.length > bytesMax) {
    return violation("bad-txns-fluxnode-tx-ip-address-to-large", { bytes: tx.ip.length, bytesMax });
  }
  if (updateType !== INITIAL_CONFIRM && updateType !== UPDATE_CONFIRM) {
    return violation("bad-txns-fluxnode-tx-invalid-update-type", { updateType });
  }
  return undefined;
}
