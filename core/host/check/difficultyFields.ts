import type { Params } from "@fluxlab/core";
import type { Field } from "../field.ts";
import { VECTOR_NETWORKS } from "./networks.ts";

// What rows of several groups of difficulty.json have in common.

export const networkOf = (row: Field): Params => row.get("network").oneOf(VECTOR_NETWORKS);

/** A compact target or branch id: 8 hex digits, most significant first. */
export function bitsOf(field: Field): number {
  const [a, b, c, d] = field.bytes(4);
  return ((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0;
}
