// The part of @runonflux/utxo-lib that tests compare with; the package has no types.
declare module "@runonflux/utxo-lib" {
  interface Network {
    readonly pubKeyHash: number;
  }
  interface ECPair {
    getPublicKeyBuffer(): Buffer;
    getAddress(): string;
    toWIF(): string;
  }
  interface Transaction {
    hashForZcashSignature(index: number, script: Buffer, value: number, hashType: number): Buffer;
    getId(): string;
    toHex(): string;
  }
  interface TransactionBuilder {
    setVersion(version: number): void;
    setVersionGroupId(id: number): void;
    setExpiryHeight(height: number): void;
    setLockTime(time: number): void;
    addInput(txid: string, index: number, sequence: number, script: Buffer): void;
    addOutput(script: Buffer, value: number): void;
    sign(index: number, key: ECPair, redeemScript: Buffer | undefined, hashType: number, value: number): void;
    build(): Transaction;
    buildIncomplete(): Transaction;
  }
  const utxoLib: {
    readonly networks: { readonly flux: Network; readonly fluxtestnet: Network };
    readonly ECPair: { fromWIF(wif: string, network: Network): ECPair };
    readonly TransactionBuilder: new (network: Network, feeRateMax?: number) => TransactionBuilder;
    readonly Transaction: { fromHex(hex: string, network: Network): Transaction };
    readonly address: {
      fromOutputScript(script: Buffer, network: Network): string;
      toOutputScript(address: string, network: Network): Buffer;
    };
  };
  export default utxoLib;
}
