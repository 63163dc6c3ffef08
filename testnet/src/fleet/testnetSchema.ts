import { decode, InvalidInput, keysOf, oneOf, type Problem, text, whole } from "@fluxlab/sim/scenario";
import * as Schema from "effect/Schema";
import { EXPECTATION_HINT, parseExpectation } from "./expectation.ts";
import { parseTime, TIME_HINT } from "./times.ts";

// What the scenario of a testnet may say. It has the fields of the simulator's network scenarios where both mean the same; what it adds is
// what real nodes can do, and what is expected of them.

const MOST_NODES = 1_000;
const MOST_DEGREE = 8;
const NAME = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;

const optional = Schema.optionalKey;
const time = text(TIME_HINT, (value) => parseTime(value) !== undefined);
const count = whole(`a number of nodes, a whole number from 1 to ${MOST_NODES}`, 1, MOST_NODES);
const node = whole("the number of a node, from 0", 0, MOST_NODES - 1);
const nodes = Schema.Array(node).annotate({ message: "a list of nodes such as [0, 2]" });
const perMillion = whole("parts in a million, a whole number from 0 to 1000000", 0, 1_000_000);
const weight = whole("a share of the hash rate, a whole number from 0 to 1000000", 0, 1_000_000);
const fluxnodeCount = whole("a number of FluxNodes, a whole number from 0 to 1000", 0, 1_000);
const rate = whole("a number of transactions, 0 to 100000", 0, 100_000);
const offset = text(
  'an offset such as "90 s" or "-2 min"',
  (value) => parseTime(value.replace(/^-/, "")) !== undefined,
);

/** What a link does to what it carries. */
const troubleFields = {
  latency: optional(time),
  jitter: optional(time),
  lossPerMillion: optional(perMillion),
  resetPerMillion: optional(perMillion),
  duplicatedPerMillion: optional(perMillion),
  bytesPerSecond: optional(whole("bytes a second, a whole number; 0 for no limit", 0, 10_000_000_000)),
};

const pair = Schema.Tuple([node, node]).annotate({ message: "two nodes such as [0, 1]" });

/** Each kind of fault under a name of its own; one a fault. */
const kinds = {
  /** Groups that do not hear each other; nodes that are named in none are a group together. */
  partition: Schema.Array(nodes).annotate({ message: "groups of nodes such as [[0], [1, 2]]" }),
  /** What `from` says does not reach `to`; the other way all is well. */
  cut: Schema.Struct({ from: nodes, to: nodes }),
  /** Links that are slow or lose; all, or those between the pairs named. */
  links: Schema.Struct({ between: optional(Schema.Array(pair)), ...troubleFields }),
  /** Packets that the nodes' kernels lose or delay, below TCP; all nodes, or the pairs named. Not for nodes that share a kernel's network. */
  packets: Schema.Struct({
    between: optional(Schema.Array(pair)),
    lossPerMillion: optional(perMillion),
    bytesPerSecond: optional(whole("bytes a second, a whole number; 0 for no limit", 0, 10_000_000_000)),
    latency: optional(time),
    jitter: optional(time),
  }),
  /** The nodes are off the network; what they have open hangs. */
  unplug: nodes,
  /** Connections that are there break, once. */
  reset: Schema.Array(pair),
  /** All links are in order again, whatever was wrong with them. */
  heal: oneOf(["links"]),
  /** The processes stand still. */
  pause: nodes,
  /** The processes are killed, and start again at the end. */
  kill: nodes,
  /** The processes end in order, and start again at the end. */
  stop: nodes,
  /** What was stopped or killed without an end starts again. */
  start: nodes,
  /** The processes are killed and start again, at the end, with nothing on their disk. */
  wipe: nodes,
  /** The nodes start again with clocks that are off. */
  clock: Schema.Struct({ nodes, offset }),
  /** The processes end in order and start again under the newest rules. */
  upgrade: nodes,
  /** The processes end in order and start again under the old rules, and at the end under the newest. */
  downgrade: nodes,
  /** The disks of the nodes are full: a node that has something to write ends, and starts again at the end. */
  fullDisk: nodes,
  /** The disks of the nodes are slow: each write takes so much longer. */
  slowDisk: Schema.Struct({ nodes, latency: time }),
  /** Hash rate of the nodes. */
  hashRate: Schema.Struct({ nodes, weight }),
};

/** Names of the kinds of fault. */
export const FAULT_KINDS = Object.keys(kinds) as (keyof typeof kinds)[];

const optionalKinds = Object.fromEntries(
  Object.entries(kinds).map(([kind, schema]) => [kind, optional(schema)]),
) as { [Kind in keyof typeof kinds]: Schema.optionalKey<(typeof kinds)[Kind]> };

const faultFields = {
  /** After the nodes are ready; at once if left out. */
  at: optional(time),
  /** Until it is put in order again; if left out, to the end. */
  for: optional(time),
  ...optionalKinds,
};

const ONE_KIND = `exactly one kind of fault: ${FAULT_KINDS.join(", ")}`;
export const faultSchema = Schema.Struct(faultFields).check(
  Schema.makeFilter((value: object) => FAULT_KINDS.filter((kind) => kind in value).length === 1 || ONE_KIND),
);

const fields = {
  /** Short name: of the testnet, its folder and its report. */
  name: text("a name of small letters, digits and dashes", (value) => NAME.test(value)),
  title: text("one line of text"),
  /** What the run answers. */
  question: optional(text("one line of text")),
  /** By whose rules. */
  network: text(
    '"lab", "regtest", or the path of a network file ending in .json',
    (value) => value === "lab" || value === "regtest" || value.endsWith(".json"),
  ),
  /** FluxNodes that are confirmed when the run begins; only on "lab", whose first blocks fund and start them. */
  fluxnodes: optional(
    Schema.Struct({ cumulus: fluxnodeCount, nimbus: fluxnodeCount, stratus: fluxnodeCount }),
  ),
  /** Blocks into the run at which the Flux upgrade comes; only on "lab", never unless said. */
  fluxUpgrade: optional(whole("a number of blocks, 1 to 100000", 1, 100_000)),
  /** Blocks into the run at which proof of node takes over; likewise. */
  ponUpgrade: optional(whole("a number of blocks, 1 to 100000", 1, 100_000)),
  /** Length of a slot of proof of node; main's 30 s unless said. */
  ponSpacing: optional(time),
  /** Nodes that begin under the rules of before the upgrade. */
  late: optional(nodes),
  /** Transactions that users send, as many a minute on average; only on "lab", whose miner has coins. */
  traffic: optional(Schema.Struct({ paymentsPerMinute: rate, fusionPerMinute: optional(rate) })),
  nodes: count,
  seed: optional(whole("a whole number from 0 to 2^53 - 1", 0, Number.MAX_SAFE_INTEGER)),
  /** Who dials whom: so many of the earlier nodes, by chance, or the pairs named, dialling node first. */
  topology: optional(
    Schema.Union([
      Schema.Struct({ random: whole(`a number of links, 1 to ${MOST_DEGREE}`, 1, MOST_DEGREE) }),
      Schema.Struct({ links: Schema.Array(pair) }),
    ]).annotate({ message: "{random: 4} or {links: [[1, 0], [2, 0]]}" }),
  ),
  /** Nodes that run by another program: one of ours of another version, which takes the same options, or a fluxd. */
  groups: optional(
    Schema.Array(
      Schema.Struct({
        nodes,
        binary: optional(text("the path of a program such as ../other/testnet/bin/flux-node.ts")),
        fluxd: optional(text('the path of a fluxd, or "$NAME" of the variable that has it')),
      }).check(
        Schema.makeFilter(
          ({ binary, fluxd }: { binary?: string; fluxd?: string }) =>
            (binary === undefined) !== (fluxd === undefined) || "either binary or fluxd",
        ),
      ),
    ),
  ),
  /** What all links are like without a fault. */
  links: optional(Schema.Struct(troubleFields)),
  /** Mean time between blocks of the whole network; without it nobody mines. */
  blockInterval: optional(time),
  /** Hash rate by node; every node has 1 if left out. */
  hashRate: optional(Schema.Array(weight)),
  /** Blocks that the first node makes, and all have, before the run begins. */
  blocksBefore: optional(whole("a number of blocks, 0 to 1000", 0, 1_000)),
  /** Length of the run. */
  run: time,
  faults: optional(Schema.Array(faultSchema)),
  /** What has to hold, or the run has failed. */
  expect: optional(Schema.Array(text(EXPECTATION_HINT, (value) => parseExpectation(value) !== undefined))),
};

const schema = Schema.Struct(fields);

/** A fault as written. */
export type FaultInput = typeof faultSchema.Type;
/** The trouble of a link as written. */
export type TroubleInput = NonNullable<(typeof schema.Type)["links"]>;
/** A testnet's scenario as written. */
export type TestnetScenarioInput = typeof schema.Type;
/** A testnet's scenario with every choice made. */
export type TestnetScenario = ReturnType<typeof withDefaults>;

/** @throws InvalidInput naming each path, what was expected there and what was found. */
export function decodeTestnetScenario(data: unknown): TestnetScenario {
  const scenario = withDefaults(decode("testnet scenario", schema, data, (path) => keysOf(fields, path)));
  const problems = [...problemsOfRules(scenario), ...strangers(scenario)];
  if (problems.length > 0) throw new InvalidInput("testnet scenario", problems);
  return scenario;
}

/** One fault by itself, from the command line. @throws InvalidInput likewise, also for a node there is not. */
export function decodeFault(data: unknown, nodeCount: number): FaultInput {
  const decoded = decode("fault", faultSchema, data, (path) => keysOf(faultFields, path));
  const problems = strangeNodes(decoded, nodeCount, []);
  if (problems.length > 0) throw new InvalidInput("fault", problems);
  return decoded;
}

function withDefaults(input: typeof schema.Type) {
  return {
    ...input,
    seed: input.seed ?? 1,
    topology: input.topology ?? { random: 4 },
    links: input.links ?? {},
    groups: input.groups ?? [],
    blocksBefore: input.blocksBefore ?? 0,
    late: input.late ?? [],
    faults: input.faults ?? [],
    expect: input.expect ?? [],
  };
}

/** What only the laboratory's own network has. */
const LAB_ONLY = ["fluxnodes", "fluxUpgrade", "ponUpgrade", "ponSpacing", "traffic"] as const;

function problemsOfRules(scenario: TestnetScenario): Problem[] {
  const { network, late, fluxUpgrade, ponUpgrade, faults } = scenario;
  const found: Problem[] = fluxdProblems(scenario);
  for (const field of LAB_ONLY) {
    if (scenario[field] === undefined || network === "lab") continue;
    found.push({ path: [field], expected: 'no such field, or the network "lab"', got: scenario[field] });
  }
  if (late.length > 0 && fluxUpgrade === undefined && ponUpgrade === undefined) {
    const expected = "an upgrade that they are late for: fluxUpgrade or ponUpgrade";
    found.push({ path: ["late"], expected, got: late });
  }
  for (const [i, { upgrade = [] }] of faults.entries()) {
    if (upgrade.every((each) => late.includes(each))) continue;
    found.push({ path: ["faults", i, "upgrade"], expected: "nodes that are named as late", got: upgrade });
  }
  return found;
}

/** What a fluxd has no option for. */
const NOT_FOR_FLUXD = ["clock", "fullDisk", "slowDisk"] as const;

function fluxdProblems({ network, groups, faults }: TestnetScenario): Problem[] {
  const fluxds = groups.flatMap(({ fluxd, nodes }) => (fluxd === undefined ? [] : nodes));
  if (fluxds.length > 0 && network === "lab") {
    const expected =
      "regtest, or the file of a network that the fluxd was built for: it does not know the laboratory's";
    return [{ path: ["network"], expected, got: network }];
  }
  return faults.flatMap((fault, i) =>
    NOT_FOR_FLUXD.flatMap((kind): Problem[] => {
      const value = fault[kind] ?? [];
      const named = "nodes" in value ? value.nodes : value;
      if (!named.some((each) => fluxds.includes(each))) return [];
      const expected = `nodes of ours: a fluxd cannot be told of a ${kind}`;
      return [{ path: ["faults", i, kind], expected, got: named }];
    }),
  );
}

/** Nodes that are named but not there. */
function strangers({
  nodes: there,
  topology,
  hashRate,
  late,
  groups,
  faults,
  expect,
}: TestnetScenario): Problem[] {
  const found: Problem[] = strangeNodes(late, there, ["late"]);
  if ("links" in topology) {
    found.push(...strangeNodes({ links: topology.links }, there, ["topology"]));
    for (const [i, [from, to]] of topology.links.entries())
      if (from === to)
        found.push({ path: ["topology", "links", i], expected: "two different nodes", got: [from, to] });
  }
  for (const [i, group] of groups.entries())
    found.push(...strangeNodes(group.nodes, there, ["groups", i, "nodes"]));
  if (hashRate !== undefined && hashRate.length !== there)
    found.push({ path: ["hashRate"], expected: `one number for each of ${there} nodes`, got: hashRate });
  for (const [i, each] of faults.entries()) found.push(...strangeNodes(each, there, ["faults", i]));
  for (const [i, line] of expect.entries()) {
    const target = parseExpectation(line)?.target;
    if (typeof target === "number" && target >= there)
      found.push({ path: ["expect", i], expected: `a node from 0 to ${there - 1}`, got: line });
  }
  return found;
}

/** Every number below these keys is a node, but for what is measured. */
const MEASURES = new Set([
  "lossPerMillion",
  "resetPerMillion",
  "duplicatedPerMillion",
  "bytesPerSecond",
  "weight",
]);

function strangeNodes(value: unknown, there: number, path: Problem["path"]): Problem[] {
  if (typeof value === "number")
    return value < there ? [] : [{ path, expected: `a node from 0 to ${there - 1}`, got: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    MEASURES.has(key) ? [] : strangeNodes(member, there, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
