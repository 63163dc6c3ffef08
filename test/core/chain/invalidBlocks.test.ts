import {
  BaseState,
  type Block,
  blockHash,
  checkArrivingHeader,
  connectBlock,
  ParseError,
  parse,
  plainEquihash,
  readBlock,
  rejectReason,
  toDisplayHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { historyOf } from "../../support/headers.ts";
import { labnet } from "../../support/networks.ts";
import { moveTo, replay } from "../../support/replay.ts";
import { caseBytes, readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

interface InvalidBlock {
  readonly name: string;
  readonly height: number;
  readonly mockTime: number;
  readonly result: string | null;
  readonly hex?: string;
  readonly hexGz?: string;
}

/** What the daemon said of a block that it had already refused for its signature: it does not look again. */
const DUPLICATE = "duplicate";
/** A block whose parent is nowhere is a matter of the header tree. */
const NO_PARENT = "bad-prevblk";

vectorTest("every recorded invalid block is refused on its parent's state, for the daemon's reason", () => {
  const params = labnet();
  const steps = [...replay("labnet/chain-a.jsonl", params, { ecdsa: fastEcdsa, trust: "signatures" })];
  const headers = steps.map(({ block }) => block.header);
  const deltas = steps.map(({ connected }) => connected.delta);
  const state = new BaseState();

  /** The daemon's reason, as far as we can tell it: header rules, then all others on the state. */
  function judge(block: Block, { height, mockTime }: InvalidBlock): string {
    moveTo(state, deltas, height - 1);
    if (toDisplayHex(block.header.previousHash) !== toDisplayHex(state.blockHash)) return NO_PARENT;
    const parents = historyOf(headers.slice(0, height));
    const arrival = { adjustedTime: mockTime, tipHeight: height - 1, lastCheckpoint: undefined };
    const verifier = { equihash: plainEquihash, ecdsa: fastEcdsa };
    const header = checkArrivingHeader(
      parents,
      block.header,
      blockHash(block.header),
      arrival,
      verifier,
      params,
    );
    if (header !== undefined) return rejectReason(header);
    const verdict = connectBlock(state, block, params, { ecdsa: fastEcdsa, trust: "nothing" });
    return verdict.verdict === "invalid" ? rejectReason(verdict.violation) : verdict.verdict;
  }

  const counts = { same: 0, unreadable: 0, withoutReason: 0, knownAlready: 0 };
  for (const each of readJson<InvalidBlock[]>("labnet/invalid-blocks.json")) {
    const block = parse(caseBytes(each), readBlock);
    if (block instanceof ParseError) {
      expect(each.result, each.name).toBeNull();
      counts.unreadable++;
    } else if (each.result === DUPLICATE) {
      expect(judge(block, each), each.name).toBe("bad-pon-block");
      counts.knownAlready++;
    } else {
      expect(judge(block, each), `${each.name} at ${each.height}`).toBe(each.result ?? "");
      if (each.result === null) counts.withoutReason++;
      else counts.same++;
    }
  }
  expect(counts).toEqual({ same: 2_112, unreadable: 15, withoutReason: 38, knownAlready: 3 });
});
