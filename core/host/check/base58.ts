import {
  addressScript,
  decodeAddress,
  decodeBase58,
  decodeWif,
  encodeBase58,
  encodeWif,
  mainnet,
  type Params,
  regtest,
  scriptAddress,
  testnet,
  toWireHex,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { agree, type Case, type Kind, type Outcome, rowCase, same } from "./kind.ts";

// fluxd src/test/data/base58_*.json, run as in src/test/base58_tests.cpp.

const CHAINS: Readonly<Record<string, Params>> = { mainnet, testnet, regtest };

/** [hex, text] */
function checkPlain(row: Field): Outcome {
  const bytes = row.at(0).bytes();
  const text = row.at(1).text();
  const decoded = decodeBase58(text);
  return agree(
    { text, hex: toWireHex(bytes) },
    { text: encodeBase58(bytes), hex: decoded === undefined ? "not base 58" : toWireHex(decoded) },
  );
}

/** [text, payload, info]: the text decodes to the payload, is made from it again, and is nothing else. */
function checkKnown(row: Field): Outcome {
  const text = row.at(0).text();
  const payload = row.at(1).bytes();
  const info = row.at(2);
  const params = info.get("chain").oneOf(CHAINS);
  const expected = { payload: toWireHex(payload), text, otherKind: false };
  if (!info.get("isPrivkey").flag()) {
    const script = addressScript(text, params);
    return agree(expected, {
      payload: script && toWireHex(script),
      text: scriptAddress(payload, params),
      otherKind: decodeWif(text, params) !== undefined,
    });
  }
  const key = decodeWif(text, params);
  return agree(
    { ...expected, compressed: info.get("isCompressed").flag() },
    {
      payload: key && toWireHex(key.secretKey),
      text: key && encodeWif(key, params),
      compressed: key?.compressed,
      otherKind: decodeAddress(text, params) !== undefined,
    },
  );
}

/** [text]: neither address nor key of any network. */
function checkNothing(row: Field): Outcome {
  const text = row.at(0).text();
  const is = Object.entries(CHAINS).flatMap(([chain, params]) => [
    ...(decodeAddress(text, params) === undefined ? [] : [`address of ${chain}`]),
    ...(decodeWif(text, params) === undefined ? [] : [`key of ${chain}`]),
  ]);
  return same("nothing", is.join(", ") || "nothing");
}

/** By the number of elements that the rows of a file have. */
const ROW_CHECKS: readonly ((row: Field) => Outcome)[] = [checkNothing, checkPlain, checkKnown];

function cases(root: Field): Case[] {
  const rows = root.items();
  const length = rows[0]?.isList() === true ? rows[0].items().length : 0;
  const check = ROW_CHECKS[length - 1];
  if (check === undefined) return root.fail("rows [hex, text], [text, payload, info] or [text]");
  return rows.map((row) =>
    rowCase(row, () =>
      row.items().length === length ? check(row) : row.fail(`a list of ${length}, as in row 0`),
    ),
  );
}

export const base58Kind: Kind = {
  name: "base58",
  about: "rows [hex, text]; addresses and keys [text, payload, info]; texts that are neither [text]",

  recognises: (root) =>
    root.isList() &&
    root
      .items()
      .every((row) => row.isList() && row.items().length <= 3 && typeof row.items()[0]?.value === "string") &&
    root.items().every((row) => row.items().length < 3 || row.at(2).isObject()),

  cases: ({ root }) => cases(root),
};
