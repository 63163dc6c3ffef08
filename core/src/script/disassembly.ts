import { toWireHex } from "../bytes/hex.ts";
import { SCRIPT_FLAG } from "./flags.ts";
import { ScriptCursor } from "./instructions.ts";
import { opcodeName } from "./opcodeNames.ts";
import { OP } from "./opcodes.ts";
import { decodeScriptNumber, MAX_OPERAND_BYTES } from "./scriptNumber.ts";
import { SIGHASH } from "./sighash.ts";
import { signatureEncodingError, withoutHashType } from "./signatureEncoding.ts";

const HASH_TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  (["ALL", "NONE", "SINGLE"] as const).flatMap((name) => [
    [SIGHASH[name], name],
    [SIGHASH[name] | SIGHASH.ANYONE_CAN_PAY, `${name}|ANYONECANPAY`],
  ]),
);

/**
 * A script as words: names of opcodes, data of up to four bytes as a number, longer data as hex; "[error]" ends a script that
 * stops inside a push. With `hashTypes` data that looks like a signature has its hash type in words, "3045…[ALL]": meant for
 * scripts that may hold signatures. Source: fluxd src/core_write.cpp ScriptToAsmStr.
 */
export function scriptAsm(script: Uint8Array, hashTypes = false): string {
  const cursor = new ScriptCursor(script);
  const words: string[] = [];
  while (cursor.next()) {
    const { opcode, data } = cursor;
    words.push(opcode > OP.PUSHDATA4 ? opcodeName(opcode) : dataWord(data, hashTypes));
  }
  if (cursor.malformed) words.push("[error]");
  return words.join(" ");
}

function dataWord(data: Uint8Array, hashTypes: boolean): string {
  if (data.length <= MAX_OPERAND_BYTES) return `${decodeScriptNumber(data, false)}`;
  const hashType = hashTypes ? HASH_TYPE_NAMES.get(data[data.length - 1]!) : undefined;
  if (hashType === undefined || signatureEncodingError(data, SCRIPT_FLAG.STRICTENC) !== undefined) {
    return toWireHex(data);
  }
  return `${toWireHex(withoutHashType(data))}[${hashType}]`;
}
