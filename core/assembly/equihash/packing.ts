// AssemblyScript. Indices of a fixed count of bits in a big-endian bit stream.

/** Index `i` of a solution whose indices have `bits` bits (at most 26). Reads eight bytes from where it begins. */
export function unpackIndex(solution: usize, i: u32, bits: u32): u32 {
  const at = i * bits;
  const word = bswap<u64>(load<u64>(solution + (at >> 3)));
  return <u32>((word << (at & 7)) >> (64 - bits));
}
