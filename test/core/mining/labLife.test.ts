import {
  addEmergencySignature,
  type Block,
  blockHash,
  branchIdAt,
  confirmFor,
  createTemplate,
  devFundScript,
  emergencyCollateral,
  emergencyStatus,
  flux,
  type KeyPair,
  keyId,
  labBenchmark,
  NO_SLOT,
  NULL_OUTPOINT,
  type Outpoint,
  type OwnNode,
  operatorDuty,
  payToKeyHash,
  planTransaction,
  ponSchedule,
  producerDuty,
  productionRound,
  Random,
  SharedDraws,
  signPonBlock,
  signTransaction,
  slotNumber,
  slotStart,
  startFor,
  stillDue,
  TIER_CODE,
  type TIERS,
  tierShare,
  txid,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { testKey } from "../../support/keys.ts";
import {
  BENCHMARK_KEY,
  EMERGENCY_KEYS,
  labParams,
  MINER_KEY,
  MINER_SCRIPT,
  MiningLab,
} from "../../support/miningLab.ts";

// One node's network from its first block: it mines, funds FluxNodes, keeps them confirmed through every era, pays them, and
// produces blocks with them.

const params = labParams({ proof: "modelled" });
const owner = testKey("owner");
const nodeKey = testKey("operator", false);
const IP = new Uint8Array(Buffer.from("10.0.0.1"));

/** An operator's desk: what he knows of his node, and when he looks again. */
interface Desk {
  own: OwnNode;
  lastTried: number;
  sleepUntil: number;
  readonly confirms: number[];
}

/** Pays the collaterals from what the miner has earned; the miner keeps the rest. */
function fund(lab: MiningLab, amounts: readonly bigint[]): Outpoint[] {
  const { state } = lab.tip;
  const height = state.height + 1;
  const coins = [...(state as ReturnType<MiningLab["view"]["state"]>).coins()]
    .filter(([, coin]) => coin.scriptPubKey.length === 25 && height - coin.height >= params.coinbaseMaturity)
    .map(([outpoint, output]) => ({ outpoint, output }));
  const payments = amounts.map((value) => ({ value, scriptPubKey: payToKeyHash(keyId(owner.publicKey)) }));
  const planned = planTransaction({ height, payments, coins, changeScript: MINER_SCRIPT }, params);
  if (planned.kind !== "planned") throw new Error(planned.kind);
  const branch = branchIdAt(params.upgrades, height);
  const signed = signTransaction(fastEcdsa, planned.tx, planned.coins, [MINER_KEY], branch);
  if (signed.kind !== "signed") throw new Error(signed.kind);
  lab.send(signed.tx);
  return amounts.map((_, index) => ({ txid: txid(signed.tx), index }));
}

/** What an operator does once a block. */
function tend(lab: MiningLab, desk: Desk, tierCode: number): void {
  if (lab.height < desk.sleepUntil) return;
  const { state } = lab.tip;
  const waiting = lab.mempool.pool.fluxnodeTx(desk.own.collateral) !== undefined;
  const duty = operatorDuty(state, desk.own, { waiting, lastTried: desk.lastTried }, params);
  const now = lab.tipTime;
  switch (duty.duty) {
    case "start":
      return lab.send(startFor(desk.own, nodeKey, owner, now, fastEcdsa));
    case "confirm": {
      const ip = desk.own.ip ?? IP;
      const benchmark = labBenchmark(fastEcdsa, BENCHMARK_KEY, () => ({ tier: tierCode, time: now, ip }));
      lab.send(confirmFor(desk.own, duty.kind, nodeKey, now, fastEcdsa, benchmark)!);
      desk.lastTried = lab.height;
      desk.confirms.push(lab.height + 1);
      return;
    }
    case "wait":
      if (duty.untilTip === undefined) throw new Error(`${lab.height}: waits for ever`);
      expect(duty.untilTip).toBeGreaterThan(lab.height);
      desk.sleepUntil = duty.untilTip;
  }
}

const COLLATERALS = [flux(12_500n), flux(1_000n), flux(1_000n)];
const NODE_TIERS = ["nimbus", "cumulus", "cumulus"] as const;

/** The node has another address, so there is something to look at. */
function move(desk: Desk): void {
  desk.own = { ...desk.own, ip: new Uint8Array(Buffer.from("10.0.0.2")) };
  desk.sleepUntil = 0;
}

/** The network at its 1300th block, with nodes that were kept since they could be. */
function livedLab(): { lab: MiningLab; desks: Desk[] } {
  const lab = new MiningLab(params);
  lab.mine(119);
  const collaterals = fund(lab, COLLATERALS);
  const desks = collaterals.map(
    (collateral): Desk => ({ own: { collateral, ip: IP }, lastTried: 0, sleepUntil: 0, confirms: [] }),
  );
  lab.producers = collaterals.map((collateral) => ({ collateral, key: nodeKey }));
  lab.mine(1);
  let confirmedSince: number | undefined;
  while (lab.height < 1_300) {
    if (lab.height === 400) move(desks[0]!);
    for (const [i, desk] of desks.entries()) tend(lab, desk, TIER_CODE[NODE_TIERS[i]!]);
    lab.mine(1);
    const { state } = lab.tip;
    const statuses = desks.map(({ own }) => state.fluxnode(own.collateral)?.status);
    if (confirmedSince === undefined && statuses.every((status) => status === "confirmed")) {
      confirmedSince = lab.height;
    }
    if (confirmedSince !== undefined) expect(statuses).toEqual(["confirmed", "confirmed", "confirmed"]);
  }
  // Funded in 120, old enough in 220, confirmed with the block after.
  expect(confirmedSince).toBe(221);
  return { lab, desks };
}

let lived: { lab: MiningLab; desks: Desk[] } | undefined;
const theLab = () => {
  lived ??= livedLab();
  return lived;
};

test("operators start, confirm and update their nodes at the first heights that fluxd would", () => {
  const { lab, desks } = theLab();
  // A block later than the rules allow: the distance is held against the tip. 41 blocks, 121, and 501 under proof of node.
  const [moved, still] = [desks[0]!, desks[1]!];
  expect(still.confirms.slice(0, 4)).toEqual([221, 263, 305, 347]);
  expect(still.confirms.slice(4)).toEqual([469, 591, 1093]);
  expect(moved.confirms.slice(0, 6)).toEqual([221, 263, 305, 347, 401, 523]);
  expect(lab.tip.state.fluxnode(moved.own.collateral)?.ip).toEqual(moved.own.ip);
  expect(lab.tip.state.fluxnode(still.own.collateral)?.ip).toEqual(IP);
});

test("each tier with nodes pays them in turn, before and under proof of node", () => {
  const { lab, desks } = theLab();
  const { state } = lab.tip;
  const lastPaid = desks.map(({ own }) => state.fluxnode(own.collateral)!.lastPaidHeight);
  expect(lastPaid[0]).toBe(lab.height);
  expect(lastPaid.slice(1).sort()).toEqual([lab.height - 1, lab.height]);
  const coinbase = lab.block.transactions[0]!;
  const share = (tier: (typeof TIERS)[number]) => tierShare(params, lab.height, tier);
  const paid = coinbase.kind === "ordinary" ? coinbase.outputs.map(({ value }) => value) : [];
  expect(paid.slice(1)).toEqual([share("cumulus"), share("nimbus")]);
});

test("what an operator of no node waits for", () => {
  const lab = new MiningLab(params);
  lab.mine(1);
  const memory = { waiting: false, lastTried: 0 };
  const own = { collateral: NULL_OUTPOINT, ip: undefined };
  expect(operatorDuty(lab.tip.state, own, memory, params)).toEqual({ duty: "wait", untilTip: 129 });
  const { state } = theLab().lab.tip;
  expect(operatorDuty(state, own, memory, params)).toEqual({ duty: "wait", untilTip: undefined });
});

test("nodes with a clock produce a block a slot, by rank and after its wait", () => {
  const { lab, desks } = theLab();
  const nodes = desks.map(({ own }) => ({ ...own, tried: NO_SLOT }));
  const firstSecond = slotStart(slotNumber(lab.tipTime, params) + 2, params);
  const first = lab.height;
  type Due = Extract<ReturnType<typeof producerDuty>, { duty: "mint" }>;
  const due = new Map<number, Due>();
  const askAt = nodes.map(() => firstSecond);
  const shared = new SharedDraws();
  const slots: number[] = [];
  for (let now = firstSecond; now < firstSecond + 200 * params.pon.targetSpacing; now++) {
    for (const [i, node] of nodes.entries()) {
      const plan = due.get(i);
      if (plan !== undefined && plan.at === now) {
        due.delete(i);
        if (!stillDue(plan, lab.view.tipHash, now, params)) continue;
        const round = productionRound(lab.view.state(), lab.view.headers(), params);
        const { collateral } = node;
        const parent = { state: lab.view.state(), headers: lab.view.headers() };
        const payTo = devFundScript(params);
        const random = Random.root("unused");
        const request = { parent, pool: lab.mempool.pool, payTo, time: now, producer: collateral, random };
        const made = createTemplate(request, params, lab.connecting);
        if (made.outcome !== "made") throw new Error(made.outcome);
        const forged = signPonBlock(made.template.block, owner, fastEcdsa);
        expect(lab.view.acceptBlock(forged, now).result).toMatchObject({ outcome: "invalid" });
        const block = signPonBlock(made.template.block, nodeKey, fastEcdsa);
        expect(lab.view.acceptBlock(block, now).result).toEqual({ outcome: "active" });
        const [scheduled] = ponSchedule(round, plan.slot, 1, params);
        expect(scheduled!.producers[0]).toMatchObject({ collateral, rank: 1, mintTime: now });
        slots.push(plan.slot);
        continue;
      }
      if (plan !== undefined || now < askAt[i]!) continue;
      const duty = producerDuty(shared.on(lab.view), node.collateral, now, node.tried);
      node.tried = duty.triedSlot;
      if (duty.duty === "wait") {
        expect(duty.until).toBeGreaterThan(now);
        askAt[i] = duty.until;
      } else {
        expect(slotNumber(duty.at, params)).toBe(duty.slot);
        due.set(i, duty);
      }
    }
  }
  expect(slots.length).toBeGreaterThan(20);
  expect(new Set(slots).size).toBe(slots.length);
  expect(lab.height - first).toBe(slots.length);
});

test("emergency keyholders sign a block one after another", () => {
  const { lab } = theLab();
  const parent = { state: lab.view.state(), headers: lab.view.headers() };
  const time = lab.tipTime + 1;
  const producer = emergencyCollateral(params);
  const payTo = devFundScript(params);
  const request = { parent, pool: lab.mempool.pool, payTo, time, producer, random: Random.root("unused") };
  const made = createTemplate(request, params, lab.connecting);
  if (made.outcome !== "made") throw new Error(made.outcome);
  const { block } = made.template;
  // No signature would make a block valid that is no later than its parent.
  expect(createTemplate({ ...request, time: lab.tipTime }, params, lab.connecting)).toMatchObject({
    outcome: "invalid",
    violation: { rule: "time-too-old" },
  });
  const sign = (to: Block, key: KeyPair) => addEmergencySignature(to, key, fastEcdsa, params);
  const signed = (to: Block, key: KeyPair): Block => {
    const more = sign(to, key);
    if (typeof more === "string") throw new Error(more);
    return more;
  };
  const [first, second, third] = [EMERGENCY_KEYS[2]!, EMERGENCY_KEYS[0]!, EMERGENCY_KEYS[3]!];
  expect(sign(block, owner)).toBe("keyNotListed");
  expect(sign(lab.block, first)).toBe("notAnEmergencyBlock");
  expect(emergencyStatus(lab.block, fastEcdsa, params)).toBeUndefined();
  const once = signed(block, first);
  expect(sign(once, first)).toBe("alreadySigned");
  expect(emergencyStatus(once, fastEcdsa, params)).toMatchObject({
    signatures: 1,
    required: 2,
    valid: false,
  });
  expect(lab.view.acceptBlock(once, time).result).toMatchObject({ outcome: "invalid" });
  const twice = signed(once, second);
  expect(emergencyStatus(twice, fastEcdsa, params)).toEqual({
    signatures: 2,
    required: 2,
    signers: [first.publicKey, second.publicKey],
    valid: true,
  });
  expect(emergencyStatus(signed(twice, third), fastEcdsa, params)).toMatchObject({
    signatures: 3,
    valid: true,
  });
  expect(blockHash(twice.header)).toEqual(blockHash(block.header));
  expect(lab.view.acceptBlock(twice, time).result).toEqual({ outcome: "active" });
  lab.mine(2);
});

test("nobody to produce, and a template that cannot be: said, not thrown", () => {
  const { lab } = theLab();
  const { height } = lab;
  expect(lab.generate(1, { producers: [] })).toEqual({ hashes: [], stopped: { why: "noProducer" } });
  const unknown = { collateral: { txid: new Uint8Array(32), index: 1 }, key: nodeKey };
  expect(lab.generate(1, { producers: [unknown] }).stopped).toMatchObject({ why: "refused" });
  expect(lab.height).toBe(height);
});
