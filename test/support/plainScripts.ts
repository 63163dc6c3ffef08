import {
  type BlockVerifier,
  type ScriptOf,
  type ScriptPolicy,
  type Transaction,
  wireHex,
} from "@fluxlab/core";
import { addressPayload } from "./base58.ts";

// The least the rules of transactions and blocks ask of scripts, written for reading, so that those rules can be tested
// without the script engine.

interface Op {
  readonly code: number;
  /** What a push puts on the stack; empty for other opcodes. */
  readonly data: Uint8Array;
}

/** The opcodes up to the first push that runs past the end, and whether there was one. */
function decode(script: Uint8Array): { ops: Op[]; complete: boolean } {
  const ops: Op[] = [];
  for (let at = 0; at < script.length; ) {
    const code = script[at++]!;
    const lengthBytes = code === 0x4c ? 1 : code === 0x4d ? 2 : code === 0x4e ? 4 : 0;
    let length = code < 0x4c ? code : 0;
    for (let i = 0; i < lengthBytes; i++) length += (script[at + i] ?? 0) * 256 ** i;
    at += lengthBytes;
    if (at + length > script.length) return { ops, complete: false };
    ops.push({ code, data: script.subarray(at, at + length) });
    at += length;
  }
  return { ops, complete: true };
}

const smallNumber = ({ code }: Op): number | undefined =>
  code === 0 ? 0 : code >= 0x51 && code <= 0x60 ? code - 0x50 : undefined;

/** Number of keys of a bare multisig script, undefined if `script` is none. */
function multisigKeys(script: Uint8Array): number | undefined {
  const { ops, complete } = decode(script);
  if (!complete || ops.length < 4 || ops.at(-1)!.code !== 0xae) return undefined;
  const [needed, keys] = [smallNumber(ops[0]!), smallNumber(ops.at(-2)!)];
  if (needed === undefined || keys === undefined || keys !== ops.length - 3) return undefined;
  const areKeys = ops.slice(1, -2).every(({ data }) => data.length >= 33 && data.length <= 65);
  return areKeys && needed >= 1 && needed <= keys ? keys : undefined;
}

function scriptSigops(script: Uint8Array): number {
  let count = 0;
  for (const { code } of decode(script).ops) {
    if (code === 0xac || code === 0xad) count += 1;
    else if (code === 0xae || code === 0xaf) count += 20;
  }
  return count;
}

function legacySigops(tx: Transaction): number {
  if (tx.kind !== "ordinary") return 0;
  const scripts = [
    ...tx.inputs.map((each) => each.scriptSig),
    ...tx.outputs.map((each) => each.scriptPubKey),
  ];
  return scripts.reduce((sum, script) => sum + scriptSigops(script), 0);
}

/** Says that all signatures hold, or that none do. */
export const plainVerifier = (signaturesValid: boolean): BlockVerifier => ({
  isMultisig: (script) => multisigKeys(script) !== undefined,
  signaturesValid: () => signaturesValid,
  legacySigops,
});

/** Scripts of the addresses of test, regtest and lab networks. */
export const plainScriptOf: ScriptOf = (address) => {
  const payload = Buffer.from(addressPayload(address)).toString("hex");
  const hash = payload.slice(4);
  return wireHex(payload.startsWith("1cba") ? `a914${hash}87` : `76a914${hash}88ac`);
};

const PAYMENT = /^(a914.{40}87|76a914.{40}88ac|21.{66}ac|41.{130}ac)$/;

export const plainScriptPolicy: ScriptPolicy = {
  isPushOnly: (script) => {
    const { ops, complete } = decode(script);
    return complete && ops.every(({ code }) => code <= 0x60);
  },
  standardForm: (script) => {
    if (PAYMENT.test(Buffer.from(script).toString("hex"))) return "payment";
    if ((multisigKeys(script) ?? 4) <= 3) return "payment";
    const { ops, complete } = decode(script);
    const data = ops[1]?.data.length ?? 0;
    return complete && ops[0]?.code === 0x6a && ops.length <= 2 && data <= 80 ? "nullData" : undefined;
  },
};
