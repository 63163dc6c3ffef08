import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChainView,
  displayHash,
  ParseError,
  parseWhole,
  parseWireHex,
  plainEquihash,
  Random,
  readBlock,
  SharedChains,
  stateHash,
  toDisplayHex,
} from "@fluxlab/core";
import { BlockLog, DiskFile } from "@fluxlab/testnet/host";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { BENCH_GENESIS, BENCH_PARAMS, openBenchNode } from "../../support/benchNode.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { type ForkedChain, forkedChain, hashText } from "../../support/forkedChain.ts";
import { ROOT } from "../../support/repository.ts";

// A node's process is killed at any moment, while it syncs, mines or reorganises: whatever it had acknowledged is there when it opens
// again, in the state that a node comes to which never failed.

const LONG = process.env["FLUX_LAB_LONG"] === "1";
/** All together 500, which take ten minutes; each start takes about a second. */
const KILLS = LONG ? { given: 167, sync: 167, mine: 166 } : { given: 3, sync: 2, mine: 2 };
const TIMEOUT = LONG ? 7_200_000 : 300_000;
/** Milliseconds after it has opened its folder within which a node is killed. */
const LIFE = 300;
const MINED = 100;

const root = mkdtempSync(join(tmpdir(), "flux-lab-kills-"));
let chain: ForkedChain;
beforeAll(() => {
  chain = forkedChain(12);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const newFolder = (): string => join(root, `${folders++}`);

/** What a node said of its tip: when it opened its folder, and when it acknowledged a block. */
interface Said {
  readonly open: { readonly tip: string; readonly digest: string; readonly hex: string };
  readonly acks: readonly { readonly tip: string; readonly hex: string }[];
  readonly done: boolean;
}

/** Lets a node live for so long after it has opened its folder. */
async function lifeOf(args: readonly string[], ms: number): Promise<Said> {
  const child = spawn(process.execPath, [join(ROOT, "test/support/crashNode.ts"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, "node_modules/.cache/flux-lab") },
  });
  let said = "";
  child.stdout.on("data", (text) => {
    // Opening takes as long as the machine is busy.
    if (said === "" && Number.isFinite(ms)) setTimeout(() => child.kill("SIGKILL"), ms);
    said += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const lines = said
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split(" "));
  const [, tip, digest, hex] = lines[0]!;
  return {
    open: { tip: tip!, digest: digest!, hex: hex! },
    acks: lines.filter(([what]) => what === "ack").map((words) => ({ tip: words[1]!, hex: words[2]! })),
    done: lines.at(-1)![0] === "done",
  };
}

/**
 * Kills a node so many times, then lets it end. `ordered`: tips in the order in which a node has them. A node that has all gets a new
 * folder, so that there is something left to lose.
 */
async function killsOf(kills: number, args: readonly string[], ordered: readonly string[]): Promise<void> {
  const random = Random.root(`kills ${args[0]}`);
  let [folder, acknowledged, prunes] = [newFolder(), -1, true];
  for (let kill = 0; kill <= kills; kill++) {
    const ms = kill === kills ? Number.POSITIVE_INFINITY : random.below(LIFE);
    const { open, acks, done } = await lifeOf([folder, ...args, ...(prunes ? ["20000"] : [])], ms);
    const at = ordered.lastIndexOf(open.tip);
    expect(at).toBeGreaterThanOrEqual(acknowledged);
    expect(open.digest).toBe(chain.digests.get(open.tip));
    acknowledged = acks.reduce((latest, { tip }) => Math.max(latest, ordered.indexOf(tip)), at);
    if (done) [folder, acknowledged, prunes] = [newFolder(), -1, random.chance(1, 2)];
    else expect(kill).toBeLessThan(kills);
  }
}

test(
  `killed ${KILLS.given} times while blocks of two miners make it reorganise, a node has all it acknowledged`,
  async () => {
    const file = join(root, "arrivals");
    const log = new BlockLog(new DiskFile(file), displayHash(BENCH_PARAMS.genesis.hash), file);
    for (const block of chain.arrivals) log.append(block);
    log.close();
    await killsOf(KILLS.given, ["given", file], [hashText(BENCH_GENESIS), ...chain.tips]);
  },
  TIMEOUT,
);

test(
  `killed ${KILLS.sync} times while it syncs, a node has all that it had written down`,
  async () => {
    const server = await openBenchNode(newFolder());
    onTestFinished(() => server.close());
    const { time } = chain.best.at(-1)!.header;
    server.host.setMockTime(time);
    for (const block of chain.best) server.submitBlock(block);
    const ordered = [BENCH_GENESIS, ...chain.best].map(hashText);
    await killsOf(KILLS.sync, ["sync", `${server.listening!.port}:${time}`], ordered);
  },
  TIMEOUT,
);

test(
  `killed ${KILLS.mine} times while it mines, a node has every block it found`,
  async () => {
    const random = Random.root("kills mine");
    let folder = newFolder();
    let twin = new Twin();
    for (let kill = 0; kill <= KILLS.mine; kill++) {
      const ms = kill === KILLS.mine ? Number.POSITIVE_INFINITY : random.below(LIFE);
      const { open, acks, done } = await lifeOf([folder, "mine", `${MINED}`], ms);
      const { tip, digest } = twin.reach(open.hex);
      expect(open).toMatchObject({ tip, digest });
      for (const ack of acks) twin.reach(ack.hex);
      if (done) [folder, twin] = [newFolder(), new Twin()];
      else expect(kill).toBeLessThan(KILLS.mine);
    }
  },
  TIMEOUT,
);

/** What a node comes to that never fails: it has what was acknowledged, and at most one block more that nobody heard of. */
class Twin {
  readonly #view = new ChainView(
    new SharedChains(BENCH_GENESIS, {
      ecdsa: fastEcdsa,
      trust: "signatures",
      equihash: plainEquihash,
    }).under(BENCH_PARAMS),
    { useCheckpoints: false },
  );

  /** Takes in a block, which is its tip already or the next. */
  reach(hex: string): { readonly tip: string; readonly digest: string } {
    const block = parseWhole(parseWireHex(hex)!, readBlock);
    if (block instanceof ParseError) throw new Error(String(block));
    if (hashText(block) !== this.#tip) this.#view.acceptBlock(block, block.header.time);
    expect(this.#tip).toBe(hashText(block));
    return { tip: this.#tip, digest: stateHash(this.#view.state()) };
  }

  get #tip(): string {
    return toDisplayHex(this.#view.tipHash);
  }
}
