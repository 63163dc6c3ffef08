import type { Params } from "@fluxlab/core";

// Difficulty and chain work as formulas over bigint, written from the papers and not from our code: what the limbs are
// compared with.

const WRAP = 2n ** 256n;

export interface Header {
  readonly time: number;
  readonly bits: number;
}

export const toBigint = (limbs: Uint32Array): bigint =>
  limbs.reduceRight((value, limb) => value * 2n ** 32n + BigInt(limb), 0n);

/** Size byte e, mantissa m: m * 256^(e - 3), fractions dropped. */
export function decodeBits(bits: number): { target: bigint; negative: boolean; overflow: boolean } {
  const e = BigInt(bits >>> 24);
  const m = BigInt(bits & 0x7fffff);
  const value = e >= 3n ? m * 256n ** (e - 3n) : m / 256n ** (3n - e);
  return {
    target: value % WRAP,
    negative: value !== 0n && (bits & 0x800000) !== 0,
    overflow: value >= WRAP,
  };
}

/** The shortest form of at most 23 significant bits whose top bit, the sign, is clear. */
export function encodeBits(target: bigint, negative = false): number {
  let e = target === 0n ? 0 : Math.ceil(target.toString(16).length / 2);
  if (e > 0 && target >= 128n * 256n ** BigInt(e - 1)) e++;
  const m = e >= 3 ? target / 256n ** BigInt(e - 3) : target * 256n ** BigInt(3 - e);
  return e * 2 ** 24 + Number(m) + (negative && m !== 0n ? 0x800000 : 0);
}

const targetOf = (bits: number): bigint => decodeBits(bits).target;
const hex = (text: string): bigint => BigInt(`0x${text}`);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export function modelMedianTime(chain: readonly Header[], height: number): number {
  const times = chain.slice(Math.max(0, height - 10), height + 1).map(({ time }) => time);
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

export function modelDigishield(
  average: bigint,
  lastMedian: number,
  firstMedian: number,
  { pow }: Params,
): number {
  const span = 17n * BigInt(pow.targetSpacing);
  let actual = span + (BigInt(lastMedian - firstMedian) - span) / 4n; // bigint division truncates toward zero
  const low = (span * BigInt(100 - pow.digishieldMaxAdjustUp)) / 100n;
  const high = (span * BigInt(100 + pow.digishieldMaxAdjustDown)) / 100n;
  if (actual < low) actual = low;
  if (actual > high) actual = high;
  return encodeBits(least(((average / span) * actual) % WRAP, hex(pow.limit)));
}

/** The last 61 headers with the one of `height` at the end. */
const lwmaWindow = (chain: readonly Header[], height: number): readonly Header[] =>
  chain.slice(height - 60, height + 1);

export function modelLwma(chain: readonly Header[], height: number, { pow }: Params): number {
  if (height <= 60) return encodeBits(hex(pow.limit)); // where fluxd would stop
  const window = lwmaWindow(chain, height);
  const k = (60n * 61n * BigInt(pow.targetSpacing)) / 2n;
  let t = 0n;
  let sum = 0n;
  for (let j = 1; j <= 60; j++) {
    let solve = window[j]!.time - window[j - 1]!.time;
    if (solve > 6 * pow.targetSpacing) solve = 6 * pow.targetSpacing;
    if (solve < -360) solve = -360;
    t += BigInt(solve * j);
    sum += targetOf(window[j]!.bits) / (k * 60n);
  }
  if (t < k / 10n) t = k / 10n;
  return encodeBits(least((t * sum) % WRAP, hex(pow.limit)));
}

export function modelLwma3(chain: readonly Header[], height: number, { pow }: Params): number {
  if (height < 60) return encodeBits(hex(pow.limit));
  const window = lwmaWindow(chain, height);
  const k = (60n * 61n * BigInt(pow.targetSpacing)) / 2n;
  let t = 0n;
  let sum = 0n;
  let previous = window[0]!.time;
  for (let j = 1; j <= 60; j++) {
    const time = window[j]!.time > previous ? window[j]!.time : previous + 1;
    t += BigInt(Math.min(6 * pow.targetSpacing, time - previous) * j);
    previous = time;
    sum += targetOf(window[j]!.bits) / (k * 60n);
  }
  const last = targetOf(window[60]!.bits);
  let next = (t * sum) % WRAP;
  const highest = ((last * 150n) % WRAP) / 100n;
  if (next > highest) next = highest;
  const lowest = ((last * 67n) % WRAP) / 100n;
  if (next < lowest) next = lowest;
  return encodeBits(least(next, hex(pow.limit)));
}

/** What must follow the header of `height`; `chain` is indexed by height and need only hold the last 70 of them. */
export function modelPowNextBits(
  chain: readonly Header[],
  height: number,
  time: number | undefined,
  params: Params,
): number {
  const { pow, upgrades } = params;
  const limit = encodeBits(hex(pow.limit));
  const e1 = upgrades.equihash144.height + pow.equihashFadeLength - 1;
  const e2 = upgrades.kamiooka.height + pow.equihashFadeLength - 1;
  if (height > e1 - 1 && height < e1 + 61) return limit;
  if (height > e2 - 1 && height < e2 + 64) {
    const f = targetOf(modelLwma3(chain, height, params));
    const multiplier = BigInt.asUintN(32, BigInt(e2 + 61 - height));
    return encodeBits(least((f + (f >> 5n) * multiplier) % WRAP, hex(pow.limit)));
  }
  const tip = chain[height]!;
  if (pow.minDifficultyAfterHeight !== undefined && height >= pow.minDifficultyAfterHeight) {
    if (time !== undefined && time > tip.time + 2 * pow.targetSpacing) return limit;
  }
  if (height < 17) return limit;
  if (height + 1 < upgrades.lwma.height) {
    let sum = 0n;
    for (const { bits } of chain.slice(height - 16, height + 1)) sum += targetOf(bits);
    const medians = [modelMedianTime(chain, height), modelMedianTime(chain, height - 17)] as const;
    return modelDigishield((sum % WRAP) / 17n, ...medians, params);
  }
  return height + 1 < upgrades.acadia.height
    ? modelLwma(chain, height, params)
    : modelLwma3(chain, height, params);
}

export function modelPonNextBits(
  chain: readonly Header[],
  height: number,
  { pon, upgrades }: Params,
): number {
  const window = pon.difficultyWindow;
  if (height + 1 < upgrades.pon.height) return chain[height]!.bits;
  const start = encodeBits(hex(pon.startLimit));
  if (height + 1 < upgrades.pon.height + window) return start;
  const first = height - window + 1;
  if (first < 0 || first < upgrades.pon.height) return start;
  const span = BigInt((window - 1) * pon.targetSpacing);
  let actual = BigInt(chain[height]!.time - chain[first]!.time);
  if (actual < (span * 4n) / 5n) actual = (span * 4n) / 5n;
  if (actual > (span * 5n) / 4n) actual = (span * 5n) / 4n;
  const { target, negative, overflow } = decodeBits(chain[height]!.bits);
  const limit = encodeBits(hex(pon.limit));
  if (negative || overflow || target === 0n) return limit;
  const next = ((target / span) * actual) % WRAP;
  return next > hex(pon.limit) || next === 0n ? limit : encodeBits(next);
}

export function modelBlockProof(version: number, bits: number): bigint {
  if (version >= 100) return 2n ** 40n;
  const { target, negative, overflow } = decodeBits(bits);
  return negative || overflow || target === 0n ? 0n : WRAP / (target + 1n);
}
