import {
  benchmarkMessage,
  blockVerifier,
  checkTransaction,
  confirmMessage,
  type Delegates,
  decodeWif,
  type EcdsaBackend,
  FLUXNODE_CONFIRM,
  FLUXNODE_START,
  type FluxnodeConfirm,
  type FluxnodeStart,
  type KnownSigners,
  keyId,
  keyPair,
  mainnet,
  messageDigest,
  nobleEcdsa,
  type Params,
  ParseError,
  parseSecretKey,
  parseWhole,
  payToScriptHash,
  readDelegates,
  readTransaction,
  recoverMessageKey,
  scriptAddress,
  scriptIdOf,
  signMessage,
  startMessage,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  txid,
  Writer,
  writeDelegates,
  writeTxidPreimage,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import type { Json } from "../json.ts";
import { agree, type Case, groupCases, hasGroup, type Kind, type Outcome, rowCase, same } from "./kind.ts";

// FluxNode transactions: fluxnode-txs.json, an object of groups, and fluxnode-txs-public.json, a list with keys in snake case.

type SignedTx = FluxnodeStart | FluxnodeConfirm;
type Said = Readonly<Record<string, Json | undefined>>;

const ecdsa: EcdsaBackend = nobleEcdsa;

/** Reads the transaction, or says why it is none. */
function readSigned(raw: Field): SignedTx | string {
  const tx = parseWhole(raw.bytes(), readTransaction);
  if (tx instanceof ParseError) return `${tx}`;
  return tx.kind === "fluxnodeStart" || tx.kind === "fluxnodeConfirm"
    ? tx
    : `a transaction of kind ${tx.kind}`;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** The text that the owner, or the node, signs. */
const signedMessage = (tx: SignedTx): Uint8Array =>
  tx.kind === "fluxnodeStart" ? startMessage(tx) : confirmMessage(tx);

/** The key that made a signature, as hex; undefined if none did. */
function signer(message: Uint8Array, signature: Uint8Array): string | undefined {
  const key = recoverMessageKey(ecdsa, message, signature);
  return key && toWireHex(key);
}

/** Every field of the transaction, by the names of fluxnode-txs.json. */
function fieldsOf(tx: SignedTx): Said {
  const common = {
    version: tx.version,
    collateralTxid: toDisplayHex(tx.collateral.txid),
    collateralVout: tx.collateral.index,
    sigTime: tx.sigTime,
    sig: toWireHex(tx.sig),
  };
  if (tx.kind === "fluxnodeConfirm") {
    return {
      ...common,
      type: FLUXNODE_CONFIRM,
      benchmarkTier: tx.benchmarkTier,
      benchmarkSigTime: tx.benchmarkSigTime,
      updateType: tx.updateType,
      ip: text(tx.ip),
      benchmarkSig: toWireHex(tx.benchmarkSig),
    };
  }
  return {
    ...common,
    type: FLUXNODE_START,
    fluxTxVersion: tx.fluxTxVersion,
    collateralPubkey: toWireHex(tx.collateralPubkey),
    nodePubkey: toWireHex(tx.pubkey),
    redeemScript: toWireHex(tx.redeemScript),
    usingDelegates: tx.delegates?.using,
    delegates: tx.delegates && delegatesJson(tx.delegates),
  };
}

const delegatesJson = ({ version, type, keys }: Delegates) => ({ version, type, keys: keys.map(toWireHex) });

/** What the member "fields" says, key by key; a key that no transaction has is an error. */
function saidFields(fields: Field, found: Said): Said {
  return Object.fromEntries(
    fields.keys().map((key) => {
      if (!Object.hasOwn(found, key))
        fields.fail(`the fields ${Object.keys(found).join(", ")}, not "${key}"`);
      return [key, fields.get(key).value as Json];
    }),
  );
}

function idPreimage(tx: SignedTx): string {
  const writer = new Writer();
  writeTxidPreimage(writer, tx);
  return toWireHex(writer.view());
}

/** `params` with one benchmark key, which is in force at all times. */
const withBenchmarkKey = (publicKey: Uint8Array | undefined): Params =>
  publicKey === undefined
    ? mainnet
    : {
        ...mainnet,
        fluxnodes: {
          ...mainnet.fluxnodes,
          benchmarkKeys: [{ validFrom: 0, publicKey: toWireHex(publicKey) }],
        },
      };

/** The rule the transaction breaks by itself, for a collateral of which `known` is known. */
function brokenRule(tx: SignedTx, known: KnownSigners, params: Params): string {
  return (
    checkTransaction(
      tx,
      blockVerifier(ecdsa, () => known, params),
    )?.rule ?? "none"
  );
}

/** An entry of "transactions" in fluxnode-txs.json. */
function checkLabTransaction(row: Field): Outcome {
  const tx = readSigned(row.get("raw"));
  if (typeof tx === "string") return same("a FluxNode transaction", tx);
  const message = signedMessage(tx);
  const secret = row.get("signerPrivateKey");
  const secretKey = parseSecretKey(secret.bytes()) ?? secret.fail("a secret key");
  const signerKey = signer(message, tx.sig);
  const compressed = signerKey === undefined || signerKey.length === 66;
  const expectedKey = keyPair(ecdsa, secretKey, compressed).publicKey;
  const known: KnownSigners = { delegates: [expectedKey], nodeKey: row.find("nodePubkey")?.bytes() };
  const found = fieldsOf(tx);
  const redeemScript = tx.kind === "fluxnodeStart" ? tx.redeemScript : new Uint8Array(0);
  const benchmark = tx.kind === "fluxnodeConfirm" ? tx : undefined;
  return agree(
    {
      ...saidFields(row.get("fields"), found),
      raw: row.get("raw").text(),
      txidPreimage: row.find("txidPreimage")?.text(),
      txid: toDisplayHex(row.get("txid").hash()),
      signedMessage: row.get("signedMessage").text(),
      messageHash: row.find("messageHash")?.text(),
      signer: toWireHex(expectedKey),
      signerKeyId: row.find("signerKeyId")?.text(),
      payoutAddressMain: row.find("payoutAddressMain")?.text(),
      benchmarkMessageHex: row.find("benchmarkMessageHex")?.text(),
      benchmarkMessageHash: row.find("benchmarkMessageHash")?.text(),
      benchmarkPubkey: row.find("benchmarkPubkey")?.text(),
      brokenRule: row.find("expectReject")?.text() ?? "none",
    },
    {
      ...found,
      raw: toWireHex(transactionBytes(tx)),
      txidPreimage: idPreimage(tx),
      txid: toDisplayHex(txid(tx)),
      signedMessage: text(message),
      messageHash: toWireHex(messageDigest(message)),
      signer: signerKey,
      signerKeyId: signerKey && toWireHex(keyId(Buffer.from(signerKey, "hex"))),
      payoutAddressMain: scriptAddress(payToScriptHash(scriptIdOf(redeemScript)), mainnet),
      benchmarkMessageHex: benchmark && toWireHex(benchmarkMessage(benchmark)),
      benchmarkMessageHash: benchmark && toWireHex(messageDigest(benchmarkMessage(benchmark))),
      benchmarkPubkey: benchmark && signer(benchmarkMessage(benchmark), benchmark.benchmarkSig),
      brokenRule: brokenRule(tx, known, withBenchmarkKey(row.find("benchmarkPubkey")?.bytes())),
    },
  );
}

/** An entry of "delegateSerialization"; the cases leave out the byte that says a delegate part is in use. */
function checkDelegateBytes(row: Field): Outcome {
  const version = row.get("version").integer(-128, 127);
  const type = row.get("type").integer(-128, 127);
  const keys = row
    .get("keysInMemory")
    .items()
    .map((key) => key.bytes());
  const writer = new Writer();
  writeDelegates(writer, { using: true, version, type, keys });
  const read = parseWhole(writer.copy(), readDelegates);
  return agree(
    { serialized: row.get("serialized").text(), keysAfterRoundTrip: row.get("keysAfterRoundTrip").u32() },
    {
      serialized: toWireHex(writer.view().subarray(1)),
      keysAfterRoundTrip: read instanceof ParseError ? `${read}` : read.keys.length,
    },
  );
}

/** Names of fluxnode-txs-public.json for what {@link fieldsOf} has. */
function publicFieldsOf(tx: SignedTx): Said {
  const found = fieldsOf(tx);
  const delegates = tx.kind === "fluxnodeStart" ? tx.delegates : undefined;
  return {
    version: found["version"],
    type: found["type"],
    flux_tx_version: found["fluxTxVersion"],
    collateral_txid: found["collateralTxid"],
    collateral_index: found["collateralVout"],
    collateral_pubkey: found["collateralPubkey"],
    node_pubkey: found["nodePubkey"],
    redeem_script: found["redeemScript"],
    sig_time: found["sigTime"],
    sig: found["sig"],
    using_delegates: delegates && Number(delegates.using),
    delegate_version: delegates?.version,
    delegate_type: delegates?.type,
    delegate_keys: delegates?.keys.map(toWireHex),
    benchmark_tier: found["benchmarkTier"],
    benchmark_sig_time: found["benchmarkSigTime"],
    update_type: found["updateType"],
    ip: found["ip"],
    benchmark_sig: found["benchmarkSig"],
  };
}

/** An entry of fluxnode-txs-public.json. Who signed is recovered; whether they were entitled to is not asked here. */
function checkPublicTransaction(row: Field): Outcome {
  const tx = readSigned(row.get("raw_hex"));
  if (typeof tx === "string") return same("a FluxNode transaction", tx);
  const message = signedMessage(tx);
  const found = publicFieldsOf(tx);
  const benchmark = tx.kind === "fluxnodeConfirm" ? tx : undefined;
  const wif = row.find("wif_signer");
  const key = wif && (decodeWif(wif.text(), mainnet) ?? wif.fail("a key of the main network"));
  return agree(
    {
      ...saidFields(row.get("fields"), found),
      raw_hex: row.get("raw_hex").text(),
      txid: toDisplayHex(row.get("txid").hash()),
      signed_message: row.get("signed_message").text(),
      signer_pubkey: row.get("signer_pubkey").text(),
      sigByWif: key && toWireHex(tx.sig),
      benchmark_signed_message_hex: row.find("benchmark_signed_message_hex")?.text(),
      benchmark_signer_pubkey: row.find("benchmark_signer_pubkey")?.text(),
    },
    {
      ...found,
      raw_hex: toWireHex(transactionBytes(tx)),
      txid: toDisplayHex(txid(tx)),
      signed_message: text(message),
      signer_pubkey: signer(message, tx.sig),
      sigByWif: key && toWireHex(signMessage(ecdsa, key, message)),
      benchmark_signed_message_hex: benchmark && toWireHex(benchmarkMessage(benchmark)),
      benchmark_signer_pubkey: benchmark && signer(benchmarkMessage(benchmark), benchmark.benchmarkSig),
    },
  );
}

const GROUPS = { transactions: checkLabTransaction, delegateSerialization: checkDelegateBytes };

function cases(root: Field): Case[] {
  if (root.isList()) return root.items().map((row) => rowCase(row, checkPublicTransaction));
  return groupCases(root, GROUPS);
}

export const fluxnodeTxKind: Kind = {
  name: "fluxnode-tx",
  about:
    "FluxNode transactions: groups transactions, delegateSerialization; or a list with raw_hex, txid, fields",

  recognises(root) {
    if (root.isList())
      return root.items().some((row) => row.isObject() && row.find("signed_message") !== undefined);
    if (hasGroup(root, ["delegateSerialization"])) return true;
    return (
      hasGroup(root, ["transactions"]) &&
      root
        .get("transactions")
        .items()
        .some((row) => row.isObject() && row.find("signedMessage") !== undefined)
    );
  },

  cases: ({ root }) => cases(root),
};
