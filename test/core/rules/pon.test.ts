import {
  checkPonBlock,
  comparePonHashes,
  emergencySignaturesValid,
  headerPonHash,
  isEmergencyBlock,
  type PonHeader,
  regtest,
  sparesBlockHash,
  toDisplayHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { labnet } from "../../support/networks.ts";
import {
  CHAINS,
  type DecodedBlock,
  ProducerTable,
  type Refused,
  recordedBlock,
  recordedHeaders,
  reorgs,
} from "../../support/recordedHeaders.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

vectorTest("of tips with equal work the one whose draw comes first in raw bytes wins", () => {
  const params = labnet();
  const ties = reorgs().filter(({ name }) => name.startsWith("pon-tie-"));
  expect(ties.length).toBe(4);
  let numbersDisagree = 0;
  for (const { name, blocks, finalTip } of ties) {
    const tips = Object.values(blocks).map((recorded) => ({
      hash: recorded.hash,
      drawn: headerPonHash(recordedBlock(recorded).header as PonHeader, params),
    }));
    expect(tips.length, name).toBeGreaterThan(1);
    const best = tips.toSorted((a, b) => comparePonHashes(a.drawn, b.drawn))[0]!;
    expect(best.hash, name).toBe(finalTip);
    const smallest = tips.map(({ drawn }) => toDisplayHex(drawn)).toSorted()[0];
    if (smallest !== toDisplayHex(best.drawn)) numbersDisagree++;
  }
  expect(numbersDisagree).toBeGreaterThan(0); // the order of numbers would give another answer
});

vectorTest(
  "blocks of unknown producers and with bad signatures are refused; only the latter spare their hash",
  () => {
    const params = labnet();
    const cases = readJson<Refused[]>("labnet/invalid-blocks.json").filter(
      ({ name, result }) =>
        result === "bad-pon-block" || (result === "duplicate" && name.startsWith("pon-signature")),
    );
    const chain = recordedHeaders(CHAINS.lab);
    const producers = new ProducerTable();
    let next = 0;
    let spared = 0;
    for (const each of cases.toSorted((a, b) => a.height - b.height)) {
      for (; next < each.height; next++) producers.apply(recordedBlock(chain[next]!));
      const { header, hash } = recordedBlock(each);
      const where = `${each.name} at ${each.height}`;
      const broken = checkPonBlock(
        header as PonHeader,
        hash,
        each.height,
        producers.keyOf,
        fastEcdsa,
        params,
      );
      expect(broken?.rule, where).toBe("bad-pon-block");
      expect(sparesBlockHash(broken!), where).toBe(each.name.startsWith("pon-signature"));
      if (sparesBlockHash(broken!)) spared++;
    }
    expect(spared).toBeGreaterThan(10);
    expect(spared).toBeLessThan(cases.length);
  },
);

vectorTest("a block refused for its signature is accepted under the same hash with a good one", () => {
  interface Replaced {
    readonly name: string;
    readonly forkHeight: number;
    readonly blocks: Readonly<Record<"x1" | "x1good", { readonly hash: string; readonly hex: string }>>;
  }
  const params = labnet();
  const { cases } = readJson<{ cases: Replaced[] }>("labnet/reorg-special.json");
  const replaced = cases.filter(({ name }) => name.startsWith("pon-signature-replaced-"));
  expect(replaced.length).toBe(3);
  const chain = recordedHeaders(CHAINS.lab);
  for (const { name, forkHeight, blocks } of replaced) {
    const producers = new ProducerTable();
    for (const recorded of chain.slice(0, forkHeight + 1)) producers.apply(recordedBlock(recorded));
    const [bad, good] = [blocks.x1, blocks.x1good].map((each) => {
      const { header, hash } = recordedBlock(each);
      return {
        hash: toDisplayHex(hash),
        broken: checkPonBlock(header as PonHeader, hash, forkHeight + 1, producers.keyOf, fastEcdsa, params),
      };
    });
    expect(bad!.hash, name).toBe(good!.hash);
    expect(bad!.broken && sparesBlockHash(bad!.broken), name).toBe(true);
    expect(good!.broken, name).toBeUndefined();
  }
});

vectorTest("an emergency block's signatures are one per key, from the keys, for this block", () => {
  const params = labnet();
  const blocks = recordedHeaders(CHAINS.lab)
    .map(recordedBlock)
    .filter(({ header }) => isEmergencyBlock(header, params));
  const valid = ({ header, hash }: DecodedBlock, signature: readonly number[], rules = params) =>
    emergencySignaturesValid(
      fastEcdsa,
      { ...(header as PonHeader), signature: Uint8Array.from(signature) },
      hash,
      rules,
    );
  const sized = (bytes: Uint8Array) => [bytes.length, ...bytes];
  expect(blocks.length).toBeGreaterThan(2);
  for (const each of blocks.slice(0, 3)) {
    const field = (each.header as PonHeader).signature;
    const first = field.subarray(2, 2 + field[1]!);
    const second = field.subarray(3 + first.length, 3 + first.length + field[2 + first.length]!);
    expect(valid(each, [2, ...sized(first), ...sized(second)])).toBe(true);
    expect(valid(each, [2, ...sized(second), ...sized(first)])).toBe(true);
    expect(valid(each, [1, ...sized(first)])).toBe(false);
    expect(valid(each, [2, ...sized(first), ...sized(first)])).toBe(false);
    expect(valid(each, [3, ...sized(first), ...sized(second)])).toBe(true); // the third is announced and missing
    expect(valid(each, [3, ...sized(first), 0, ...sized(second)])).toBe(true); // an empty one is passed over
    expect(valid(each, [3, ...sized(first), ...sized(second), 74])).toBe(true); // not looked at any more
    expect(valid(each, [3, ...sized(first), 74])).toBe(false);
    expect(valid(each, [5, ...sized(first), ...sized(second)])).toBe(false);
    expect(valid({ ...each, hash: blocks.find((other) => other !== each)!.hash }, [...field])).toBe(false);
    const counted = { ...regtest, emergency: params.emergency };
    expect(valid(each, [2, 0, 0], counted)).toBe(true); // regtest only counts
    expect(valid(each, [1, 0], counted)).toBe(false);
  }
});
