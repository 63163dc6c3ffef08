// Source: fluxd src/script/script.h.

/** A script longer than this fails, and an output with one can never be spent. */
export const MAX_SCRIPT_BYTES = 10_000;

/** Longest element a script may push; so the longest redeem script of a P2SH output, too. */
export const MAX_ELEMENT_BYTES = 520;
