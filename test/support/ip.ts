const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** The 16 bytes of an address in its usual text, IPv4 mapped into IPv6. */
export function ip(text: string): Uint8Array {
  if (!text.includes(":")) return Uint8Array.from([...MAPPED, ...text.split(".").map(Number)]);
  const plain = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a, b, c, d] = parts.map(Number);
    return `${(a! * 256 + b!).toString(16)}:${(c! * 256 + d!).toString(16)}`;
  });
  const words = (half: string) => half.split(":").filter((word) => word !== "");
  const [head, tail] = plain.split("::").map(words);
  const zeros = Array.from({ length: 8 - head!.length - (tail?.length ?? 0) }, () => "0");
  const all = tail === undefined ? head! : [...head!, ...zeros, ...tail];
  return Uint8Array.from(
    all.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]),
  );
}
