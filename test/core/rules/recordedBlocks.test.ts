import {
  checkBlock,
  checkBlockAtHeight,
  ParseError,
  parse,
  type Rule,
  readBlock,
  type Violation,
} from "@fluxlab/core";
import { expect } from "vitest";
import { labnet } from "../../support/networks.ts";
import { plainScriptOf, plainVerifier } from "../../support/plainScripts.ts";
import { caseBytes, readJson, readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const SIGNATURE: Rule = "bad-txns-fluxnode-tx-invalid-signature";

vectorTest("every block of the recorded chain passes the body rules", () => {
  const params = labnet();
  for (const { height, hex } of readJsonLines<{ height: number; hex: string }>("labnet/chain-a.jsonl")) {
    const block = parse(Buffer.from(hex, "hex"), readBlock);
    if (block instanceof ParseError) throw new Error(String(block));
    if (height === 0) continue; // genesis is taken as given
    expect(checkBlock(block, plainVerifier(true)), `height ${height}`).toBeUndefined();
    expect(checkBlockAtHeight(block, height, params, plainScriptOf), `height ${height}`).toBeUndefined();
  }
});

vectorTest("invalid blocks that break a body rule are refused for the daemon's reason", () => {
  const params = labnet();
  type Case = { name: string; height: number; result: string | null; hex?: string; hexGz?: string };
  const decided = new Set<string>();
  for (const each of readJson<Case[]>("labnet/invalid-blocks.json")) {
    const block = parse(caseBytes(each), readBlock);
    if (block instanceof ParseError) continue; // blocks.test.ts
    const verifier = plainVerifier(each.result !== SIGNATURE);
    const broken: Violation | undefined =
      checkBlock(block, verifier) ?? checkBlockAtHeight(block, each.height, params, plainScriptOf);
    // What these rules let pass is refused by others: npm run flux-check -- chain.
    if (broken === undefined) continue;
    expect(broken.rule, `${each.name} at ${each.height}`).toBe(each.result);
    decided.add(broken.rule);
  }
  expect(decided.size).toBeGreaterThan(30);
});
