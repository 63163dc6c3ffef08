const MS_OF = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 } as const;

/** What a testnet's scenario may write for a time; part of error messages. */
export const TIME_HINT = 'a time such as "250 ms", "30 s" or "1.5 min" (ms, s, min, h)';

/** Milliseconds of "30 s"; undefined if the text is no time. Real networks are of the size of seconds, so no days. */
export function parseTime(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?) (ms|s|min|h)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * MS_OF[unit as keyof typeof MS_OF];
}

/** "3.2 s": for people. */
export const showTime = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
