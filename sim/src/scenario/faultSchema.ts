import * as Schema from "effect/Schema";
import { oneOf, text, whole } from "./decode.ts";
import { parseDuration, parseRatio, parseUsd, RATIO_HINT, USD_HINT } from "./units.ts";

// What may go wrong in a scenario of full nodes: which fault, whom it befalls, when it begins and how long it lasts.

const optional = Schema.optionalKey;
const MOST_NODES = 100_000;
const MOST_MS = 86_400_000;

const time = text('a time such as "20 min" (s, min, h, days, weeks, years)', (value) => {
  const duration = parseDuration(value);
  return duration !== undefined && "seconds" in duration;
});
const usd = text(USD_HINT, (value) => parseUsd(value) !== undefined);
const node = whole("the number of a node, from 0", 0, MOST_NODES - 1);
const milliseconds = whole(`milliseconds, a whole number from 0 to ${MOST_MS}`, 0, MOST_MS);
const signedMilliseconds = whole(
  `milliseconds, a whole number from -${MOST_MS} to ${MOST_MS}`,
  -MOST_MS,
  MOST_MS,
);

const targets = Schema.Union([
  oneOf(["all"]),
  Schema.Struct({ ids: Schema.Array(node) }),
  Schema.Struct({ share: text(RATIO_HINT, (value) => parseRatio(value) !== undefined) }),
  Schema.Struct({ region: text("the name of a region") }),
  Schema.Struct({ tier: oneOf(["cumulus", "nimbus", "stratus"]) }),
]).annotate({
  message: 'one of "all", {ids: [0, 3]}, {share: "1 in 3"}, {region: Europe}, {tier: nimbus}',
});

const common = {
  /** Since the run began. */
  at: time,
  /** How long it lasts; what has no end (an upgrade, a sale) needs none. */
  for: optional(time),
  nodes: targets,
};

const perMille = whole("messages in 1000, a whole number from 0 to 1000", 0, 1_000);

export const faultSchema = Schema.Union([
  Schema.Struct({ fault: oneOf(["delay", "jitter", "slow-disk"]), milliseconds, ...common }),
  Schema.Struct({ fault: oneOf(["loss", "duplication", "reordering", "corruption"]), perMille, ...common }),
  Schema.Struct({
    fault: oneOf(["bandwidth"]),
    kilobits: whole("kilobits a second, a whole number from 1", 1, 1_000_000_000),
    ...common,
  }),
  Schema.Struct({
    fault: oneOf(["partition"]),
    /** "in": the nodes hear nothing; "out": nobody hears them. */
    direction: optional(oneOf(["both", "in", "out"])),
    ...common,
  }),
  Schema.Struct({ fault: oneOf(["eclipse"]), attackers: Schema.Array(node), ...common }),
  Schema.Struct({
    fault: oneOf(["kill"]),
    disk: optional(oneOf(["whole", "torn", "wiped"])),
    /** Blocks that a torn disk lost. */
    blocks: optional(whole("a number of blocks from 1 to 1000", 1, 1_000)),
    ...common,
  }),
  Schema.Struct({
    fault: oneOf(["clock"]),
    milliseconds: optional(signedMilliseconds),
    driftPpm: optional(whole("millionths, a whole number from -100000 to 100000", -100_000, 100_000)),
    /** Nobody sets the clock right at the end. */
    stays: optional(Schema.Boolean.annotate({ message: "true or false" })),
    ...common,
  }),
  Schema.Struct({
    fault: oneOf(["timestamp-games"]),
    /** "early": just after the median of the blocks before; "late": as far in the future as others let in. */
    stamp: oneOf(["early", "late"]),
    ...common,
  }),
  Schema.Struct({
    fault: oneOf(["hash-rate"]),
    /** What it was, so many times; 0: none. */
    times: whole("a whole number from 0 to 1000", 0, 1_000),
    ...common,
  }),
  Schema.Struct({
    fault: oneOf(["price"]),
    /** Of one FLUX while it lasts. */
    price: usd,
    /** Of running one node, against which it is weighed. */
    monthlyCost: Schema.Struct({ cumulus: usd, nimbus: usd, stratus: usd }),
    ...common,
  }),
  Schema.Struct({
    fault: oneOf([
      "clog",
      "pause",
      "late-upgrade",
      "never-upgrade",
      "invalid-blocks",
      "withholding",
      "selfish-mining",
      "equivocation",
      "header-spam",
      "tx-spam",
      "benchmark-failure",
      "collateral-spend",
      "double-lock",
      "stale-relayer",
    ]),
    ...common,
  }),
]).annotate({
  message:
    'a fault such as {fault: partition, at: "20 min", for: "10 min", nodes: {share: "1 in 3"}}; docs/scenarios.md lists them',
});

/** A fault as a scenario has it. */
export type FaultInput = typeof faultSchema.Type;
export type FaultTargets = FaultInput["nodes"];
