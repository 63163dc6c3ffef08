import { buildScript, numberPart, OP, SCRIPT_FLAG, type ScriptFlags, wireHex } from "@fluxlab/core";

// The textual notation of scripts in fluxd's script_valid.json and its neighbours.

/** Names that the notation knows under other spellings than {@link OP}. */
const OTHER_NAMES: Readonly<Record<string, keyof typeof OP>> = {
  "2DROP": "TWO_DROP",
  "2DUP": "TWO_DUP",
  "3DUP": "THREE_DUP",
  "2OVER": "TWO_OVER",
  "2ROT": "TWO_ROT",
  "2SWAP": "TWO_SWAP",
  "1ADD": "ONE_ADD",
  "1SUB": "ONE_SUB",
  "2MUL": "TWO_MUL",
  "2DIV": "TWO_DIV",
  "0NOTEQUAL": "ZERO_NOT_EQUAL",
  NOP2: "CHECKLOCKTIMEVERIFY",
};

function opcode(name: string): number {
  const plain = name.replace(/^OP_/, "");
  const upgradable = /^NOP([3-9]|10)$/.exec(plain);
  if (upgradable !== null) return OP.NOP3 + Number(upgradable[1]) - 3;
  const found = OP[OTHER_NAMES[plain] ?? (plain as keyof typeof OP)];
  if (found === undefined) throw new Error(`no opcode is called ${name}`);
  return found;
}

/** The notation has numbers of 64 bits; those the core makes have fewer than 54. */
function number(value: bigint): Uint8Array {
  if (value === BigInt(Number(value)) && Number.isSafeInteger(Number(value))) {
    return buildScript(numberPart(Number(value)));
  }
  const bytes: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  const sign = value < 0n ? 0x80 : 0;
  if (bytes.at(-1)! >= 0x80) bytes.push(sign);
  else bytes.push(bytes.pop()! | sign);
  return buildScript(Uint8Array.from(bytes));
}

function token(text: string): Uint8Array {
  if (/^-?\d+$/.test(text)) return number(BigInt(text));
  if (text.startsWith("0x")) return wireHex(text.slice(2));
  if (text.startsWith("'")) return buildScript(Buffer.from(text.slice(1, -1)));
  return Uint8Array.of(opcode(text));
}

/** Bytes of a script in the notation. */
export const parseScript = (text: string): Uint8Array =>
  Uint8Array.from(
    text
      .split(/[ \t\n]+/)
      .filter((each) => each !== "")
      .flatMap((each) => [...token(each)]),
  );

/** Flags by name, separated by commas. */
export function parseFlags(text: string): ScriptFlags {
  let flags = 0;
  for (const name of text.split(",")) {
    if (name === "" || name === "NONE") continue;
    const flag = SCRIPT_FLAG[name as keyof typeof SCRIPT_FLAG];
    if (flag === undefined) throw new Error(`no script flag is called ${name}`);
    flags |= flag;
  }
  return flags;
}
