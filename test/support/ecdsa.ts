import { type EcdsaBackend, nobleEcdsa } from "@fluxlab/core";
import { loadNativeEcdsa } from "@fluxlab/testnet/nativeSecp256k1";

export const nativeEcdsa: EcdsaBackend | undefined = loadNativeEcdsa();

/** For tests whose subject is not the curve; ecdsa.property.test.ts shows that the two answer alike. */
export const fastEcdsa: EcdsaBackend = nativeEcdsa ?? nobleEcdsa;
