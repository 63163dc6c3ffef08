import { MAX_SCRIPT_BYTES } from "../script/limits.ts";
import { OP } from "../script/opcodes.ts";

/** Whether an output can never be spent, so that no state keeps it. Source: fluxd src/script/script.h IsUnspendable. */
export const isUnspendable = (scriptPubKey: Uint8Array): boolean =>
  scriptPubKey[0] === OP.RETURN || scriptPubKey.length > MAX_SCRIPT_BYTES;
