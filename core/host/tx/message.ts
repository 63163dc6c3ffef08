import {
  decodeAddress,
  decodeBase58Check,
  decodeBase64,
  encodeBase64,
  FLUX_MESSAGE_MAGIC,
  type MessageMagic,
  nobleEcdsa,
  type Params,
  signMessage,
  verifyMessage,
  ZELID_MESSAGE_MAGIC,
} from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import { readKey } from "./signTransaction.ts";

/** By the name that the command line has for them. */
export const MAGICS: Readonly<Record<string, MessageMagic>> = {
  flux: FLUX_MESSAGE_MAGIC,
  zelid: ZELID_MESSAGE_MAGIC,
};

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** The signature in base 64. @throws InputError */
export const signText = (text: string, wif: string, magic: MessageMagic, params: Params): string =>
  encodeBase64(signMessage(nobleEcdsa, readKey(wif, params), utf8(text), magic));

/** Whether the owner of `address` signed. @throws InputError for an address of no key, or a signature that is not base 64. */
export function verifyText(
  address: string,
  signature: string,
  text: string,
  magic: MessageMagic,
  params: Params,
): boolean {
  const signer = addressKeyId(address, params);
  const bytes = decodeBase64(signature);
  if (bytes === undefined) throw new InputError("signature: expected base 64");
  return verifyMessage(nobleEcdsa, signer, utf8(text), bytes, magic);
}

/** Bitcoin's prefix of addresses that stand for keys: what a ZelID is. */
const BITCOIN_KEY_PREFIX = 0;
const ID_BYTES = 20;

function addressKeyId(address: string, params: Params): Uint8Array {
  const destination = decodeAddress(address, params);
  if (destination?.type === "keyHash") return destination.id;
  if (destination !== undefined) throw new InputError(`${address}: stands for a script, not for a key`);
  const payload = decodeBase58Check(address);
  if (payload?.length === 1 + ID_BYTES && payload[0] === BITCOIN_KEY_PREFIX) return payload.subarray(1);
  throw new InputError(`${address}: neither an address of ${params.name} nor a ZelID`);
}
