import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Block,
  blockBytes,
  ChainView,
  type EcdsaBackend,
  type Params,
  parseWhole,
  plainEquihash,
  readBlock,
  SharedChains,
  stateHash,
  toDisplayHex,
} from "@fluxlab/core";
import type { LiveNode } from "@fluxlab/testnet/host";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { BlockForesight } from "../../../testnet/src/host/signatures/blockForesight.ts";
import { askCurve } from "../../../testnet/src/host/signatures/blockQuestions.ts";
import { type CheckerPool, checkerThreads } from "../../../testnet/src/host/signatures/checkerPool.ts";
import { ForeseenAnswers, NotedCurve } from "../../../testnet/src/host/signatures/foreseenAnswers.ts";
import { openBenchNode } from "../../support/benchNode.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { forkedChain } from "../../support/forkedChain.ts";
import { testKey } from "../../support/keys.ts";
import { readLabChain } from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// Signatures are checked ahead by other threads: whatever those say, and whenever, a block is judged as without them.

/** A curve that counts what it is asked. */
function counted(): { readonly ecdsa: EcdsaBackend; asked: number } {
  const count = { asked: 0 };
  const ecdsa: EcdsaBackend = {
    ...fastEcdsa,
    verify(...question) {
      count.asked++;
      return fastEcdsa.verify(...question);
    },
    recover(...question) {
      count.asked++;
      return fastEcdsa.recover(...question);
    },
  };
  return Object.assign(count, { ecdsa });
}

test("what was foreseen is answered as the curve does, whatever is asked", () => {
  const keys = ["a", "b"].map((name) => testKey(name));
  const digests = [1, 2].map((fill) => new Uint8Array(32).fill(fill));
  const question = fc.record({
    key: fc.nat(1),
    digest: fc.nat(1),
    signer: fc.nat(1),
    signed: fc.nat(1),
    spoilt: fc.option(fc.nat(63)),
    recovers: fc.boolean(),
    ahead: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(question, { maxLength: 12 }), (questions) => {
      const foreseen = new ForeseenAnswers();
      const ecdsa = foreseen.before(fastEcdsa);
      const ask = (curve: EcdsaBackend, each: (typeof questions)[number]): unknown => {
        const { compact, recoveryId } = fastEcdsa.sign(keys[each.signer]!.secretKey, digests[each.signed]!);
        const signature = compact.slice();
        if (each.spoilt !== null) signature[each.spoilt]! ^= 1;
        const digest = digests[each.digest]!;
        return each.recovers
          ? curve.recover(digest, signature, recoveryId, true)
          : curve.verify(keys[each.key]!.publicKey, digest, signature);
      };
      const ahead = new NotedCurve(fastEcdsa);
      for (const each of questions) if (each.ahead) ask(ahead.ecdsa, each);
      foreseen.learn(ahead.takeNotes());
      for (const each of [...questions, ...questions]) expect(ask(ecdsa, each)).toEqual(ask(fastEcdsa, each));
    }),
    { numRuns: 50 },
  );
});

/** Blocks that a node has before it judges them. */
const AHEAD = 16;

vectorTest("of the recorded chain the curve is asked nothing but what a state has to tell first", () => {
  const params = labnet();
  const [foreseen, left, alone] = [new ForeseenAnswers(), counted(), counted()];
  const blocks = readLabChain().map(({ block }) => block);
  const viewWith = (ecdsa: EcdsaBackend): ChainView => {
    const chains = new SharedChains(blocks[0]!, { ecdsa, trust: "nothing", equihash: plainEquihash });
    return new ChainView(chains.under(params), { useCheckpoints: false });
  };
  const [view, plain] = [viewWith(foreseen.before(left.ecdsa)), viewWith(alone.ecdsa)];
  const foresight = new BlockForesight({ chain: view, catchingUp: true }, atOnce(params, foreseen));
  const coming = blocks.slice(1, 500);
  for (const { header } of coming) view.acceptHeader(header, header.time);
  for (const [at, block] of coming.entries()) {
    for (const next of at === 0 ? coming.slice(0, AHEAD) : coming.slice(at + AHEAD - 1, at + AHEAD))
      foresight.sees(blockBytes(next));
    for (const each of [view, plain])
      expect(each.acceptBlock(block, block.header.time).result).toEqual({ outcome: "active" });
  }
  expect(stateHash(view.state())).toBe(stateHash(plain.state()));
  expect(alone.asked).toBeGreaterThan(300);
  expect(foreseen.used).toBeGreaterThan(alone.asked * 0.9);
  expect(left.asked).toBe(alone.asked - foreseen.used);
});

/** A pool that needs no time. */
function atOnce(params: Params, foreseen: ForeseenAnswers): Pick<CheckerPool, "ready" | "check" | "rest"> {
  const curve = new NotedCurve(fastEcdsa);
  return {
    ready: true,
    check(coming) {
      askCurve(curve.ecdsa, parseWhole(coming.payload, readBlock) as Block, coming, params);
      foreseen.learn(curve.takeNotes());
    },
    rest: async () => {},
  };
}

test("a node syncs with the help of threads to the tip and state that it has alone", async () => {
  const { best, digests } = forkedChain(8);
  const root = mkdtempSync(join(tmpdir(), "flux-lab-par-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const server = await openBenchNode(join(root, "server"));
  onTestFinished(() => server.close());
  const { time } = best.at(-1)!.header;
  server.host.setMockTime(time);
  for (const block of best) server.submitBlock(block);
  const synced = async (par: number): Promise<LiveNode> => {
    const live = await openBenchNode(join(root, `par ${par}`), { port: server.listening!.port, par });
    onTestFinished(() => live.close());
    live.host.setMockTime(time);
    await vi.waitFor(() => expect(live.node.chain.tipHeight).toBe(best.length), {
      timeout: 60_000,
      interval: 20,
    });
    return live;
  };
  for (const par of [1, 3]) {
    const { node } = await synced(par);
    expect(stateHash(node.chain.state())).toBe(digests.get(toDisplayHex(node.chain.tipHash)));
  }
}, 120_000);

test("-par says how many threads there are, the node's own among them", () => {
  const threads = (par: number, cores: number): number => checkerThreads(par, cores) + 1;
  expect([0, 1, 2, 16, 17].map((par) => threads(par, 4))).toEqual([4, 1, 2, 16, 16]);
  expect([-1, -3, -9].map((par) => threads(par, 4))).toEqual([3, 1, 1]);
  expect(threads(0, 64)).toBe(16);
  expect(threads(0, 1)).toBe(1);
});
