import {
  decodeWif,
  derFromCompact,
  encodeAddress,
  encodeBase64,
  encodeWif,
  type KeyPair,
  keyId,
  keyPair,
  mainnet,
  matchMultisigScript,
  messageDigest,
  multisigScript,
  nobleEcdsa,
  payToScriptHash,
  recoverMessageKey,
  scriptAddress,
  scriptIdOf,
  sha256d,
  signMessage,
  toWireHex,
} from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import type { Field } from "../field.ts";
import { agree, type Case, type Kind, type Outcome, rowCase } from "./kind.ts";

// Keys and signatures of fluxd src/test/key_tests.cpp and of specification 01 section 9, on the main network.

function keyOf(wif: string): KeyPair {
  const key = decodeWif(wif, mainnet);
  if (key === undefined) throw new InputError("no key of the main network");
  return keyPair(nobleEcdsa, key.secretKey, key.compressed);
}

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

const addressOf = (key: KeyPair): string =>
  encodeAddress({ type: "keyHash", id: keyId(key.publicKey) }, mainnet);

/** What a row may say of the key itself. */
const saidOfKey = (row: Field) => ({
  wif: row.get("wif").text(),
  pubkey: row.find("pubkey")?.text(),
  compressed: row.find("compressed")?.flag(),
  address_main: row.find("address_main")?.text(),
});

const foundOfKey = (key: KeyPair) => ({
  wif: encodeWif(key, mainnet),
  pubkey: toWireHex(key.publicKey),
  compressed: key.compressed,
  address_main: addressOf(key),
});

/** A signature of a digest, by the nonce of RFC 6979. */
function checkDeterministic(row: Field): Outcome {
  const key = row.get("wif").parsed(keyOf);
  const digest = sha256d(utf8(row.get("message_utf8").text()));
  const { compact, recoveryId } = nobleEcdsa.sign(key.secretKey, digest);
  const header = 27 + recoveryId + (key.compressed ? 4 : 0);
  return agree(
    {
      ...saidOfKey(row),
      digest: row.get("digest").text(),
      signature_der: row.get("signature_der").text(),
      signature_compact: row.get("signature_compact").text(),
    },
    {
      ...foundOfKey(key),
      digest: toWireHex(digest),
      signature_der: toWireHex(derFromCompact(compact)),
      signature_compact: toWireHex(Uint8Array.of(header, ...compact)),
    },
  );
}

/** A signature of a text with fluxd's magic. */
function checkMessage(row: Field): Outcome {
  const key = row.get("wif").parsed(keyOf);
  const message = utf8(row.get("message_utf8").text());
  const signer = recoverMessageKey(nobleEcdsa, message, row.get("signature_base64").base64());
  return agree(
    {
      ...saidOfKey(row),
      digest: row.get("digest").text(),
      signature_base64: row.get("signature_base64").text(),
      signer: toWireHex(key.publicKey),
    },
    {
      ...foundOfKey(key),
      digest: toWireHex(messageDigest(message)),
      signature_base64: encodeBase64(signMessage(nobleEcdsa, key, message)),
      signer: signer && toWireHex(signer),
    },
  );
}

/** A multisig script, its address, and the keys in it. */
function checkMultisig(row: Field): Outcome {
  const redeemScript = row.get("redeem_script").bytes();
  const keys = row.get("keys").items();
  const required = matchMultisigScript(redeemScript)?.required ?? 0;
  const scriptPubKey = payToScriptHash(scriptIdOf(redeemScript));
  const rebuilt = multisigScript(
    required,
    keys.map((key) => key.get("pubkey").bytes()),
  );
  return agree(
    {
      redeem_script: toWireHex(redeemScript),
      script_pubkey: row.get("script_pubkey").text(),
      address_main: row.get("address_main").text(),
    },
    {
      redeem_script: toWireHex(rebuilt),
      script_pubkey: toWireHex(scriptPubKey),
      address_main: scriptAddress(scriptPubKey, mainnet),
    },
  );
}

const checkKey = (row: Field): Outcome => agree(saidOfKey(row), foundOfKey(row.get("wif").parsed(keyOf)));

/** The groups of a file: two with a list of cases, one that is a case itself and holds keys. */
function cases(root: Field): Case[] {
  return root.keys().flatMap((name) => {
    const group = root.get(name);
    if (name === "deterministic_signatures") return listed(group, checkDeterministic);
    if (name === "message_signatures") return listed(group, checkMessage);
    if (name !== "p2sh_multisig") return root.fail(`groups called ${GROUPS.join(", ")}, not "${name}"`);
    const keys = [
      ...group.get("keys").items(),
      ...(group.find("node_key") === undefined ? [] : [group.get("node_key")]),
    ];
    return [rowCase(group, checkMultisig), ...keys.map((key) => rowCase(key, checkKey))];
  });
}

const listed = (group: Field, check: (row: Field) => Outcome): Case[] =>
  group
    .get("cases")
    .items()
    .map((row) => rowCase(row, check));

const GROUPS = ["deterministic_signatures", "message_signatures", "p2sh_multisig"];

export const keysKind: Kind = {
  name: "keys",
  about: "keys, addresses and signatures: groups deterministic_signatures, message_signatures, p2sh_multisig",
  recognises: (root) => root.isObject() && GROUPS.some((name) => root.find(name)?.isObject() === true),
  cases: ({ root }) => cases(root),
};
