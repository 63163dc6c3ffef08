import { DEFAULT_CHAINS } from "@fluxlab/core";
import { oneOf, text } from "./decode.ts";
import { AMOUNT_HINT, DURATION_HINT, parseAmount, parseDuration } from "./units.ts";

// Values that several parts of a scenario hold.

export const duration = text(DURATION_HINT, (value) => parseDuration(value) !== undefined);
export const amount = text(AMOUNT_HINT, (value) => parseAmount(value) !== undefined);
/** A chain of the parallel assets, by its symbol. */
export const chain = oneOf(DEFAULT_CHAINS.map(({ symbol }) => symbol));
