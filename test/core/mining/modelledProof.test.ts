import {
  type BlockHeader,
  blockHash,
  checkHeader,
  checkHeaderAfter,
  mainnet,
  modelledSolution,
  nextBits,
  type PowHeader,
  proofIsModelled,
  regtest,
  rejectReason,
  rulesId,
  testnet,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { wasmEquihash } from "../../support/equihash.ts";
import { historyOf } from "../../support/headers.ts";
import { labParams, MiningLab } from "../../support/miningLab.ts";

const verifier = { equihash: wasmEquihash, ecdsa: fastEcdsa };
const modelled = labParams({ proof: "modelled" });
const real = labParams();

/** What a header breaks, and under which rules. */
const reason = (header: PowHeader, params = modelled): string | undefined => {
  const broken = checkHeader(header, blockHash(header), verifier, params);
  return broken && rejectReason(broken);
};

test("proof is modelled on laboratory networks and nowhere else", () => {
  expect(proofIsModelled(modelled)).toBe(true);
  expect(proofIsModelled(real)).toBe(false);
  for (const network of [mainnet, testnet, regtest]) {
    expect(proofIsModelled({ ...network, proof: "modelled" })).toBe(false);
  }
  expect(rulesId(modelled)).not.toBe(rulesId(real));
});

test("a chain of modelled blocks has the targets that real ones would have, in every era", () => {
  const lab = new MiningLab(modelled);
  const headers: BlockHeader[] = [lab.block.header];
  for (let height = 1; height < modelled.upgrades.pon.height; height++) {
    const late = height % 7 === 0 ? 1_000 : 0;
    const { stopped } = lab.generate(1, { adjustedTime: lab.tipTime + 40 + late });
    expect(stopped).toBeUndefined();
    const { header } = lab.block;
    expect(header.bits).toBe(nextBits(historyOf(headers), header.time, real));
    headers.push(header);
  }
  expect(new Set(headers.map(({ bits }) => bits)).size).toBeGreaterThan(100);
});

test("only the marker passes, in a length that its height accepts, and only with the right target", () => {
  const lab = new MiningLab(modelled);
  lab.mine(30);
  const header = lab.block.header as PowHeader;
  expect(header.solution).toEqual(modelledSolution(30, modelled));
  expect(reason(header)).toBeUndefined();
  expect(reason(header, real)).toBe("invalid-solution");
  expect(reason(header, { ...modelled, kind: "main" })).toBe("invalid-solution");
  expect(reason({ ...header, solution: new Uint8Array(0) })).toBe("invalid-solution");
  for (const at of [0, 7, 8, 35]) {
    const solution = header.solution.slice();
    solution[at]! ^= 1;
    expect(reason({ ...header, solution }), `byte ${at}`).toBe("invalid-solution");
  }
  const parents = lab.view.headers();
  const next = (changes: Partial<PowHeader>): string | undefined => {
    const time = header.time + 120;
    const child = { ...header, time, bits: nextBits(parents, time, modelled), ...changes };
    const broken = checkHeaderAfter(parents, child, blockHash(child), verifier, modelled);
    return broken && rejectReason(broken);
  };
  expect(next({})).toBeUndefined();
  expect(next({ bits: 0x2000ffff })).toBe("bad-diffbits");
  const long = modelledSolution(0, { ...modelled, pow: mainnet.pow });
  expect(long.length).toBe(1_344);
  expect(reason({ ...header, solution: long })).toBeUndefined();
  expect(next({ solution: long })).toBe("bad-equihash-solution-size");
});
