import { MAX_SCRIPT_BYTES } from "./limits.ts";

const OP_RETURN = 0x6a;

/** Whether an output can never be spent, so that no state keeps it. Source: fluxd src/script/script.h IsUnspendable. */
export const isUnspendable = (scriptPubKey: Uint8Array): boolean =>
  scriptPubKey[0] === OP_RETURN || scriptPubKey.length > MAX_SCRIPT_BYTES;
