import {
  ParseError,
  parseWhole,
  readBlock,
  readTransaction,
  type Transaction,
  testnet,
  toWireHex,
  transactionBytes,
  wireHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../core/host/commandLine.ts";
import { jsonText, parseJson } from "../../../core/host/json.ts";
import { addressJson } from "../../../core/host/tx/addressJson.ts";
import { blockJson, headerJson } from "../../../core/host/tx/blockJson.ts";
import { encodeTransactionJson } from "../../../core/host/tx/readTransactionJson.ts";
import { decodedScriptJson } from "../../../core/host/tx/scriptJson.ts";
import { transactionJson } from "../../../core/host/tx/transactionJson.ts";
import { sampleTransactions } from "../../support/samples.ts";
import { readJson, readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// What the daemon printed, text for text.

interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly body: string;
}

const calls = (method: string): Call[] =>
  readJson<{ calls: Call[] }>("labnet/rpc-samples.json").calls.filter((call) => call.method === method);

/** The text of a recorded result, undefined for an error. */
const resultOf = ({ body }: Call): string | undefined =>
  /^\{"result":(.*),"error":null,"id":"t"\}\n$/s.exec(body)?.[1];

/** Without what a node adds that has an index of spends. */
const withoutIndex = (json: string): string =>
  json
    .replace(/"value":[\d.]+,"valueSat":\d+,(?:"address":"\w+",)?"sequence"/g, '"sequence"')
    .replace(/,"spentTxId":"\w+","spentIndex":\d+,"spentHeight":\d+/g, "");

/** Without what we add. */
const withoutExtras = (json: string): string =>
  json.replace(/,"(?:redeemscript_hex|joinSplitPubKey|joinSplitSig)":"\w+"/g, "");

/** Without what only a chain knows. */
const withoutChain = (json: string): string =>
  json
    .replace(/"(?:confirmations|height|difficulty)":[-\d.e]+,/g, "")
    .replace(/,"(?:chainwork|anchor|nextblockhash)":"\w+"|,"valuePools":\[.*?\]/g, "");

function parsed(hex: string): Transaction {
  const tx = parseWhole(wireHex(hex), readTransaction);
  if (tx instanceof ParseError) throw new Error(`${tx}`);
  return tx;
}

vectorTest("transactions print as the daemon's decoderawtransaction prints them", () => {
  let compared = 0;
  for (const call of calls("decoderawtransaction")) {
    const recorded = resultOf(call);
    if (recorded === undefined) continue;
    const printed = jsonText(transactionJson(parsed(call.params[0] as string), testnet));
    expect(withoutExtras(printed)).toBe(withoutIndex(recorded));
    compared++;
  }
  expect(compared).toBe(13);
});

vectorTest("blocks and headers print as the daemon's getblock and getblockheader print them", () => {
  const chain = new Map(
    readJsonLines<{ hash: string; height: number; hex: string }>("labnet/chain-a.jsonl").flatMap((block) => [
      [block.hash, block.hex],
      [`${block.height}`, block.hex],
    ]),
  );
  let compared = 0;
  for (const call of [...calls("getblockheader"), ...calls("getblock")]) {
    const recorded = resultOf(call);
    const [id, verbosity] = call.params;
    const block = parseWhole(wireHex(chain.get(id as string) ?? ""), readBlock);
    if (recorded === undefined || block instanceof ParseError || !recorded.startsWith("{")) continue;
    const isHeader = call.method === "getblockheader";
    const json = isHeader ? headerJson(block.header) : blockJson(block, testnet);
    // Without a verbosity the transactions are ids.
    const ids = (json["tx"] as { txid: string }[] | undefined)?.map(({ txid }) => txid);
    const shown = isHeader || verbosity === 2 ? json : { ...json, tx: ids };
    expect(withoutExtras(jsonText(shown))).toBe(withoutIndex(withoutChain(recorded)));
    compared++;
  }
  expect(compared).toBeGreaterThan(20);
});

vectorTest("scripts and addresses print as decodescript and validateaddress print them", () => {
  for (const call of calls("decodescript")) {
    expect(jsonText(decodedScriptJson(wireHex(call.params[0] as string), testnet))).toBe(resultOf(call));
  }
  for (const call of calls("validateaddress")) {
    const { networks: _, ...json } = addressJson(call.params[0] as string);
    const ofWallet = /"is(?:mine|watchonly)":false,/g;
    expect(jsonText(json)).toBe(resultOf(call)!.replace(ofWallet, ""));
  }
});

const roundTrip = (tx: Transaction): string =>
  toWireHex(encodeTransactionJson(parseJson(jsonText(transactionJson(tx, testnet)), "json")));

test.each(Object.entries(sampleTransactions))("encode undoes decode: %s", (_, tx) => {
  expect(roundTrip(tx)).toBe(toWireHex(transactionBytes(tx)));
});

vectorTest("encode undoes decode for random transactions of every format and for FluxNodes", () => {
  const random = readJson<string[][]>("sighash.json").filter((row) => row.length > 1);
  const nodes = readJson<{ transactions: { raw: string }[] }>("fluxnode-txs.json").transactions;
  for (const hex of [...random.map(([raw]) => raw!), ...nodes.map(({ raw }) => raw)]) {
    expect(roundTrip(parsed(hex))).toBe(hex);
  }
});

test("amounts of any size survive, and a member that is missing or wrong is named", () => {
  const tx = sampleTransactions[Object.keys(sampleTransactions)[0]!]!;
  if (tx.kind !== "ordinary") throw new Error("the first sample has inputs");
  const large = { ...tx, outputs: [{ value: 43_999_999_999_999_999n, scriptPubKey: new Uint8Array(0) }] };
  const json = jsonText(transactionJson(large, testnet));
  expect(json).toContain('"value":439999999.99999999,"valueZat":43999999999999999,');
  expect(roundTrip(large)).toBe(toWireHex(transactionBytes(large)));

  const encode = (text: string) => () => encodeTransactionJson(parseJson(text, "json"));
  const byValue = json.replace(/"value(?:Zat|Sat)":\d+,/g, "");
  expect(encode(byValue)).toThrow(/vout\[0\]\.value: expected FLUX .*as a text, or "valueZat"/);
  expect(encode(byValue.replace(/"value":[\d.]+/, '"value":"439999999.99999999"'))()).toEqual(
    transactionBytes(large),
  );
  expect(encode(json.replace('"vin"', '"in"'))).toThrow(/expected an object with "vin"/);
  expect(encode(json.replace(/"sequence":\d+/, '"sequence":-1'))).toThrow(
    /vin\[0\]\.sequence: expected a whole number/,
  );
});

test("encode answers whatever the JSON holds", () => {
  const samples = Object.values(sampleTransactions).map((tx) => jsonText(transactionJson(tx, testnet)));
  const mutated = fc
    .tuple(
      fc.constantFrom(...samples),
      fc.nat(),
      fc.constantFrom("-1", '"', "null", "{}", "[]", "5", "1e99", '"zz"'),
    )
    .map(([json, at, piece]) => {
      const values = [...json.matchAll(/(?<=:)(?:"[^"]*"|-?[\d.]+|true|false)/g)];
      const value = values[at % values.length]!;
      return json.slice(0, value.index) + piece + json.slice(value.index + value[0].length);
    });
  fc.assert(
    fc.property(mutated, (json) => {
      try {
        encodeTransactionJson(parseJson(json, "json"));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 500 },
  );
});
