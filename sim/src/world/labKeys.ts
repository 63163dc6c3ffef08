import { assert, type EcdsaBackend, type KeyPair, keyPair, parseSecretKey, sha256d } from "@fluxlab/core";

/** A key of the laboratory, whose secret everybody can know: the same one for the same label, in ASCII. */
export function labKey(ecdsa: EcdsaBackend, label: string, compressed = true): KeyPair {
  const bytes = Uint8Array.from(`flux lab ${label}`, (letter) => letter.charCodeAt(0));
  const secretKey = parseSecretKey(sha256d(bytes));
  assert(secretKey !== undefined, "hardly any hash is no key");
  return keyPair(ecdsa, secretKey, compressed);
}
