import * as Schema from "effect/Schema";
import { decode, keysOf, oneOf, text, whole } from "./decode.ts";
import { faultSchema } from "./faultSchema.ts";
import { regionsSchema } from "./regionSchema.ts";
import { duration, height, peopleFields } from "./schema.ts";
import { parseDuration } from "./units.ts";

// Scenarios in which messages travel: how blocks spread between nodes, by a model of relay or by full nodes.

/** Each node's row of events has its number in 26 bits; memory ends long before. */
const MOST_NODES = 100_000;
const MOST_BLOCKS = 10_000_000;
const MOST_DEGREE = 125;

const NAME = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;
const NETWORKS = ["lab", "main", "test", "regtest"];
const NETWORK_HINT = '"lab", "main", "test", "regtest", or the path of a network file ending in .json';

const optional = Schema.optionalKey;
const nodes = whole(`a number of nodes, a whole number from 1 to ${MOST_NODES}`, 1, MOST_NODES);
const nodeNumber = whole("the number of a node, from 0", 0, MOST_NODES - 1);
const fluxnodeCount = whole("a number of FluxNodes, a whole number from 0 to 1000", 0, 1_000);
const degree = whole(`a number of links, a whole number from 1 to ${MOST_DEGREE}`, 1, MOST_DEGREE);
const seconds = text('a time such as "2 min" or "1.5 h" (s, min, h, days, weeks, years)', (value) => {
  const duration = parseDuration(value);
  return duration !== undefined && "seconds" in duration;
});
const longerThanNothing = text('a time such as "120 s"', (value) => {
  const duration = parseDuration(value);
  return duration !== undefined && "seconds" in duration && duration.seconds > 0;
});

/** A slot has to hold the five seconds that producers wait after a block, and some ranks. */
const slotLength = text('whole seconds from 10 to 600, such as "10 s"', (value) => {
  const duration = parseDuration(value);
  if (duration === undefined || !("seconds" in duration)) return false;
  return Number.isInteger(duration.seconds) && duration.seconds >= 10 && duration.seconds <= 600;
});

const common = {
  /** Short name: file names and the command line. */
  name: text("a name of small letters, digits and dashes", (value) => NAME.test(value)),
  title: text("one line of text"),
  /** What the run answers. */
  question: optional(text("one line of text")),
  nodes,
  /** Mean time between the blocks of the whole network. */
  blockInterval: longerThanNothing,
  /** Where nodes stand, how far apart, and how fast their lines are. */
  regions: optional(regionsSchema),
  seed: optional(whole("a whole number from 0 to 2^53 - 1", 0, Number.MAX_SAFE_INTEGER)),
};

const relayFields = {
  fidelity: oneOf(["relay"]),
  ...common,
  /** Height of the chain at the end. */
  blocks: whole(`a number of blocks, a whole number from 1 to ${MOST_BLOCKS}`, 1, MOST_BLOCKS),
};

const topology = Schema.Union([
  Schema.Struct({ random: degree }),
  Schema.Struct({
    smallWorld: Schema.Struct({
      degree,
      /** Links in 1000 that lead to a random node instead of a neighbour. */
      rewiredPerMille: whole("a whole number from 0 to 1000", 0, 1_000),
    }),
  }),
  Schema.Struct({ links: Schema.Array(Schema.Tuple([nodeNumber, nodeNumber])) }),
]).annotate({
  message: "one of {random: 8}, {smallWorld: {degree: 4, rewiredPerMille: 100}}, {links: [[0, 1], [1, 2]]}",
});

const economy = Schema.Struct({
  /** First block. */
  from: height,
  /** Last block before the full nodes take over. */
  to: height,
  ...peopleFields,
  /** Length of an economy that goes on from the chain of the full nodes. */
  after: optional(duration),
});

const networkFields = {
  fidelity: oneOf(["network"]),
  ...common,
  /** By whose rules; proof of work is modelled, and the chain begins with a genesis block of its own. */
  network: text(NETWORK_HINT, (value) => NETWORKS.includes(value) || value.endsWith(".json")),
  /** Length of the run. */
  run: longerThanNothing,
  topology: optional(topology),
  /** Nodes with hash rate, each with as much; the others only relay. */
  miners: optional(nodes),
  /** Hash rates that differ from that of the miners, which is 1; who is named mines. */
  hashRates: optional(
    Schema.Array(
      Schema.Struct({ node: nodeNumber, rate: whole("a whole number from 0 to 1000000", 0, 1_000_000) }),
    ).annotate({ message: "a list such as [{node: 0, rate: 10}]" }),
  ),
  clocks: optional(
    Schema.Struct({
      /** Clocks are off by up to so much, either way. */
      offset: optional(seconds),
      /** And run fast or slow by up to so many millionths. */
      driftPpm: optional(whole("parts in a million, a whole number from 0 to 1000", 0, 1_000)),
    }),
  ),
  /** Whether nodes ping each other every two minutes, as fluxd's do. */
  keepAlive: optional(Schema.Boolean.annotate({ message: "true or false" })),
  /** FluxNodes that are confirmed when the run begins, on nodes of their own as far as there are enough; only on "lab". */
  fluxnodes: optional(
    Schema.Struct({ cumulus: fluxnodeCount, nimbus: fluxnodeCount, stratus: fluxnodeCount }),
  ),
  /** Blocks into the run at which the Flux upgrade comes; only on "lab", never unless said. */
  fluxUpgrade: optional(whole("a number of blocks, a whole number from 1", 1, MOST_BLOCKS)),
  /** Blocks into the run at which proof of node takes over; only on "lab", never unless said. */
  ponUpgrade: optional(whole("a number of blocks, a whole number from 1", 1, MOST_BLOCKS)),
  /** Length of a slot of proof of node, 10 to 600 s; main's 30 s unless said. */
  ponSpacing: optional(slotLength),
  /** Who makes emergency blocks when proof of node stands still; nobody unless said. */
  keyholders: optional(
    Schema.Struct({
      /** The node of each, who has a key of his own; two must sign. */
      nodes: Schema.Array(nodeNumber),
      /** They act when the tip is so old. */
      after: longerThanNothing,
      /** From one signature to the next. */
      handling: optional(seconds),
    }),
  ),
  /** Whether coins are swapped with a parallel chain. */
  swaps: optional(Schema.Boolean.annotate({ message: "true or false" })),
  /** What is played before the full nodes, without messages, and perhaps after them: they go on from the chain that it leaves. */
  economy: optional(economy),
  /** What goes wrong, and when. */
  faults: optional(Schema.Array(faultSchema)),
  /** Whether checkers watch; what they find is part of the record. */
  check: optional(Schema.Boolean.annotate({ message: "true or false" })),
  /** "bytes": every message is written and read again on its way. The outcome is the same. */
  wire: optional(oneOf(["reference", "bytes"])),
};

const relaySchema = Schema.Struct(relayFields);
const networkSchema = Schema.Struct(networkFields);

export type RelayScenarioInput = typeof relaySchema.Type;
export type NetworkScenarioInput = typeof networkSchema.Type;
/** A scenario in which messages travel, with every choice made. */
export type RelayScenario = ReturnType<typeof relayWithDefaults>;
export type NetworkScenario = ReturnType<typeof networkWithDefaults>;
export type SpreadScenario = RelayScenario | NetworkScenario;

/** @throws InvalidInput naming each path, what was expected there and what was found. */
export const decodeRelayScenario = (data: unknown): RelayScenario =>
  relayWithDefaults(decode("scenario", relaySchema, data, (path) => keysOf(relayFields, path)));

/** @throws InvalidInput likewise. */
export const decodeNetworkScenario = (data: unknown): NetworkScenario =>
  networkWithDefaults(decode("scenario", networkSchema, data, (path) => keysOf(networkFields, path)));

const relayWithDefaults = (input: RelayScenarioInput) => ({
  ...input,
  regions: input.regions ?? ("bitcoin-2019" as const),
  seed: input.seed ?? 1,
});

/** Defaults: eight links a node as fluxd opens, everybody mines, clocks are right, and connections do not die in silence. */
const networkWithDefaults = (input: NetworkScenarioInput) => ({
  ...input,
  regions: input.regions ?? ("bitcoin-2019" as const),
  seed: input.seed ?? 1,
  topology: input.topology ?? { random: 8 },
  miners: input.miners ?? input.nodes,
  clocks: { offset: input.clocks?.offset ?? "0 s", driftPpm: input.clocks?.driftPpm ?? 0 },
  keepAlive: input.keepAlive ?? false,
  swaps: input.swaps ?? false,
  check: input.check ?? input.faults !== undefined,
  wire: input.wire ?? ("reference" as const),
});
