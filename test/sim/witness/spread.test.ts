import { mainnet, regtest } from "@fluxlab/core";
import { measureSpread, NetworkWitness } from "@fluxlab/sim";
import { expect, test } from "vitest";

// How fast blocks spread, of what nodes said by hand.

const SECOND = 1_000_000;
const [NEW, OLD] = [regtest, mainnet];
const NODES = 4;
const LATE = 3;

/** Blocks a second, of which half and all upgraded nodes hear after so many milliseconds; one node is late, and upgrades after a minute. */
function spreadOf(heard: readonly (readonly [half: number, all: number])[]) {
  let upgraded = false;
  const witness = new NetworkWitness(NODES, 0, (node) => (node === LATE && !upgraded ? OLD : NEW));
  const say = (height: number, node: number, time: number) => {
    const chain = Array.from({ length: height + 1 }, (_, i) => ({ hash: `${i}`, height: i }));
    const block = chain.reduce<object | undefined>((parent, each) => ({ ...each, parent }), undefined);
    witness.tip(block as never, 0, { node, time: time * SECOND });
  };
  for (let node = 0; node < NODES; node++) say(0, node, -1);
  for (const [i, [half, all]] of heard.entries()) {
    for (const [node, after] of [0, half / 1_000, all / 1_000].entries()) say(i + 1, node, i + 1 + after);
  }
  upgraded = true;
  say(heard.length, LATE, 60);
  const account = {
    ...{ nodes: NODES, params: NEW, witness, findings: [], healed: 0, duration: 70 * SECOND },
    linksOf: () => [],
  };
  return measureSpread(account, () => true);
}

test("a node that was late for an upgrade gets old blocks with it, which is no spreading of theirs", () => {
  expect(spreadOf([[50, 90]])).toMatchObject({ halfSeconds: 0.05, allSeconds: 0.09 });
});

test("one block that had a rival does not decide, whatever it took", () => {
  const heard = [50, 60, 9_000, 55, 65].map((half) => [half, half * 2] as const);
  const { halfSeconds, allSeconds } = spreadOf(heard);
  expect([halfSeconds, allSeconds]).toEqual([0.06, 0.12]);
});
