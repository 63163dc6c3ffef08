import { Random } from "@fluxlab/core";
import type { FaultInput, TestnetScenarioInput } from "./testnetSchema.ts";

// Scenarios of testnets drawn from seeds, as `npm run vopr` draws those of the simulator: some kinds of faults are left out, the others come in
// numbers, and all is in order for long enough before the end that the nodes have to agree.

/** Milliseconds that the nodes have for agreeing after the last fault. */
const QUIET_MS = 30_000;
const FAULTY_MS = 30_000;
const MOST_FAULTS = 8;

type Draw = (random: Random, nodes: number) => FaultInput;

const KINDS: readonly Draw[] = [
  (random, nodes) => ({ partition: [someOf(random, nodes, Math.floor(nodes / 2))] }),
  (random, nodes) => {
    const [from, to] = someOf(random, nodes, 2, 2);
    return { cut: { from: [from!], to: [to!] } };
  },
  (random) => ({
    links: {
      latency: `${random.below(400)} ms`,
      jitter: `${random.below(200)} ms`,
      lossPerMillion: random.below(50_000),
      resetPerMillion: random.below(2_000),
    },
  }),
  (random, nodes) => ({ pause: someOf(random, nodes, 2) }),
  (random, nodes) => ({ kill: someOf(random, nodes, 2) }),
  (random, nodes) => ({ stop: someOf(random, nodes, 2) }),
  (random, nodes) => ({ wipe: someOf(random, nodes, 1) }),
  (random, nodes) => ({
    clock: {
      nodes: someOf(random, nodes, 1),
      offset: `${random.below(2) === 0 ? "" : "-"}${1 + random.below(60)} s`,
    },
  }),
];

/** The scenario of a seed: equal seeds, equal scenarios. `network`: whose rules. */
export function randomScenario(seed: number, network: string): TestnetScenarioInput {
  const random = Random.root(String(seed)).fork("random testnet");
  const nodes = 3 + random.below(6);
  const kinds = KINDS.filter(() => random.below(2) === 0);
  const faults = Array.from({ length: kinds.length === 0 ? 0 : 1 + random.below(MOST_FAULTS) }, () => {
    const at = random.below(FAULTY_MS);
    const lasts = 1_000 + random.below(FAULTY_MS - at + 1_000);
    const fault = kinds[random.below(kinds.length)]!(random, nodes);
    return { at: `${at} ms`, for: `${lasts} ms`, ...fault };
  });
  const end = FAULTY_MS + 1_000;
  return {
    ...{ name: `random-${seed}`, title: `Drawn from seed ${seed}`, network, nodes, seed },
    topology: { random: 1 + random.below(4) },
    blockInterval: `${500 + random.below(2_500)} ms`,
    hashRate: Array.from({ length: nodes }, () => 1 + random.below(9)),
    run: `${end + QUIET_MS} ms`,
    faults: faults.sort((a, b) => Number.parseInt(a.at, 10) - Number.parseInt(b.at, 10)),
    expect: [`tips = 1 from ${end} ms within ${QUIET_MS} ms`, "height >= 1 on all at the end"],
  };
}

/** Some nodes, at least `least` of them and at most `most`. */
function someOf(random: Random, nodes: number, most: number, least = 1): number[] {
  const all = Array.from({ length: nodes }, (_, i) => i);
  random.shuffle(all);
  return all.slice(0, Math.max(least, 1 + random.below(most))).sort((a, b) => a - b);
}
