// The part of @runonflux/flux-sdk that tests compare with; the package has no types. Keys are WIF, bytes are hex.
declare module "@runonflux/flux-sdk" {
  interface DelegateData {
    readonly version: number;
    readonly type: number;
    readonly delegatePublicKeys?: readonly string[];
  }
  const fluxSdk: {
    readonly fluxnode: {
      startFluxNode(
        txid: string,
        index: number,
        collateralKey: string,
        nodeKey: string,
        sigTime: number,
        collateralCompressed: boolean,
        nodeCompressed: boolean,
      ): string;
      startFluxNodev6(
        txid: string,
        index: number,
        collateralKey: string,
        nodeKey: string,
        sigTime: number,
        collateralCompressed: boolean,
        nodeCompressed: boolean,
        redeemScript: string | undefined,
        delegates: DelegateData | null,
      ): string;
      signMessage(message: string, key: string, compressed: boolean, magic?: string): string;
      txidStart(hex: string): string;
      txidConfirm(hex: string): string;
    };
  };
  export default fluxSdk;
}
