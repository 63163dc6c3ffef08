declare const unit: unique symbol;

/** Whole satoshi, 0..MAX_MONEY for one value. A bigint: the cap is 4.4e16, past 2^53. Charts convert; rules do not. */
export type Satoshi = bigint & { readonly [unit]: "satoshi" };

/** Satoshi in one FLUX. Source: fluxd src/amount.h COIN. */
export const COIN = 100_000_000n as Satoshi;

/** Largest single value and per-transaction sum; it does not bound the supply. Source: fluxd src/amount.h MAX_MONEY. */
export const MAX_MONEY = 44_000_000_000_000_000n as Satoshi;

/** For bytes from outside: undefined is a broken rule for the caller to name, never a crash. */
export const parseSatoshi = (value: bigint): Satoshi | undefined =>
  value >= 0n && value <= MAX_MONEY ? (value as Satoshi) : undefined;

/** `coins` whole FLUX in satoshi. */
export const flux = (coins: bigint): Satoshi => (coins * COIN) as Satoshi;

/** Decimal FLUX with exactly eight places, as fluxd's RPC prints amounts: "2.81250000". Any sign, any size. */
export function formatFlux(amount: bigint): string {
  const magnitude = amount < 0n ? -amount : amount;
  const fraction = (magnitude % COIN).toString().padStart(8, "0");
  return `${amount < 0n ? "-" : ""}${magnitude / COIN}.${fraction}`;
}

const DECIMAL_FLUX = /^(\d{1,12})(?:\.(\d{1,8}))?$/;

/** The reverse of {@link formatFlux} for non-negative amounts; undefined if `text` is not a decimal with at most eight places. */
export function parseFlux(text: string): bigint | undefined {
  const match = DECIMAL_FLUX.exec(text);
  if (match === null) return undefined;
  const [, coins = "", fraction = ""] = match;
  return BigInt(coins) * COIN + BigInt(fraction.padEnd(8, "0"));
}
