import { Random } from "@fluxlab/core";
import { networkScenario } from "../scenario/builders.ts";
import type { FaultInput } from "../scenario/faultSchema.ts";
import type { NetworkScenario, NetworkScenarioInput } from "../scenario/spreadSchema.ts";

// Swarm testing (Groce et al., "Swarm testing", 2012): each seed leaves out some kinds of faults and has the rest at wild rates, because
// some bugs only show where another trouble is missing.

/** Seconds after the last fault in which nodes must find together: peers that fell silent are noticed within six minutes. */
const SETTLING = 1_800;

type Kind = FaultInput["fault"];
type Draw = (random: Random, world: World) => object;

/** What a fault is drawn for. */
interface World {
  readonly nodes: number;
  readonly upgrade: boolean;
  readonly pon: boolean;
}

const between = (random: Random, least: number, most: number): number =>
  least + random.below(most - least + 1);

/** A whole number that is small as often as large: each doubling up to `most` is as likely. */
function wild(random: Random, most: number): number {
  const doublings = Math.floor(31 - Math.clz32(most));
  return Math.min(most, 1 + random.below(1 << between(random, 1, doublings + 1)));
}

const nothing: Draw = () => ({});
const perMille: Draw = (random) => ({ perMille: wild(random, 500) });

/** What each kind of fault needs besides when and whom. */
const KINDS: Readonly<Record<Kind, Draw>> = {
  delay: (random) => ({ milliseconds: wild(random, 30_000) }),
  jitter: (random) => ({ milliseconds: wild(random, 30_000) }),
  loss: perMille,
  duplication: perMille,
  reordering: perMille,
  corruption: perMille,
  // Queues of much slower lines outlast the settling.
  bandwidth: (random) => ({ kilobits: 64 + wild(random, 1_000) }),
  partition: (random) => ({ direction: (["both", "in", "out"] as const)[random.below(3)] }),
  clog: nothing,
  eclipse: (random, { nodes }) => ({ attackers: [random.below(nodes)] }),
  kill: (random) => {
    const disk = (["whole", "torn", "wiped"] as const)[random.below(3)];
    return disk === "torn" ? { disk, blocks: wild(random, 30) } : { disk };
  },
  pause: nothing,
  "slow-disk": (random) => ({ milliseconds: wild(random, 10_000) }),
  clock: (random) => ({
    milliseconds: (random.chance(1, 2) ? -1 : 1) * wild(random, 7_200_000),
    driftPpm: (random.chance(1, 2) ? -1 : 1) * wild(random, 10_000),
  }),
  "late-upgrade": nothing,
  "never-upgrade": nothing,
  "hash-rate": (random) => ({ times: random.below(20) }),
  "invalid-blocks": nothing,
  withholding: nothing,
  "selfish-mining": nothing,
  equivocation: nothing,
  "header-spam": nothing,
  "tx-spam": nothing,
  "benchmark-failure": nothing,
  "collateral-spend": nothing,
  // A tier gets some thousand dollars a month: about every third draw drives somebody out.
  price: (random) => {
    const cost = () => `${wild(random, 20_000)} USD`;
    return { price: "0.01 USD", monthlyCost: { cumulus: cost(), nimbus: cost(), stratus: cost() } };
  },
  "double-lock": nothing,
  "stale-relayer": nothing,
  "timestamp-games": (random) => ({ stamp: random.chance(1, 2) ? "early" : "late" }),
};

/** Kinds that were added later draw from streams of their own, so that seeds found before mean what they meant. */
const OWN_STREAM: ReadonlySet<Kind> = new Set(["timestamp-games", "price"]);
/** Kinds of worlds with proof of node only: seeds from before there were any stay what they were. */
const NEEDS_PON: ReadonlySet<Kind> = new Set(["equivocation", "never-upgrade"]);

/** Kinds that name some nodes as bad: all others must stay enough. */
const BYZANTINE: ReadonlySet<Kind> = new Set([
  "invalid-blocks",
  "withholding",
  "selfish-mining",
  "equivocation",
  "header-spam",
  "tx-spam",
]);

/** Whether proof of node takes over in the world of a seed. */
const drawsPon = (seed: number): boolean => Random.root(`swarm pon ${seed}`).chance(1, 2);

/** A world and its troubles, the same ones for the same seed. `pon`: whether proof of node takes over in it. */
export function drawScenario(seed: number, pon = drawsPon(seed)): NetworkScenario {
  const random = Random.root(`swarm ${seed}`);
  const nodes = between(random, 3, random.chance(1, 4) ? 30 : 12);
  const fluxUpgrade = random.chance(1, 3);
  const interval = between(random, 8, 40);
  const troubled = between(random, 600, 2_400);
  const faults = drawFaults(random, { nodes, upgrade: fluxUpgrade || pon, pon }, troubled);
  const drawn: Omit<NetworkScenarioInput, "fidelity"> = {
    name: `swarm-${seed}`,
    title: `Swarm, seed ${seed}`,
    network: "lab",
    nodes,
    seed,
    run: `${troubled + SETTLING} s`,
    blockInterval: `${interval} s`,
    topology: { random: between(random, 2, 8) },
    miners: between(random, 1, nodes),
    clocks: { offset: `${random.below(30)} s`, driftPpm: random.below(200) },
    keepAlive: true,
    wire: random.chance(1, 4) ? "bytes" : "reference",
    fluxnodes: {
      cumulus: between(random, 1, 5),
      nimbus: random.below(4),
      stratus: random.below(3),
    },
    ...(fluxUpgrade ? { fluxUpgrade: between(random, 2, 30) } : {}),
    swaps: true,
    faults,
    check: true,
  };
  return networkScenario(pon ? { ...drawn, ...drawPon(random.fork("pon"), drawn) } : drawn);
}

/** When proof of node comes, and who watches over it. */
function drawPon(
  random: Random,
  { nodes, fluxUpgrade }: Pick<NetworkScenarioInput, "nodes" | "fluxUpgrade">,
): Pick<NetworkScenarioInput, "ponUpgrade" | "keyholders"> {
  const ponUpgrade = Math.max(between(random, 1, 30), fluxUpgrade ?? 1);
  if (random.chance(1, 2)) return { ponUpgrade };
  const order = Array.from({ length: nodes }, (_, node) => node);
  random.shuffle(order);
  const keyholders = {
    nodes: order.slice(0, between(random, 2, Math.min(nodes, 4))),
    after: `${between(random, 60, 600)} s`,
    handling: `${random.below(60)} s`,
  };
  return { ponUpgrade, keyholders };
}

function drawFaults(shared: Random, world: World, troubled: number): FaultInput[] {
  // One node is never Byzantine, so that somebody has to be served well.
  const bad = between(shared, 0, Math.ceil(world.nodes / 3) - 1);
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => world.pon || !NEEDS_PON.has(kind));
  return kinds.flatMap((kind) => {
    const random = OWN_STREAM.has(kind) ? shared.fork(kind) : shared;
    const on = random.chance(1, 3);
    const count = on ? between(random, 1, 3) : 0;
    if (kind === "late-upgrade" && !world.upgrade) return [];
    if (BYZANTINE.has(kind) && bad === 0) return [];
    return Array.from({ length: count }, () => drawFault(kind, random, world, troubled, bad));
  });
}

function drawFault(kind: Kind, random: Random, world: World, troubled: number, bad: number): FaultInput {
  const at = random.below(troubled - 60);
  const length = Math.min(wild(random, troubled), troubled - at);
  const nodes = BYZANTINE.has(kind)
    ? { ids: Array.from({ length: between(random, 1, bad) }, (_, i) => i) }
    : drawTargets(random, world.nodes);
  const drawn = KINDS[kind](random, world);
  return { fault: kind, ...drawn, at: `${at} s`, for: `${length} s`, nodes } as FaultInput;
}

function drawTargets(random: Random, nodes: number): FaultInput["nodes"] {
  switch (random.below(4)) {
    case 0:
      return "all";
    case 1:
      return { ids: [random.below(nodes)] };
    default:
      return { share: `${between(random, 1, 3)} in ${between(random, 3, 6)}` };
  }
}
