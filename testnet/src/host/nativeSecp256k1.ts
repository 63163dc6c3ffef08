import { createRequire } from "node:module";
import { type EcdsaBackend, hasHighS, type RecoveryId } from "@fluxlab/core";

/** The part used here of the npm package `secp256k1`, whose addon is libsecp256k1, the library fluxd itself uses. */
interface NativeSecp256k1 {
  ecdsaVerify(compact: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
  signatureNormalize(compact: Uint8Array): Uint8Array;
  ecdsaSign(digest: Uint8Array, secretKey: Uint8Array): { signature: Uint8Array; recid: RecoveryId };
  ecdsaRecover(
    compact: Uint8Array,
    recoveryId: RecoveryId,
    digest: Uint8Array,
    compressed: boolean,
  ): Uint8Array;
  publicKeyCreate(secretKey: Uint8Array, compressed: boolean): Uint8Array;
  publicKeyVerify(publicKey: Uint8Array): boolean;
}

/**
 * The native backend, many times as fast as the one in TypeScript; undefined where the optional package is not installed
 * or has no addon for this platform. Its fallback in JavaScript is never used: it would be neither fast nor native.
 */
export function loadNativeEcdsa(): EcdsaBackend | undefined {
  try {
    return adapt(createRequire(import.meta.url)("secp256k1/bindings.js") as NativeSecp256k1);
  } catch {
    return undefined;
  }
}

/** The package throws for keys and scalars that libsecp256k1 cannot read; to the core those are answers. */
function orElse<T>(answer: () => T, otherwise: T): T {
  try {
    return answer();
  } catch {
    return otherwise;
  }
}

function adapt(native: NativeSecp256k1): EcdsaBackend {
  return {
    verify(publicKey, digest, compact) {
      return orElse(() => {
        // libsecp256k1 takes low S only.
        const low = hasHighS(compact) ? native.signatureNormalize(compact.slice()) : compact;
        return native.ecdsaVerify(low, digest, publicKey);
      }, false);
    },
    sign(secretKey, digest) {
      const { signature, recid } = native.ecdsaSign(digest, secretKey);
      return { compact: signature, recoveryId: recid };
    },
    recover(digest, compact, recoveryId, compressed) {
      const recovered = () => native.ecdsaRecover(compact, recoveryId, digest, compressed);
      return orElse<Uint8Array | undefined>(recovered, undefined);
    },
    publicKey: (secretKey, compressed) => native.publicKeyCreate(secretKey, compressed),
    isOnCurve: (publicKey) => orElse(() => native.publicKeyVerify(publicKey), false),
  };
}
