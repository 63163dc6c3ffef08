// How good a known address looks. Times are Unix seconds, 0: never. Source: fluxd src/addrman.cpp CAddrInfo.

/** What a node went through with an address. */
export interface AddressHistory {
  /** When somebody last saw it at work. */
  time: number;
  lastTry: number;
  lastSuccess: number;
  /** Tries that failed since the last success. */
  attempts: number;
}

const MINUTE = 60;
const DAY = 86_400;

/** Not seen for so long, it is gone. Source: fluxd src/addrman.h ADDRMAN_HORIZON_DAYS. */
const HORIZON = 30 * DAY;
/** Failures after which one that never worked is given up. Source: ADDRMAN_RETRIES. */
const RETRIES = 3;
/** Failures after which any is, if they took longer than {@link FAILING_TIME}. Source: ADDRMAN_MAX_FAILURES. */
const MAX_FAILURES = 10;
const FAILING_TIME = 7 * DAY;

/** Whether it is not worth a place. What was tried in the last minute is, whatever else is known. */
export function isTerrible({ time, lastTry, lastSuccess, attempts }: AddressHistory, now: number): boolean {
  if (lastTry !== 0 && lastTry >= now - MINUTE) return false;
  if (time > now + 10 * MINUTE) return true;
  if (time === 0 || now - time > HORIZON) return true;
  if (lastSuccess === 0 && attempts >= RETRIES) return true;
  return now - lastSuccess > FAILING_TIME && attempts >= MAX_FAILURES;
}

/** 0.66 to the power of 0 .. 8, by products, which are the same on every engine. */
const BY_ATTEMPTS: readonly number[] = Array.from({ length: 8 }).reduce<number[]>(
  (powers) => [...powers, powers[powers.length - 1]! * 0.66],
  [1],
);

/** Chance to be taken when it comes up, 0 .. 1. */
export function selectionChance({ lastTry, attempts }: AddressHistory, now: number): number {
  const recent = Math.max(0, now - lastTry) < 10 * MINUTE ? 0.01 : 1;
  return recent * BY_ATTEMPTS[Math.min(attempts, 8)]!;
}
