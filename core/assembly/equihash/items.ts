// AssemblyScript. Reading and writing the items of a layer. All calls are with constant word numbers, so that after
// inlining nothing is left of the cases but the loads and stores of one layer.

/** A layer or set as a value, for its constants. It has no memory behind it. */
@inline
export function its<T>(): T {
  return changetype<T>(0);
}

@inline
export function itemBytes<L>(): u32 {
  return its<L>().frontBytes + its<L>().restBytes;
}

/** Word `i` of a bit string of which only the first `bits` are in use. */
@inline
export function mask(bits: u32, i: u32): u64 {
  if (bits >= 64 * (i + 1)) return u64.MAX_VALUE;
  if (bits <= 64 * i) return 0;
  return u64.MAX_VALUE << (64 - (bits & 63));
}

/** How far the last word is shifted against a number in the item's last bits. */
@inline
function lastShift<L>(): u32 {
  return (64 - 8 * (its<L>().restBytes & 7)) & 63;
}

/** Word `i` of an item's rest with the link behind it; zero past its end. May read up to seven bytes past the item. */
@inline
export function itemWord<L>(item: usize, i: u32): u64 {
  const bytes = its<L>().restBytes;
  const rest = item + its<L>().frontBytes;
  const at: u32 = 8 * i;
  if (at >= bytes) return 0;
  if (bytes < 8) return load<u64>(rest) << lastShift<L>();
  if (at + 8 <= bytes) return load<u64>(rest + at);
  // The last bytes, read together with some before them, which are cleared.
  return load<u64>(rest + bytes - 8) & (u64.MAX_VALUE << lastShift<L>());
}

/** Word `i` of what two items' rests differ in. */
@inline
export function difference<L>(a: usize, b: usize, i: u32): u64 {
  return (itemWord<L>(a, i) ^ itemWord<L>(b, i)) & mask(its<L>().restBits, i);
}

/** The last `linkBits` bits of an item. */
@inline
export function itemLink<L>(item: usize): u32 {
  const last = itemWord<L>(item, (its<L>().restBytes - 1) >> 3) >> lastShift<L>();
  return <u32>last & ((1 << its<L>().linkBits) - 1);
}

/** Writes an item from the words of its rest, whose bits behind the rest are zero. `front` is for layers that have one. */
@inline
export function writeItem<L>(
  item: usize,
  w0: u64,
  w1: u64,
  w2: u64,
  w3: u64,
  link: u32,
  front: u32,
): void {
  const bytes = its<L>().restBytes;
  const rest = item + its<L>().frontBytes;
  if (its<L>().frontBytes != 0) store<u32>(item, front);
  const tag = <u64>(link & ((1 << its<L>().linkBits) - 1)) << lastShift<L>();
  const words = (bytes + 7) >> 3;
  const last = (words == 1 ? w0 : words == 2 ? w1 : words == 3 ? w2 : w3) | tag;
  if (bytes < 8) {
    const value = last >> lastShift<L>();
    store<u32>(rest, <u32>value);
    if (bytes > 4) store<u32>(rest + bytes - 4, <u32>(value >> (8 * bytes - 32)));
    return;
  }
  // The last word first: where the rest is no whole number of words it overlaps the one before.
  store<u64>(rest + bytes - 8, last);
  if (words > 1) store<u64>(rest, w0);
  if (words > 2) store<u64>(rest + 8, w1);
  if (words > 3) store<u64>(rest + 16, w2);
}
