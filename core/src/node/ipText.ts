import { isIpv4 } from "./networkAddress.ts";

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const IPV4_TEXT = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const WORD = /^[0-9a-f]{1,4}$/i;

/** The 16 bytes of an IP in its usual text, IPv4 mapped into IPv6; undefined if it is none. */
export function parseIp(text: string): Uint8Array | undefined {
  if (!text.includes(":")) {
    const ipv4 = parseIpv4(text);
    return ipv4 === undefined ? undefined : Uint8Array.from([...MAPPED, ...ipv4]);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(parseWords);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])]);
}

function parseIpv4(text: string): number[] | undefined {
  const bytes = text.split(".").map(Number);
  return IPV4_TEXT.test(text) && bytes.every((byte) => byte <= 0xff) ? bytes : undefined;
}

/** Bytes of words between colons; the last may be an IPv4 address. */
function parseWords(text: string): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const words = text.split(":");
  for (const [i, word] of words.entries()) {
    const ipv4 = i === words.length - 1 ? parseIpv4(word) : undefined;
    if (ipv4 === undefined && !WORD.test(word)) return undefined;
    const value = Number.parseInt(word, 16);
    bytes.push(...(ipv4 ?? [value >> 8, value & 0xff]));
  }
  return bytes;
}

/** The usual text of 16 bytes: dotted for IPv4, with the longest run of zeros left out for IPv6 (RFC 5952). */
export function ipText(ip: Uint8Array): string {
  if (isIpv4(ip)) return ip.subarray(12).join(".");
  const words = Array.from({ length: 8 }, (_, i) => ((ip[2 * i]! << 8) | ip[2 * i + 1]!).toString(16));
  const { start, length } = longestZeros(words);
  if (length < 2) return words.join(":");
  return `${words.slice(0, start).join(":")}::${words.slice(start + length).join(":")}`;
}

function longestZeros(words: readonly string[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [i, word] of words.entries()) {
    length = word === "0" ? length + 1 : 0;
    if (length > longest.length) longest = { start: i - length + 1, length };
  }
  return longest;
}

/** IP and port in one text, IPv6 in brackets. */
export const endpointText = ({ ip, port }: { readonly ip: Uint8Array; readonly port: number }): string =>
  isIpv4(ip) ? `${ipText(ip)}:${port}` : `[${ipText(ip)}]:${port}`;
