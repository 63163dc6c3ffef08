import {
  encodeAddress,
  INITIAL_CONFIRM,
  keyId,
  type Outpoint,
  parseDisplayHash,
  signBenchmark,
  signConfirm,
  signStart,
  startVersion5,
  TIER_CODE,
  type Transaction,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  UPDATE_CONFIRM,
} from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { testKey } from "../../support/keys.ts";
import {
  LabNet,
  labBenchmarkKey,
  labNodeKeys,
  recordedBlocks,
  sameState,
} from "../../support/mixedLabNet.ts";
import { figure, fluxdTest, MixedNet, type MixedNode, untilTip } from "../../support/mixedNet.ts";
import { labnet } from "../../support/networks.ts";

// The laboratory network, in which all eras follow each other within 2100 blocks: a fluxd with its parameters, and our node.

const COLLATERAL = 1_000;

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
  for (const key of labNodeKeys()) await first.call("importprivkey", key, "", false);
  for (let i = 0; i < 10; i++) {
    await lab.mine(first, 1);
    await sameState(net);
  }
  await net.endInPeace();
});

labTest("payments reach both, blocks of both take them, and a reorganisation gives them back", async () => {
  const net = await MixedNet.start("FLUXD_LAB", ["ours", "fluxd"]);
  const [ours, fluxd] = net.nodes as [MixedNode, MixedNode];
  const lab = await LabNet.fed(net, ours, 600);
  await net.connect(ours, fluxd);
  await net.follow(await ours.tip);
  await lab.mine(ours, 1);
  await lab.mine(fluxd, 1);
  await lab.mine(ours, 100);
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
    const lab = await LabNet.fed(net, ours, 600);
    await net.connect(fluxd, ours);
    await net.follow(await ours.tip);
    await lab.mine(fluxd, 40);
    await lab.mine(ours, 100);
    const owner = testKey("owner");
    const address = encodeAddress({ type: "keyHash", id: keyId(owner.publicKey) }, labnet());
    const paid = [
      await fluxd.call<string>("sendtoaddress", address, COLLATERAL),
      await ours.call<string>("sendtoaddress", address, COLLATERAL),
    ];
    await net.agreeOnPool(paid);
    await lab.mine(ours, 101);
    for (const [i, [through, miner]] of (
      [
        [ours, fluxd],
        [fluxd, ours],
      ] as const
    ).entries()) {
      const collateral = await collateralIn(through, paid[i]!);
      const operator = testKey(`operator ${i}`, false);
      const plan = {
        collateral,
        collateralKey: owner.publicKey,
        nodeKey: operator.publicKey,
        sigTime: lab.clock,
      };
      await send(net, through, signStart(fastEcdsa, startVersion5(plan), owner));
      await lab.mine(miner, 1);
      await sameState(net);
      expect(await started(fluxd)).toContain(text(collateral));
      for (const [updateType, ip] of [
        [INITIAL_CONFIRM, `203.0.113.${i}`],
        [UPDATE_CONFIRM, `198.51.100.${i}`],
      ] as const) {
        const said = signConfirm(fastEcdsa, { collateral, updateType, sigTime: lab.clock }, operator);
        const result = { tier: TIER_CODE.cumulus, time: lab.clock, ip: new Uint8Array(Buffer.from(ip)) };
        await send(net, through, signBenchmark(fastEcdsa, said, result, labBenchmarkKey()));
        await lab.mine(miner, 1);
        await sameState(net);
        expect(await started(fluxd)).not.toContain(text(collateral));
        expect(await ipOf(fluxd, collateral)).toBe(ip);
        // A new address may be told of a few blocks later.
        await lab.mine(miner, 10);
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

/** The output of a transaction that is a collateral. */
async function collateralIn(node: MixedNode, txid: string): Promise<Outpoint> {
  const { vout } = await node.call<{ vout: { value: number; n: number }[] }>("getrawtransaction", txid, 1);
  return { txid: parseDisplayHash(txid)!, index: vout.find(({ value }) => value === COLLATERAL)!.n };
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
