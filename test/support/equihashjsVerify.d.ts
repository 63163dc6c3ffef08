// The part of equihashjs-verify that tests compare with; the package has no types.
declare module "equihashjs-verify" {
  class Equihash {
    constructor(network: { readonly n: number; readonly k: number; readonly person: string });
    /** `header` with its nonce. */
    verify(header: Buffer, solution: Buffer): boolean;
  }
  const equihashjs: { readonly Equihash: typeof Equihash };
  export default equihashjs;
}
