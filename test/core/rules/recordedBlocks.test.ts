import {
  checkBlock,
  checkBlockAtHeight,
  ParseError,
  parse,
  RULES,
  type Rule,
  readBlock,
  type Violation,
} from "@fluxlab/core";
import { expect } from "vitest";
import { labnet } from "../../support/networks.ts";
import { plainScriptOf, plainVerifier } from "../../support/plainScripts.ts";
import { HEADER_REASONS } from "../../support/recordedHeaders.ts";
import { caseBytes, readJson, readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const SIGNATURE: Rule = "bad-txns-fluxnode-tx-invalid-signature";

/** Of a block's body, which has nothing to do with its proof or its producer. */
const BODY_RULES: readonly (string | null)[] = RULES.filter(
  (rule) => !HEADER_REASONS.has(rule) && rule !== "bad-pon-block",
);

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

vectorTest(
  "invalid blocks are refused for the daemon's reason where a body rule decides, and pass these rules otherwise",
  () => {
    const params = labnet();
    type Case = { name: string; height: number; result: string | null; hex?: string; hexGz?: string };
    const decided = new Set<string>();
    for (const each of readJson<Case[]>("labnet/invalid-blocks.json")) {
      const block = parse(caseBytes(each), readBlock);
      if (block instanceof ParseError) continue; // blocks.test.ts
      const verifier = plainVerifier(each.result !== SIGNATURE);
      const broken: Violation | undefined =
        checkBlock(block, verifier) ?? checkBlockAtHeight(block, each.height, params, plainScriptOf);
      const expected = BODY_RULES.includes(each.result) ? each.result : undefined;
      expect(broken?.rule, `${each.name} at ${each.height}`).toBe(expected ?? undefined);
      if (broken !== undefined) decided.add(broken.rule);
    }
    expect(decided.size).toBeGreaterThan(30);
  },
);
