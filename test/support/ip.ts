import { parseIp } from "@fluxlab/core";

/** The 16 bytes of an address in its usual text. */
export function ip(text: string): Uint8Array {
  const bytes = parseIp(text);
  if (bytes === undefined) throw new Error(`${text} is no IP address`);
  return bytes;
}
