import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import type { FluxnodeConfirm, FluxnodeStart } from "../primitives/fluxnodeTx.ts";
import { addressScript } from "../script/address.ts";
import { isPushOnly } from "../script/instructions.ts";
import { legacySigops } from "../script/sigops.ts";
import { matchMultisigScript, matchTemplate } from "../script/standard.ts";
import { assert } from "../util/assert.ts";
import type { BlockVerifier } from "./blockRules.ts";
import type { ScriptOf } from "./coinbaseRules.ts";
import { fluxnodeSignaturesValid, type KnownSigners } from "./fluxnode/signatures.ts";
import type { ScriptPolicy } from "./policy.ts";

// What rules and policy ask of scripts and signatures, answered by the real ones.

/** `known`: what the state before the block, or at the tip, says of the collateral of `tx`. */
export const blockVerifier = (
  ecdsa: EcdsaBackend,
  known: (tx: FluxnodeStart | FluxnodeConfirm) => KnownSigners,
  params: Params,
): BlockVerifier => ({
  isMultisig: (redeemScript) => matchMultisigScript(redeemScript) !== undefined,
  signaturesValid: (tx) => fluxnodeSignaturesValid(ecdsa, tx, known(tx), params),
  legacySigops,
});

/** Scripts of the addresses that the parameters themselves name. */
export const scriptOfAddress =
  (params: Params): ScriptOf =>
  (address) => {
    const script = addressScript(address, params);
    assert(script !== undefined, `${address} is an address of ${params.name}`);
    return script;
  };

/** Keys of the largest bare multisig that is relayed. Source: fluxd src/script/standard.cpp IsStandard. */
const MAX_RELAYED_KEYS = 3;

/** What the relay policy asks of scripts, answered by the templates. Source: fluxd src/script/standard.cpp IsStandard. */
export const scriptPolicy: ScriptPolicy = {
  isPushOnly,
  standardForm(scriptPubKey) {
    const template = matchTemplate(scriptPubKey);
    if (template?.type === "nullData") return "nullData";
    if (template?.type === "multisig" && template.keys.length > MAX_RELAYED_KEYS) return undefined;
    return template && "payment";
  },
};
