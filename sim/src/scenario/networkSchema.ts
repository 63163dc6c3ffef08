import type { Upgrade } from "@fluxlab/core";
import * as Schema from "effect/Schema";
import { oneOf, text, whole } from "./decode.ts";

// What a network file may say. The format is that of the recorded laboratory network, so a file made for a modified fluxd
// fits; everything but the name is optional.

const HIGHEST = 0x7fff_ffff;

const hex = (bytes: number, what: string) =>
  text(
    `${what}, ${bytes * 2} hex digits`,
    (value) => value.length === bytes * 2 && /^[0-9a-f]*$/.test(value),
  );
const hash = (what: string) => hex(32, what);
const prefix = text("a prefix of hex bytes", (value) => /^(?:[0-9a-f]{2}){1,4}$/.test(value));
const height = whole("a height, or -1 for never", -1, HIGHEST);
const blocks = whole("a number of blocks", 0, HIGHEST);
const positive = (what: string) => whole(`${what}, 1 or more`, 1, HIGHEST);
/** Bounds within which the core's retargets are exact. */
const spacing = whole("seconds between blocks, 1 to 600", 1, 600);
const averagingWindow = whole("a number of blocks, 1 to 144", 1, 144);
const optional = Schema.optionalKey;
const satoshi = text("an amount in satoshi, as a string of digits", (value) => /^\d{1,17}$/.test(value));
const address = text("an address");
const publicKey = text("a public key, 66 or 130 hex digits", (value) =>
  /^(?:0[23][0-9a-f]{64}|04[0-9a-f]{128})$/.test(value),
);
const window = Schema.Tuple([blocks, blocks]).annotate({ message: "[first height, height after the last]" });
const equihash = Schema.Tuple([positive("n"), positive("k")]).annotate({ message: "[n, k]" });
const timedKeys = Schema.Array(
  Schema.Struct({ publicKey, validFrom: whole("a Unix time", 0, Number.MAX_SAFE_INTEGER) }),
);
const fund = Schema.Struct({ height: blocks, amount: satoshi, address });

/** Key by key; networkFile.ts says what each becomes. */
export const networkFields = {
  name: text("a name"),
  networkId: oneOf(["lab", "main", "test", "regtest"]),
  description: optional(text("one line of text")),
  messageStart: optional(hex(4, "four magic bytes")),
  addressPrefixes: optional(
    Schema.Struct({ p2pkh: optional(prefix), p2sh: optional(prefix), wif: optional(prefix) }),
  ),
  defaultPort: optional(whole("a port", 1, 65_535)),
  currencyUnits: optional(text("a currency unit")),
  bip44CoinType: optional(blocks),
  genesis: optional(
    Schema.Struct({
      hash: hash("the genesis block's hash"),
      time: whole("a Unix time", 0, 0xffff_ffff),
      bits: hex(4, "a compact target"),
      nonce: hash("a nonce in display order"),
      solution: optional(text("hex bytes")),
      version: positive("a block version"),
      merkleRoot: hash("a Merkle root in display order"),
      hex: optional(text("hex bytes")),
    }),
  ),
  /** "modelled": blocks show a marker in place of proof of work. On networks of id "lab" only. */
  proof: optional(oneOf(["real", "modelled"])),
  checkProofTargets: optional(Schema.Boolean.annotate({ message: "true or false" })),
  requireStandard: optional(Schema.Boolean.annotate({ message: "true or false" })),
  coinbaseMustBeProtected: optional(Schema.Boolean.annotate({ message: "true or false" })),
  mineBlocksOnDemand: optional(Schema.Boolean.annotate({ message: "true or false" })),
  checkpoints: optional(Schema.Record(Schema.String, hash("a block hash"))),
  minimumChainWork: optional(hash("chain work")),
  /** Roots of the empty note-commitment trees: the same on every network, kept in such files for reference. */
  emptySaplingRoot: optional(hash("a tree root")),
  emptySproutRoot: optional(hash("a tree root")),
  upgrades: optional(
    Schema.Struct(
      Object.fromEntries(
        [
          "BASE",
          "LWMA",
          "EQUI144_5",
          "ACADIA",
          "KAMIOOKA",
          "KAMATA",
          "FLUX",
          "HALVING",
          "P2SHNODES",
          "PON",
        ].map((name) => [
          name,
          optional(
            Schema.Struct({
              height,
              branchId: optional(hex(4, "a branch id")),
              protocolVersion: optional(positive("a protocol version")),
            }),
          ),
        ]),
      ),
    ),
  ),
  pow: optional(
    Schema.Struct({
      powLimit: optional(hash("a target")),
      targetSpacing: optional(spacing),
      digishieldAveragingWindow: optional(averagingWindow),
      digishieldMaxAdjustDown: optional(whole("percent, 0 to 1000", 0, 1_000)),
      digishieldMaxAdjustUp: optional(whole("percent, 0 to 100", 0, 100)),
      allowMinDifficultyAfterHeight: optional(height),
      lwmaAveragingWindow: optional(averagingWindow),
      equihash: optional(
        Schema.Struct({ epoch1: equihash, epoch2: equihash, epoch3: equihash, fadeLength: optional(blocks) }),
      ),
    }),
  ),
  pon: optional(
    Schema.Struct({
      ponLimit: optional(hash("a target")),
      ponStartLimit: optional(hash("a target")),
      targetSpacing: optional(spacing),
      difficultyWindow: optional(whole("a number of blocks, 2 to 10000", 2, 10_000)),
      initialSubsidy: optional(whole("whole coins", 0, 440_000_000)),
      subsidyReductionInterval: optional(positive("a number of blocks")),
      maxReductions: optional(blocks),
    }),
  ),
  subsidy: optional(
    Schema.Struct({
      slowStartInterval: optional(blocks),
      halvingInterval: optional(positive("a number of blocks")),
    }),
  ),
  fluxnodes: optional(
    Schema.Struct({
      startPaymentsHeight: optional(blocks),
      benchmarkKeys: optional(timedKeys),
      foundationKeys: optional(timedKeys),
      transitions: optional(Schema.Struct({ cumulus: window, nimbus: window, stratus: window })),
    }),
  ),
  emergency: optional(
    Schema.Struct({
      collateralHash: optional(hash("a txid")),
      minSignatures: optional(positive("a number of signatures")),
      publicKeys: optional(Schema.Array(publicKey)),
    }),
  ),
  funds: optional(
    Schema.Struct({
      exchange: optional(fund),
      foundation: optional(fund),
      swapPool: optional(
        Schema.Struct({
          startHeight: blocks,
          interval: positive("a number of blocks"),
          count: blocks,
          amount: satoshi,
          address,
        }),
      ),
      dev: optional(Schema.Struct({ address })),
    }),
  ),
  /** Limits that rarely change; no rule reads majorityWindow. */
  unchangedFromRegtest: optional(
    Schema.Struct({
      maxReorgDepth: optional(blocks),
      coinbaseMaturity: optional(blocks),
      majorityWindow: optional(blocks),
    }),
  ),
  /** Private keys for tests; no parameter. */
  keys: optional(Schema.Unknown),
};

export const networkSchema = Schema.Struct(networkFields);

/** A network file as written. */
export type NetworkFile = typeof networkSchema.Type;

/** Names in a file for our names of the upgrades. */
export const FILE_NAME: Readonly<Partial<Record<Upgrade, string>>> = {
  base: "BASE",
  lwma: "LWMA",
  equihash144: "EQUI144_5",
  acadia: "ACADIA",
  kamiooka: "KAMIOOKA",
  kamata: "KAMATA",
  flux: "FLUX",
  halving: "HALVING",
  p2shNodes: "P2SHNODES",
  pon: "PON",
};
