import {
  type BlockHash,
  checkProofOfNode,
  headerPonHash,
  isEmergencyBlock,
  mainnet,
  type Outpoint,
  ponHash,
  ponSchedule,
  regtest,
  slotNumber,
  slotStart,
  toDisplayHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { labnet } from "../../support/networks.ts";
import { CHAINS, recordedBlock, recordedHeaders } from "../../support/recordedHeaders.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const parentHash = new Uint8Array(32).fill(7) as BlockHash;
const nodes: Outpoint[] = Array.from({ length: 300 }, (_, index) => ({
  txid: new Uint8Array(32).fill(9),
  index,
}));

test("the schedule lists who meets the target in each slot, in the order of their draws", () => {
  const firstSlot = 8_000_000;
  const round = {
    parentHash,
    parentTime: slotStart(firstSlot, mainnet) - 1,
    height: 2_100_000,
    bits: 0x20_07ffff, // one node in 32
    confirmed: nodes,
  };
  const slots = ponSchedule(round, firstSlot, 10, mainnet);
  expect(slots.map(({ slot }) => slot)).toEqual(Array.from({ length: 10 }, (_, i) => firstSlot + i));
  for (const { slot, start, producers } of slots) {
    const eligible = nodes.filter((node) =>
      checkProofOfNode(ponHash(node, parentHash, slot), round.bits, round.height, mainnet),
    );
    expect(new Set(producers.map(({ collateral }) => collateral))).toEqual(new Set(eligible));
    const draws = producers.map((each) => Buffer.from(each.ponHash).toString("hex"));
    expect(draws).toEqual(draws.toSorted());
    for (const [i, { rank, mintTime }] of producers.entries()) {
      expect(rank).toBe(i + 1);
      // The first slot began a second after the parent: nobody stirs before five.
      const from = slot === firstSlot ? start + 4 : start;
      expect(mintTime).toBe(from + 4 * rank < start + 30 ? from + 4 * rank : undefined);
    }
    expect(slotNumber(start, mainnet)).toBe(slot);
    expect(slotNumber(start - 1, mainnet)).toBe(slot - 1);
  }
  const producers = slots.flatMap((each) => each.producers);
  expect(producers.length).toBeGreaterThan(50);
  expect(producers.some(({ mintTime }) => mintTime === undefined)).toBe(true);
});

test("where targets are not checked everybody may produce", () => {
  const round = { parentHash, parentTime: 0, height: 1, bits: 0, confirmed: nodes };
  expect(ponSchedule(round, 1, 1, regtest)[0]!.producers.length).toBe(nodes.length);
  expect(ponSchedule({ ...round, confirmed: [] }, 1, 2, regtest).map(({ producers }) => producers)).toEqual([
    [],
    [],
  ]);
});

vectorTest("recorded producers stand in the schedule of their slot", () => {
  const params = labnet();
  const chain = recordedHeaders(CHAINS.lab);
  const started = new Map<string, Outpoint>();
  let found = 0;
  for (const recorded of chain) {
    const { block, header } = recordedBlock(recorded);
    if (header.kind === "pon" && recorded.height % 20 === 0 && !isEmergencyBlock(header, params)) {
      const round = {
        parentHash: header.previousHash as BlockHash,
        parentTime: chain[recorded.height - 1]!.time,
        height: recorded.height,
        bits: header.bits,
        confirmed: [...started.values()],
      };
      const { producers } = ponSchedule(round, slotNumber(header.time, params), 1, params)[0]!;
      const producer = producers.find(
        ({ collateral }) => outpointText(collateral) === outpointText(header.collateral),
      );
      expect(producer && toDisplayHex(producer.ponHash)).toBe(toDisplayHex(headerPonHash(header, params)));
      found++;
    }
    for (const tx of block.transactions) {
      if (tx.kind === "fluxnodeStart") started.set(outpointText(tx.collateral), tx.collateral);
    }
  }
  expect(found).toBeGreaterThan(40);
});

const outpointText = ({ txid, index }: Outpoint): string => `${toDisplayHex(txid)}:${index}`;
