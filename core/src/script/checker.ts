/** What a running script may ask about the transaction that spends the output. */
export interface SignatureChecker {
  /**
   * Whether `signature`, hash type in its last byte, signs the transaction for `publicKey` when `scriptCode` is what is
   * being run. Any bytes may come.
   */
  checkSignature(signature: Uint8Array, publicKey: Uint8Array, scriptCode: Uint8Array): boolean;
  /** Whether the transaction cannot be in a block before `lockTime`, 0 .. 2^39 - 1: a height, or a time from 500,000,000 on. */
  checkLockTime(lockTime: number): boolean;
}
