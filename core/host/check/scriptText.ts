import {
  buildScript,
  numberPart,
  OP,
  opcodeName,
  parseWireHex,
  SCRIPT_FLAG,
  type ScriptFlags,
} from "@fluxlab/core";
import { InputError } from "../commandLine.ts";

// The textual notation of scripts in fluxd's script_valid.json and its neighbours; see ../shared/vectors/README.md.

/** Opcodes that have a name in the notation: RESERVED and all from NOP to NOP10. */
const OPCODES = new Map<string, number>([
  ["OP_RESERVED", OP.RESERVED],
  ["OP_CHECKLOCKTIMEVERIFY", OP.CHECKLOCKTIMEVERIFY],
]);
for (let opcode: number = OP.NOP; opcode <= OP.NOP10; opcode++) OPCODES.set(opcodeName(opcode), opcode);

const INTEGER = /^-?\d{1,19}$/;

/** The notation has numbers of 64 bits; those the core makes have fewer than 54. */
function number(value: bigint): Uint8Array {
  if (Number.isSafeInteger(Number(value))) return buildScript(numberPart(Number(value)));
  const bytes: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  const sign = value < 0n ? 0x80 : 0;
  if (bytes.at(-1)! >= 0x80) bytes.push(sign);
  else bytes.push(bytes.pop()! | sign);
  return buildScript(Uint8Array.from(bytes));
}

function token(text: string): Uint8Array {
  if (INTEGER.test(text)) return number(BigInt(text));
  if (text.startsWith("0x")) {
    const bytes = parseWireHex(text.slice(2));
    if (bytes !== undefined && bytes.length > 0) return bytes;
  }
  if (text.length >= 2 && text.startsWith("'") && text.endsWith("'")) {
    return buildScript(Buffer.from(text.slice(1, -1)));
  }
  const opcode = OPCODES.get(text.startsWith("OP_") ? text : `OP_${text}`);
  if (opcode !== undefined) return Uint8Array.of(opcode);
  throw new InputError(`"${text.slice(0, 60)}" is no number, 0x hex, 'text' or name of an opcode`);
}

/** Bytes of a script in the notation. @throws InputError naming the word that has no meaning. */
export function parseScript(text: string): Uint8Array {
  const words = text.split(/[ \t\n]+/).filter((each) => each !== "");
  return new Uint8Array(Buffer.concat(words.map(token)));
}

/** Flags by name, separated by commas. @throws InputError */
export function parseFlags(text: string): ScriptFlags {
  let flags = 0;
  for (const name of text.split(",")) {
    if (name === "" || name === "NONE") continue;
    if (!Object.hasOwn(SCRIPT_FLAG, name)) throw new InputError(`"${name.slice(0, 60)}" is no script flag`);
    flags |= SCRIPT_FLAG[name as keyof typeof SCRIPT_FLAG];
  }
  return flags;
}
