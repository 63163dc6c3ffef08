/** Codes of errors. Source: fluxd src/rpc/protocol.h RPCErrorCode. */
export const RPC = {
  misc: -1,
  type: -3,
  wallet: -4,
  notFound: -5,
  insufficientFunds: -6,
  parameter: -8,
  notConnected: -9,
  initialDownload: -10,
  accountsUnsupported: -11,
  keypoolRanOut: -12,
  unlockNeeded: -13,
  passphraseIncorrect: -14,
  wrongEncryptionState: -15,
  alreadyUnlocked: -17,
  database: -20,
  deserialization: -22,
  nodeAlreadyAdded: -23,
  nodeNotAdded: -24,
  verify: -25,
  rejected: -26,
  alreadyInChain: -27,
  warmUp: -28,
  nodeNotConnected: -29,
  invalidRequest: -32600,
  methodNotFound: -32601,
  internal: -32603,
  parse: -32700,
} as const;

/** A call that is answered with an error: a code of {@link RPC} and a text for the caller. */
export class RpcError extends Error {
  override name = "RpcError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
