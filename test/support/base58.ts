const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** The 22 bytes (prefix and hash) of a base58check address of our own test networks; its checksum is not looked at. */
export function addressPayload(address: string): Uint8Array {
  let value = 0n;
  for (const character of address) value = value * 58n + BigInt(ALPHABET.indexOf(character));
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(52, "0"), "hex")).subarray(0, 22);
}
