import { expect, vi } from "vitest";
import {
  figure,
  fluxdTest,
  type Kind,
  MixedNet,
  type MixedNode,
  untilTip,
  WAIT,
} from "../../support/mixedNet.ts";

// Our node and a released fluxd in one regtest network. Every test ends by looking through what both say of each other. On this
// network all that is mined goes to keys that nobody has, so there are no payments: those are in labnet.test.ts.

const LONG_RUN = process.env["FLUX_LAB_LONG"] === "1";
const BLOCKS = LONG_RUN ? 3_000 : 400;

const other = (kind: Kind): Kind => (kind === "ours" ? "fluxd" : "ours");
const regtestTest = (name: string, run: () => Promise<void>): void =>
  fluxdTest("FLUXD", name, run, LONG_RUN ? 1_200_000 : 300_000);

const generate = (node: MixedNode, count: number): Promise<string[]> => node.call("generate", count);

/**
 * Three blocks by one node and five by another, which do not hear of each other. Blocks here pay nobody of their own, so those of
 * one second would be the same.
 */
async function mineApart(
  net: MixedNet,
  loser: MixedNode,
  winner: MixedNode,
): Promise<{ readonly lost: string; readonly tip: string }> {
  const now = Math.floor(Date.now() / 1_000);
  await net.setClock(now + 30);
  const lost = (await generate(loser, 3))[2]!;
  await net.setClock(now + 60);
  return { lost, tip: (await generate(winner, 5))[4]! };
}

for (const source of ["fluxd", "ours"] as const) {
  const sink = other(source);
  regtestTest(`${sink} syncs from ${source} from genesis, and follows`, async () => {
    const net = await MixedNet.start("FLUXD", [source, sink]);
    const [old, young] = net.nodes as [MixedNode, MixedNode];
    const tip = (await generate(old, BLOCKS)).at(-1)!;
    const begun = performance.now();
    await net.connect(young, old);
    await net.follow(tip);
    const seconds = (performance.now() - begun) / 1_000;
    figure(`${sink} from ${source}: ${BLOCKS} blocks, ${(BLOCKS / seconds).toFixed(0)} a second`);
    for (const miner of [old, young, old]) await net.follow((await generate(miner, 1))[0]!);
    await net.endInPeace();
  });

  regtestTest(`${sink} takes the longer branch of ${source}`, async () => {
    const net = await MixedNet.start("FLUXD", [source, sink]);
    const [winner, loser] = net.nodes as [MixedNode, MixedNode];
    await net.connect(winner, loser);
    await net.follow((await generate(winner, 20)).at(-1)!);
    await net.disconnect(winner, loser);
    const { lost, tip } = await mineApart(net, loser, winner);
    await net.connect(loser, winner);
    await net.follow(tip);
    const tips = await loser.call("getchaintips");
    expect(tips).toContainEqual({ height: 23, hash: lost, branchlen: 3, status: "valid-fork" });
    await net.follow((await generate(loser, 1))[0]!);
    await net.endInPeace();
  });
}

regtestTest("our node is killed in the middle of a sync, and goes on where it was", async () => {
  const net = await MixedNet.start("FLUXD", ["ours", "fluxd"]);
  const [ours, fluxd] = net.nodes as [MixedNode, MixedNode];
  const tip = (await generate(fluxd, BLOCKS)).at(-1)!;
  await net.connect(ours, fluxd);
  await vi.waitFor(
    async () => expect(await ours.call<number>("getblockcount")).toBeGreaterThan(BLOCKS / 10),
    WAIT,
  );
  await ours.kill();
  await ours.start();
  const height = await ours.call<number>("getblockcount");
  expect(await fluxd.call("getblockhash", height)).toBe(await ours.tip);
  figure(`killed during ${BLOCKS} blocks, our node came back at ${height}`);
  await net.connect(fluxd, ours);
  await net.follow(tip);
  await net.follow((await generate(ours, 1))[0]!);
  await net.endInPeace();
});

regtestTest("two of ours and two fluxds converge after a split", async () => {
  const net = await MixedNet.start("FLUXD", ["ours", "fluxd", "ours", "fluxd"]);
  const [a, b, c, d] = net.nodes as [MixedNode, MixedNode, MixedNode, MixedNode];
  await net.connect(a, b);
  await net.connect(b, c);
  await net.connect(c, d);
  await net.connect(d, a);
  for (const miner of net.nodes) await net.follow((await generate(miner, 10)).at(-1)!);
  await net.disconnect(b, c);
  await net.disconnect(d, a);
  const { lost, tip } = await mineApart(net, a, d);
  await untilTip(b, lost);
  await untilTip(c, tip);
  await net.connect(b, c);
  await net.connect(d, a);
  await net.follow(tip);
  for (const miner of net.nodes) await net.follow((await generate(miner, 1))[0]!);
  await net.endInPeace();
});
