import { genesisBlock, mainnet, nobleEcdsa, TIERS, toDisplayHex } from "@fluxlab/core";
import { connectedChain, NetworkRun, NoChain, playable, Run } from "@fluxlab/sim";
import { type InvalidInput, minutes, networkScenario, scenario, seconds } from "@fluxlab/sim/scenario";
import { describe, expect } from "vitest";
import { forkedStart } from "../../../sim/src/world/forkedStart.ts";
import { labKey } from "../../../sim/src/world/labKeys.ts";
import { readLabChain } from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const rehearsal = networkScenario({
  name: "rehearsal",
  title: "A rehearsal",
  network: "labnet.json",
  nodes: 6,
  run: minutes(12),
  blockInterval: seconds(20),
  topology: { random: 3 },
  check: true,
});

const blocksOf = (chain: ReturnType<typeof readLabChain>) => chain.map(({ block }) => block);

vectorTest(
  "full nodes go on from any height of a recorded chain, and pay its FluxNodes in their turns",
  () => {
    const recorded = readLabChain();
    const [genesis, ...blocks] = blocksOf(recorded);
    for (const height of [60, 420, 640, 900]) {
      const chain = connectedChain(genesis!, blocks, labnet(), height);
      const { state } = chain.start;
      expect([state.height, toDisplayHex(state.blockHash)]).toEqual([height, recorded[height]!.line.hash]);
      const start = forkedStart(chain);
      const nodes = [...state.fluxnodes()];
      expect(start.fluxnodes).toHaveLength(nodes.length);

      const run = new NetworkRun(rehearsal, labnet(), 1, { start });
      run.advance(run.stepsTotal);
      expect(run.findings, `from ${height}`).toEqual([]);
      const after = run.bestState();
      expect(after.height).toBeGreaterThan(height + 15);
      const paid = nodes.filter(({ outpoint, lastPaidHeight }) => {
        const now = after.fluxnode(outpoint);
        return now !== undefined && now.lastPaidHeight > Math.max(lastPaidHeight, height);
      });
      if (height > 60) expect(paid.length).toBeGreaterThan(3);
    }
  },
);

vectorTest("its FluxNodes have the laboratory's keys, and nothing else about them has changed", () => {
  const [genesis, ...blocks] = blocksOf(readLabChain());
  const chain = connectedChain(genesis!, blocks.slice(0, 700), labnet(), undefined);
  const { chain: start, fluxnodes } = forkedStart(chain);
  const keys = new Set(fluxnodes.map((_, i) => labKey(nobleEcdsa, `node ${i}`, false).publicKey.join()));
  for (const record of start.state.fluxnodes()) {
    const { identity, ip: _ip, ...turns } = record;
    expect(keys.has(identity.pubkey.join())).toBe(true);
    const was = chain.start.state.fluxnode(record.outpoint)!;
    expect(turns).toEqual({ ...turns, ...heightsOf(was) });
  }
  const worth = (coins: Iterable<readonly [unknown, { value: bigint }]>) => {
    let sum = 0n;
    for (const [, { value }] of coins) sum += value;
    return sum;
  };
  expect(worth(start.state.coins())).toBe(worth(chain.start.state.coins()));
  expect(start.state.supply).toEqual(chain.start.state.supply);
});

const heightsOf = ({
  status,
  confirmedHeight,
  lastConfirmedHeight,
  lastPaidHeight,
}: Parameters<typeof String>[0]) => ({ status, confirmedHeight, lastConfirmedHeight, lastPaidHeight });

vectorTest("blocks in any order, branches among them, are the same chain", () => {
  const [genesis, ...blocks] = blocksOf(readLabChain().slice(0, 300));
  const forwards = connectedChain(genesis!, blocks, labnet(), undefined);
  const backwards = connectedChain(genesis!, blocks.toReversed(), labnet(), undefined);
  expect(backwards.start.state.blockHash).toEqual(forwards.start.state.blockHash);
  expect(backwards.start.headers).toEqual(forwards.start.headers);
});

vectorTest("an economy goes on from a recorded chain: its next payees are those of the chain", () => {
  const [genesis, ...blocks] = blocksOf(readLabChain());
  for (const height of [640]) {
    const chain = connectedChain(genesis!, blocks.slice(0, height), labnet(), undefined);
    const played = scenario({
      name: "economy",
      title: "An economy on a chain",
      network: "labnet.json",
      from: 0,
      run: "500 blocks",
      population: { cumulus: 1, nimbus: 1, stratus: 1 },
    });
    const run = new Run(played, labnet(), 1, { payeesOf: 10 }, chain);
    const heads = TIERS.map((tier) => [...chain.start.state.queue(tier)].length);
    const { tiers } = run.queues(1_000);
    expect(TIERS.map((tier) => tiers[tier].length)).toEqual(heads);
    run.advance(run.blocksTotal);
    const record = run.record();
    expect(record.start).toEqual({ height, blockHash: toDisplayHex(chain.start.state.blockHash) });
    expect(record.firstHeight).toBe(height + 1);
    const { transparent, sprout } = chain.start.state.supply;
    expect(record.supply.before).toBe(transparent + sprout);
    expect(record.tiers.cumulus.payments).toBe(500);
  }
});

describe("what cannot be gone on from is named", () => {
  vectorTest("a height beyond it, a chain of another network, no chain at all", () => {
    const [genesis, ...blocks] = blocksOf(readLabChain().slice(0, 50));
    const from =
      (height: number | undefined, some = blocks) =>
      () =>
        connectedChain(genesis!, some, labnet(), height);
    expect(from(50)).toThrow(/expected a height from 1 to 49, where its best chain ends, got 50/);
    expect(from(undefined, [])).toThrow(NoChain);
    expect(() => connectedChain(genesisBlock(mainnet)!, blocks, mainnet, undefined)).toThrow(
      /there is no chain of main above genesis/,
    );
  });

  vectorTest("a relay of blocks without a chain, and an economy before", () => {
    const [genesis, ...blocks] = blocksOf(readLabChain().slice(0, 400));
    const chain = connectedChain(genesis!, blocks, labnet(), undefined);
    const economy = { from: 200, to: 300, population: { cumulus: 1, nimbus: 0, stratus: 0 } };
    for (const [wrong, path] of [
      [{ ...rehearsal, economy }, "economy"],
      [{ ...rehearsal, fidelity: "relay" as const, blocks: 3 }, "fidelity"],
    ] as const) {
      try {
        playable(wrong, labnet(), 1, chain);
        expect.unreachable();
      } catch (error) {
        expect((error as InvalidInput).problems.map((problem) => problem.path.join("."))).toEqual([path]);
      }
    }
  });
});

vectorTest(
  "an upgrade that is ahead of a recorded chain is rehearsed: who is late parts there and comes back",
  () => {
    const [genesis, ...blocks] = blocksOf(readLabChain().slice(0, 951));
    const chain = connectedChain(genesis!, blocks, labnet(), undefined);
    const late = { fault: "late-upgrade", at: "25 min", nodes: { ids: [4, 5] } } as const;
    const run = playable({ ...rehearsal, run: minutes(35), faults: [late] }, labnet(), 2, chain);
    run.advance(run.stepsTotal);
    const record = run.record();
    if (record.fidelity === "economy") throw new Error("full nodes were played");
    expect(record.findings).toEqual([]);
    const { pon } = labnet().upgrades;
    expect(record.upgrade).toMatchObject({ height: pon.height, split: { height: pon.height } });
    expect(record.upgrade!.upgraded.blocks.proofOfNode).toBeGreaterThan(5);
    expect(record.upgrade!.old).toMatchObject({ nodesAtStart: 2, nodesAtEnd: 0 });
  },
);
