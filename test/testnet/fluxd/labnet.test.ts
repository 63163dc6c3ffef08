import {
  INITIAL_CONFIRM,
  type Outpoint,
  parseDisplayHash,
  signBenchmark,
  signConfirm,
  signStart,
  startVersion5,
  startVersion6,
  type Transaction,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  UPDATE_CONFIRM,
} from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { BEFORE_PON, LabNet, labKey, labKeys, recordedBlocks, sameState } from "../../support/mixedLabNet.ts";
import { figure, fluxdTest, MixedNet, type MixedNode, untilTip } from "../../support/mixedNet.ts";

// The laboratory network, in which all eras follow each other within 2100 blocks: a fluxd with its parameters, and our node.

const labTest = (name: string, run: () => Promise<void>): void => fluxdTest("FLUXD_LAB", name, run, 600_000);

labTest("a chain through every era goes from ours to fluxd and from fluxd to ours", async () => {
  const net = await MixedNet.start("FLUXD_LAB", ["ours", "fluxd", "ours"]);
  const [first, fluxd, last] = net.nodes as [MixedNode, MixedNode, MixedNode];
  const height = recordedBlocks().length - 1;
  const lab = await LabNet.fed(net, first, height);
  for (const [source, sink] of [
    [first, fluxd],
    [fluxd, last],
  ] as const) {
    const begun = performance.now();
    await net.connect(sink, source);
    await untilTip(sink, await source.tip);
    const seconds = (performance.now() - begun) / 1_000;
    figure(`${sink.kind} from ${source.kind}: ${height} blocks, ${(height / seconds).toFixed(0)} a second`);
  }
  await sameState(net);
  // Ours goes on by proof of node, with the keys of recorded FluxNodes.
  for (const { nodeKey } of labKeys().fluxnodes) await first.call("importprivkey", nodeKey, "", false);
  for (let i = 0; i < 3; i++) {
    await lab.mine(first, 1);
    await sameState(net);
  }
  await net.endInPeace();
});

labTest("payments reach both, blocks of both take them, and a reorganisation gives them back", async () => {
  const net = await MixedNet.start("FLUXD_LAB", ["ours", "fluxd"]);
  const [ours, fluxd] = net.nodes as [MixedNode, MixedNode];
  const lab = await LabNet.fed(net, ours, BEFORE_PON);
  for (const [i, node] of net.nodes.entries())
    await node.call("importprivkey", labKeys().spending[i], "", node === ours);
  await net.connect(ours, fluxd);
  await net.follow(await ours.tip);
  for (const [miner, rival] of [
    [ours, fluxd],
    [fluxd, ours],
  ] as const) {
    const paid = [await pay(ours, fluxd, 1.25), await pay(fluxd, ours, 0.5), await pay(ours, ours, 2)];
    await net.agreeOnPool(paid);
    await lab.mine(miner, 1);
    await net.agreeOnPool([]);
    const { tx } = await rival.call<{ tx: string[] }>("getblock", await rival.tip);
    expect(tx.slice(1).toSorted()).toEqual(paid.toSorted());
    // The next is mined on one side only, which then loses.
    await net.disconnect(ours, fluxd);
    const alone = await pay(miner, rival, 0.25);
    await lab.mineAlone(miner, 1);
    expect(await miner.call("getrawmempool")).toEqual([]);
    await lab.mineAlone(rival, 3);
    await net.connect(ours, fluxd);
    await net.follow(await rival.tip);
    expect(await miner.call("getrawmempool")).toEqual([alone]);
    await sameState(net);
    await lab.mine(miner, 1);
    await net.agreeOnPool([]);
    expect(await rival.call("gettransaction", alone)).toMatchObject({ confirmations: 1, amount: 0.25 });
  }
  await net.endInPeace();
});

labTest(
  "FluxNodes are started and confirmed through either, and all lists are equal after every block",
  async () => {
    const net = await MixedNet.start("FLUXD_LAB", ["ours", "fluxd"]);
    const [ours, fluxd] = net.nodes as [MixedNode, MixedNode];
    const lab = await LabNet.fed(net, ours, BEFORE_PON);
    await net.connect(fluxd, ours);
    await net.follow(await ours.tip);
    const benchmark = labKey(labKeys().benchmark.at(-1)!);
    for (const [i, { name, through, miner, version }] of (
      [
        { name: "c2_3", through: ours, miner: fluxd, version: 5 },
        { name: "n2_2", through: fluxd, miner: ours, version: 6 },
      ] as const
    ).entries()) {
      const recorded = labKeys().fluxnodes.find((each) => each.name === name)!;
      const [txid, index] = recorded.collateral.split(":");
      const collateral: Outpoint = { txid: parseDisplayHash(txid!)!, index: Number(index) };
      const [owner, operator] = [labKey(recorded.collateralKeys[0]!), labKey(recorded.nodeKey)];
      const plan = { collateral, nodeKey: operator.publicKey, sigTime: lab.clock };
      const start =
        version === 5
          ? startVersion5({ ...plan, collateralKey: owner.publicKey })
          : startVersion6({ ...plan, owner: { type: "key", publicKey: owner.publicKey } });
      await send(net, through, signStart(fastEcdsa, start, owner));
      await lab.mine(miner, 1);
      await sameState(net);
      expect(await started(fluxd)).toContain(text(collateral));
      for (const [updateType, ip] of [
        [INITIAL_CONFIRM, `203.0.113.${i}`],
        [UPDATE_CONFIRM, `8.8.4.${i}`],
      ] as const) {
        const said = signConfirm(fastEcdsa, { collateral, updateType, sigTime: lab.clock }, operator);
        const result = { tier: i + 1, time: lab.clock, ip: new Uint8Array(Buffer.from(ip)) };
        await send(net, through, signBenchmark(fastEcdsa, said, result, benchmark));
        await lab.mine(miner, 1);
        await sameState(net);
        expect(await started(fluxd)).not.toContain(text(collateral));
        expect(await ipOf(fluxd, collateral)).toBe(ip);
        // A new address may be told of a few blocks later.
        for (const node of [ours, fluxd, ours, fluxd, ours, fluxd]) await lab.mine(node, 1);
        await sameState(net);
      }
    }
    await net.endInPeace();
  },
);

const pay = async (from: MixedNode, to: MixedNode, amount: number): Promise<string> =>
  from.call<string>("sendtoaddress", await to.call<string>("getnewaddress"), amount);

/** Sends a transaction through a node; all have it in their pool. */
async function send(net: MixedNet, through: MixedNode, tx: Transaction): Promise<void> {
  await net.agreeOnPool([await through.call<string>("sendrawtransaction", toWireHex(transactionBytes(tx)))]);
}

const text = ({ txid, index }: Outpoint): string => `COutPoint(${toDisplayHex(txid)}, ${index})`;

/** Collaterals of FluxNodes that were started and not confirmed. */
const started = async (node: MixedNode): Promise<string[]> =>
  (await node.call<{ collateral: string }[]>("getstartlist")).map(({ collateral }) => collateral);

/** What a confirmed FluxNode is reached at. */
async function ipOf(node: MixedNode, { txid, index }: Outpoint): Promise<string | undefined> {
  const nodes = await node.call<{ txhash: string; outidx: string; ip: string }[]>("listfluxnodes");
  return nodes.find((each) => each.txhash === toDisplayHex(txid) && Number(each.outidx) === index)?.ip;
}
