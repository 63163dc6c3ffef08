import { decode, InvalidInput, keysOf, oneOf, type Problem, text, whole } from "@fluxlab/sim/scenario";
import * as Schema from "effect/Schema";
import { faultSchema } from "../testnetSchema.ts";
import { parseTime, TIME_HINT } from "../times.ts";

// The plan of an upgrade's rehearsal: which upgrade, who installs it when, what goes wrong meanwhile.

const MOST_NODES = 100_000;
const NAME = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;

const optional = Schema.optionalKey;
const time = text(TIME_HINT, (value) => parseTime(value) !== undefined);
const node = whole("the number of a node, from 0", 0, MOST_NODES - 1);
const fluxnodes = whole("a number of FluxNodes, a whole number from 0 to 1000", 0, 1_000);
const version = text("the name of a version");

const fields = {
  /** Short name: of the testnet, its folder and its report. */
  name: text("a name of small letters, digits and dashes", (value) => NAME.test(value)),
  title: text("one line of text"),
  /** What runs so far. */
  old: Schema.Struct({ version }),
  /** What is to run: the rules of the old version, and an upgrade. */
  new: Schema.Struct({
    version,
    upgrade: oneOf(["flux", "pon"]),
    /** Blocks into the run at which it takes effect. */
    activation: whole("a number of blocks, 2 to 100000", 2, 100_000),
    /** Length of a slot of proof of node; main's 30 s unless said. */
    slots: optional(time),
  }),
  nodes: whole(`a number of nodes, a whole number from 2 to ${MOST_NODES}`, 2, MOST_NODES),
  fluxnodes: Schema.Struct({ cumulus: fluxnodes, nimbus: fluxnodes, stratus: fluxnodes }),
  /** Links that each node opens. */
  links: optional(whole("a number of links, 1 to 8", 1, 8)),
  /** One-way delay of every link; the simulator's nodes stand around the world unless said. */
  latency: optional(time),
  blockInterval: time,
  /** Percent of the nodes that have installed the new version by a time; in between as many as on a straight line. */
  adoption: Schema.Array(
    Schema.Struct({ at: time, percent: whole("a percentage, a whole number from 0 to 100", 0, 100) }),
  ).annotate({ message: "a list such as [{at: 0 s, percent: 50}, {at: 10 min, percent: 80}]" }),
  /** What the nodes begin with: the laboratory's first blocks, a chain that an earlier run left, or copies of a node's data folder. */
  start: optional(
    Schema.Union([
      oneOf(["fresh"]),
      Schema.Struct({ chain: text("the path of a file of blocks, as a run folder's chain.dat") }),
      Schema.Struct({ datadir: text("the path of a node's data folder, as collect --datadirs copies it") }),
    ]).annotate({
      message: '"fresh", {chain: runs/earlier/chain.dat}, or {datadir: runs/earlier/datadirs/node-0}',
    }),
  ),
  /** What goes wrong during the roll-out; as in scenarios of testnets. */
  faults: optional(Schema.Array(faultSchema)),
  /** A node that is restarted at the block of the activation; the first that has upgraded unless said. */
  restart: optional(node),
  /** An operator who goes back to the old version for a while. */
  rollback: optional(Schema.Struct({ node: optional(node), at: time, for: time })),
  /** Length of the run. */
  run: time,
  seed: optional(whole("a whole number from 0 to 2^53 - 1", 0, Number.MAX_SAFE_INTEGER)),
};

const schema = Schema.Struct(fields);

/** A rehearsal as written, with its defaults. */
export type RehearsalPlan = ReturnType<typeof withDefaults>;

/** @throws InvalidInput naming each path, what was expected there and what was found. */
export function decodeRehearsalPlan(data: unknown): RehearsalPlan {
  const plan = withDefaults(decode("rehearsal plan", schema, data, (path) => keysOf(fields, path)));
  const problems = problemsOf(plan);
  if (problems.length > 0) throw new InvalidInput("rehearsal plan", problems);
  return plan;
}

const withDefaults = (input: typeof schema.Type) => ({
  ...input,
  links: input.links ?? 4,
  start: input.start ?? ("fresh" as const),
  faults: input.faults ?? [],
  seed: input.seed ?? 1,
});

function problemsOf({ adoption, nodes, restart, rollback, run, ...plan }: RehearsalPlan): Problem[] {
  const problems: Problem[] = [];
  const length = parseTime(run)!;
  if (adoption.length === 0)
    problems.push({ path: ["adoption"], expected: "at least one point", got: adoption });
  for (const [i, { at, percent }] of adoption.entries()) {
    const before = adoption[i - 1];
    const rises =
      before === undefined || (parseTime(at)! > parseTime(before.at)! && percent >= before.percent);
    if (!rises) {
      const expected = "a later time, and no fewer nodes, than the point before";
      problems.push({ path: ["adoption", i], expected, got: { at, percent } });
    }
    if (parseTime(at)! > length)
      problems.push({ path: ["adoption", i, "at"], expected: `a time within the run of ${run}`, got: at });
  }
  for (const [path, value] of [
    [["restart"], restart],
    [["rollback", "node"], rollback?.node],
  ] as const) {
    if (value !== undefined && value >= nodes)
      problems.push({ path, expected: `a node from 0 to ${nodes - 1}`, got: value });
  }
  if (rollback !== undefined && parseTime(rollback.at)! + parseTime(rollback.for)! > length)
    problems.push({ path: ["rollback"], expected: `a rollback within the run of ${run}`, got: rollback });
  if (plan.new.slots !== undefined && plan.new.upgrade !== "pon")
    problems.push({
      path: ["new", "slots"],
      expected: "no such field, or the upgrade pon",
      got: plan.new.slots,
    });
  return problems;
}
