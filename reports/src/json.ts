import type { AnyRecord } from "@fluxlab/sim";

/** The whole record: amounts as decimal strings, columns as arrays, what is undefined left out. */
export const recordJson = (record: AnyRecord): string => `${JSON.stringify(record, plain)}\n`;

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<number | bigint>) : value;
}
