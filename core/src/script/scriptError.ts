// Every way in which a script can fail, with fluxd's text, which is part of its reject reasons.
// Source: fluxd src/script/script_error.h, script_error.cpp.

/** Our name of each failure, and fluxd's text for it. */
export const SCRIPT_ERROR_TEXT = {
  evalFalse: "Script evaluated without error but finished with a false/empty top stack element",
  opReturn: "OP_RETURN was encountered",
  scriptSize: "Script is too big",
  pushSize: "Push value size limit exceeded",
  opCount: "Operation limit exceeded",
  stackSize: "Stack size limit exceeded",
  sigCount: "Signature count negative or greater than pubkey count",
  pubkeyCount: "Pubkey count negative or limit exceeded",
  verify: "Script failed an OP_VERIFY operation",
  equalVerify: "Script failed an OP_EQUALVERIFY operation",
  checkMultisigVerify: "Script failed an OP_CHECKMULTISIGVERIFY operation",
  checkSigVerify: "Script failed an OP_CHECKSIGVERIFY operation",
  numEqualVerify: "Script failed an OP_NUMEQUALVERIFY operation",
  badOpcode: "Opcode missing or not understood",
  disabledOpcode: "Attempted to use a disabled opcode",
  invalidStackOperation: "Operation not valid with the current stack size",
  invalidAltStackOperation: "Operation not valid with the current altstack size",
  unbalancedConditional: "Invalid OP_IF construction",
  negativeLockTime: "Negative locktime",
  unsatisfiedLockTime: "Locktime requirement not satisfied",
  sigHashType: "Signature hash type missing or not understood",
  sigDer: "Non-canonical DER signature",
  minimalData: "Data push larger than necessary",
  sigPushOnly: "Only non-push operators allowed in signatures",
  /** Of this one fluxd's IsLowDERSignature says nothing, so the text is that of no error in particular. */
  sigHighS: "unknown error",
  sigNullDummy: "Dummy CHECKMULTISIG argument must be zero",
  pubkeyType: "Public key is neither compressed or uncompressed",
  cleanStack: "Extra items left on stack after execution",
  discourageUpgradableNops: "NOPx reserved for soft-fork upgrades",
  /** A number that is too long or not minimal: fluxd throws and reports no more than this. */
  unknown: "unknown error",
} as const;

/** Name of a way in which a script fails. */
export type ScriptError = keyof typeof SCRIPT_ERROR_TEXT;
