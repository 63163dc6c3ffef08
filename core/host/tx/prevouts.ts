import {
  equalBytes,
  matchTemplate,
  type OrdinaryTransaction,
  type Outpoint,
  type SpendableCoin,
  scriptIdOf,
  toDisplayHex,
} from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import type { Field } from "../field.ts";
import { readValue } from "./readTransactionJson.ts";

const outpointText = ({ txid, index }: Outpoint): string => `${toDisplayHex(txid)}:${index}`;

/** [{txid, vout, scriptPubKey, amount, redeemScript?}…], as fluxd's signrawtransaction takes it. */
function readPrevout(json: Field): SpendableCoin {
  const outpoint = { txid: json.get("txid").hash(), index: json.get("vout").u32() };
  const scriptPubKey = json.get("scriptPubKey").bytes();
  const output = { value: readValue(json), scriptPubKey };
  const redeem = json.find("redeemScript");
  if (redeem === undefined) return { outpoint, output };
  const redeemScript = redeem.bytes();
  const template = matchTemplate(scriptPubKey);
  const isItsScript =
    template?.type === "scriptHash" && equalBytes(template.scriptId, scriptIdOf(redeemScript));
  if (!isItsScript) redeem.fail("the script whose hash scriptPubKey names");
  return { outpoint, output, redeemScript };
}

/** The coin that each input spends, in their order. @throws InputError for one that is not listed. */
export function coinsOf(tx: OrdinaryTransaction, prevouts: Field): SpendableCoin[] {
  const listed = new Map(
    prevouts
      .items()
      .map(readPrevout)
      .map((coin) => [outpointText(coin.outpoint), coin]),
  );
  return tx.inputs.map(({ prevout }, i) => {
    const coin = listed.get(outpointText(prevout));
    if (coin === undefined)
      throw new InputError(`input ${i}: --prevouts does not list ${outpointText(prevout)}`);
    return coin;
  });
}
