import type { TimedKey } from "../../params/params.ts";

/**
 * The key of a list that is in force at a time, Unix seconds: the last that is valid by then, else the first.
 * Source: fluxd src/fluxnode/fluxnode.cpp GetFluxnodeBenchmarkPublicKey, GetP2SHFluxNodePublicKey.
 */
export const keyInForce = (keys: readonly TimedKey[], time: number): TimedKey =>
  keys.findLast(({ validFrom }) => validFrom <= time) ?? keys[0]!;
