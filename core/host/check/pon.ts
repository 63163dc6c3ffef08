import {
  blockHash,
  checkProofOfNode,
  comparePonHashes,
  compareU256,
  headerPonHash,
  mainnet,
  nobleEcdsa,
  type Outpoint,
  type PonHeader,
  ponHash,
  setU256Bytes,
  slotNumber,
  toDisplayHex,
  u256,
  verifyDer,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { bitsOf, networkOf } from "./difficultyFields.ts";
import { agree, type Outcome } from "./kind.ts";

// The groups of difficulty.json about proof of node.

const collateralOf = (row: Field): Outpoint => ({
  txid: row.get("collateralTxid").hash(),
  index: row.get("collateralIndex").u32(),
});

/** fluxd's times have 64 bits with a sign; in so many the division of doubles is exact enough. */
const TIME_LIMIT = 2 ** 45;

function checkSlot(row: Field): Outcome {
  const time = row.get("time").integer(-TIME_LIMIT, TIME_LIMIT);
  return agree({ slot: row.get("slot").u32() }, { slot: slotNumber(time, networkOf(row)) });
}

function checkPonHash(row: Field): Outcome {
  const drawn = ponHash(collateralOf(row), row.get("prevBlockHash").hash(), row.get("slot").u32());
  return agree({ ponHash: toDisplayHex(row.get("ponHash").hash()) }, { ponHash: toDisplayHex(drawn) });
}

/** Height 0 asks what is asked of a header whose height is not known. */
function checkTarget(row: Field): Outcome {
  const height = row.get("height").height();
  const [hash, bits] = [row.get("ponHash").hash(), bitsOf(row.get("bits"))];
  const valid = checkProofOfNode(hash, bits, height === 0 ? undefined : height, networkOf(row));
  return agree({ valid: row.get("valid").flag() }, { valid });
}

/** Ties go by raw bytes; as numbers the hashes may stand the other way round. */
function checkOrder(row: Field): Outcome {
  const [a, b] = [row.get("a").hash(), row.get("b").hash()];
  return agree(
    {
      aBeforeB: row.get("aBeforeB").flag(),
      aNumericallySmaller: row.find("aNumericallySmaller")?.flag(),
    },
    {
      aBeforeB: comparePonHashes(a, b) < 0,
      aNumericallySmaller: compareU256(setU256Bytes(u256(), a), setU256Bytes(u256(), b)) < 0,
    },
  );
}

/** A header of the main network and its producer's key. */
function checkSignedHeader(row: Field): Outcome {
  const header: PonHeader = {
    kind: "pon",
    version: row.get("version").i32(),
    previousHash: row.get("prevBlockHash").hash(),
    merkleRoot: row.get("merkleRoot").hash(),
    saplingRoot: row.get("saplingRoot").hash(),
    time: row.get("time").u32(),
    bits: bitsOf(row.get("bits")),
    collateral: collateralOf(row),
    signature: row.get("signature").bytes(),
  };
  const hash = blockHash(header);
  return agree(
    {
      blockHash: toDisplayHex(row.get("blockHash").hash()),
      ponHash: toDisplayHex(row.get("ponHash").hash()),
      signatureValid: row.get("signatureValid").flag(),
    },
    {
      blockHash: toDisplayHex(hash),
      ponHash: toDisplayHex(headerPonHash(header, mainnet)),
      signatureValid: verifyDer(nobleEcdsa, row.get("pubkey").bytes(), hash, header.signature),
    },
  );
}

export const PON_CHECKS = {
  slot: checkSlot,
  ponHash: checkPonHash,
  checkProofOfNode: checkTarget,
  ponHashOrder: checkOrder,
  ponSignedHeader: checkSignedHeader,
};
