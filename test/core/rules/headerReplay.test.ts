import {
  addBlockProof,
  type BlockHeader,
  checkArrivingHeader,
  checkPonBlock,
  isEmergencyBlock,
  medianTimePast,
  nextBits,
  type Params,
  regtest,
  testnet,
  toDisplayHex,
  u256,
  u256FromHex,
  u256Hex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { historyOf } from "../../support/headers.ts";
import { labnet } from "../../support/networks.ts";
import {
  CHAINS,
  type DecodedBlock,
  headerVerifier,
  ProducerTable,
  type RecordedHeader,
  recordedBlock,
  recordedHeaders,
  reorgs,
} from "../../support/recordedHeaders.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// The daemon's recorded chains, branches and refusals, header by header.

const parseBits = (text: string): number => Number.parseInt(text, 16);

/** On a node that has just connected the parent, at the block's own time; checkpoints name blocks of public chains. */
const arrivalAtTip = (height: number, header: BlockHeader) => ({
  tipHeight: height - 1,
  adjustedTime: header.time,
  lastCheckpoint: undefined,
});

interface Counts {
  headers: number;
  signed: number;
  emergency: number;
  otherBits: number[];
}

function replay(file: string, params: Params): Counts {
  const counts: Counts = { headers: 0, signed: 0, emergency: 0, otherBits: [] };
  const chain = recordedHeaders(file);
  const headers: { time: number; bits: number }[] = [];
  const work = u256();
  const producers = new ProducerTable();
  for (const [height, recorded] of chain.entries()) {
    const decoded = recordedBlock(recorded);
    const { header, hash } = decoded;
    const where = `height ${height}`;
    expect(toDisplayHex(hash), where).toBe(recorded.hash);
    const parents = historyOf(headers);
    if (height > 0) {
      const broken = checkArrivingHeader(
        parents,
        header,
        hash,
        arrivalAtTip(height, header),
        headerVerifier,
        params,
      );
      expect(broken, where).toBeUndefined();
      if (nextBits(parents, header.time, params) !== parseBits(recorded.bits)) counts.otherBits.push(height);
    }
    if (header.kind === "pon") {
      expect(checkPonBlock(header, hash, height, producers.keyOf, fastEcdsa, params), where).toBeUndefined();
      if (isEmergencyBlock(header, params)) counts.emergency++;
      else if (producers.keyOf(header.collateral) !== undefined) counts.signed++;
    }
    producers.apply(decoded);
    headers.push({ time: header.time, bits: header.bits });
    addBlockProof(work, work, header.version, header.bits);
    expect(u256Hex(work), where).toBe(recorded.chainwork);
    if (recorded.mediantime !== undefined) {
      expect(medianTimePast(historyOf(headers)), where).toBe(recorded.mediantime);
    }
    counts.headers++;
  }
  return counts;
}

vectorTest("every header of the laboratory chain: target, work, median time, draw and signature", () => {
  const { headers, signed, emergency, otherBits } = replay(CHAINS.lab, labnet());
  expect(headers).toBeGreaterThan(2_000);
  expect(signed).toBeGreaterThan(1_000);
  expect(emergency).toBeGreaterThan(0);
  expect(otherBits).toEqual([]);
});

vectorTest(
  "every header of the test network's chain, two of them with targets only that network lets in",
  () => {
    const { headers, signed, otherBits } = replay(CHAINS.test, testnet);
    expect(headers).toBe(961);
    expect(signed).toBeGreaterThan(0);
    expect(otherBits).toEqual([805, 830]);
  },
);

vectorTest("every header of the regtest chain", () => {
  const { headers, signed, otherBits } = replay(CHAINS.regtest, regtest);
  expect(headers).toBeGreaterThan(100);
  expect(signed).toBe(0); // all by the collateral anybody may use
  expect(otherBits).toEqual([]);
});

vectorTest("every block of every recorded branch passes the header rules and adds the recorded work", () => {
  const params = labnet();
  const chain = recordedHeaders(CHAINS.lab);
  let checked = 0;
  for (const { name, forkHeight, mockTime, blocks } of reorgs()) {
    const byHash = new Map<string, { decoded: DecodedBlock; recorded: RecordedHeader }>();
    for (const recorded of Object.values(blocks)) {
      byHash.set(recorded.hash, { decoded: recordedBlock(recorded), recorded });
    }
    for (const { decoded, recorded } of byHash.values()) {
      // From the block back to the fork.
      const branch: { time: number; bits: number }[] = [];
      let parent = byHash.get(toDisplayHex(decoded.header.previousHash));
      const parentWork = parent?.recorded.chainwork ?? chain[forkHeight]!.chainwork;
      for (; parent !== undefined; parent = byHash.get(toDisplayHex(parent.decoded.header.previousHash))) {
        branch.unshift(parent.decoded.header);
      }
      const trunk = chain.slice(0, forkHeight + 1).map(({ time, bits }) => ({ time, bits: parseBits(bits) }));
      const parents = historyOf([...trunk, ...branch]);
      const where = `${name} ${recorded.height}`;
      expect(parents.height + 1, where).toBe(recorded.height);
      const arrival = { tipHeight: forkHeight, adjustedTime: mockTime, lastCheckpoint: 0 };
      const { header, hash } = decoded;
      const broken = checkArrivingHeader(parents, header, hash, arrival, headerVerifier, params);
      expect(broken, where).toBeUndefined();
      const work = addBlockProof(u256(), u256FromHex(parentWork), header.version, header.bits);
      expect(u256Hex(work), where).toBe(recorded.chainwork);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(150);
});
