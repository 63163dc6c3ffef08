import {
  decodeWif,
  type EcdsaBackend,
  type KeyPair,
  keyPair,
  type Outpoint,
  type Params,
  parseDisplayHash,
  TIERS,
} from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { type Field, parseJson, readText } from "@fluxlab/core/host";
import type { LabFluxnode } from "@fluxlab/sim";

// FluxNodes that a node looks after, as a file: what fluxd has in its flux.conf, and of a laboratory the owner's key as well.

/**
 * Reads FluxNodes of a network whose benchmark key is the laboratory's.
 * @throws InputError naming the file, the field and what was expected there
 */
export function readFluxnodeFile(file: string, params: Params, ecdsa: EcdsaBackend): LabFluxnode[] {
  const json = parseJson(readText(file), file);
  try {
    return json.items().map((item) => fluxnode(item, params, ecdsa));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function fluxnode(item: Field, params: Params, ecdsa: EcdsaBackend): LabFluxnode {
  const tier = item.get("tier");
  const found = TIERS.find((each) => each === tier.value);
  return {
    tier: found ?? tier.fail(`one of ${TIERS.join(", ")}`),
    collateral: outpoint(item.get("collateral")),
    owner: key(item.get("ownerKey"), params, ecdsa),
    key: key(item.get("nodeKey"), params, ecdsa),
    ip: Uint8Array.from(Buffer.from(item.get("ip").text(), "latin1")),
  };
}

function outpoint(field: Field): Outpoint {
  const [id = "", index = ""] = field.text().split(":");
  const txid = parseDisplayHash(id);
  if (txid === undefined || !/^\d{1,9}$/.test(index)) field.fail('an output "TXID:INDEX"');
  return { txid, index: Number(index) };
}

function key(field: Field, params: Params, ecdsa: EcdsaBackend): KeyPair {
  const wif = decodeWif(field.text(), params) ?? field.fail("a secret key of this network (WIF)");
  return keyPair(ecdsa, wif.secretKey, wif.compressed);
}
