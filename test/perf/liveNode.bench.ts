import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { line } from "../support/figures.ts";
import { run, saidBy, spawnRun } from "./liveNodeChild.ts";
import type { StartCost, SyncCost } from "./liveNodeRuns.ts";

// A live node on this machine: how fast it gets blocks from a peer, starts, and answers, and what memory that takes.

const SYNCED = 10_000;
const PAYMENTS = 2;
const STORED = 100_000;
const CALLS = 5_000;
const CALLERS = 8;

/** Calls a second, with so many callers over connections that stay. */
async function callRate(port: number, method: string, params: readonly unknown[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const body = JSON.stringify({ id: 1, method, params });
  const headers = { authorization: `Basic ${btoa("bench:bench")}`, "content-length": body.length };
  const call = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const asked = request({ agent, port, method: "POST", headers }, (reply) => {
        if (reply.statusCode !== 200) reject(new Error(`${method}: ${reply.statusCode}`));
        reply.resume().once("end", resolve);
      });
      asked.once("error", reject).end(body);
    });
  await call();
  const beganAt = performance.now();
  const callers = Array.from({ length: CALLERS }, async () => {
    for (let i = 0; i < CALLS / CALLERS; i++) await call();
  });
  await Promise.all(callers);
  agent.destroy();
  return CALLS / ((performance.now() - beganAt) / 1_000);
}

async function benchSync(folder: string): Promise<void> {
  const source = join(folder, "source");
  await run("make", source, `${SYNCED}`, `${PAYMENTS}`);
  const judged = await run<StartCost>("start", source);
  const server = spawnRun("serve", source);
  const { port, rpcPort, time } = await saidBy<{ port: number; rpcPort: number; time: number }>(server);
  const sync = (name: string, par: number): Promise<SyncCost> =>
    run("sync", join(folder, name), `${port}`, `${SYNCED}`, `${time}`, `${par}`);
  const synced = await sync("synced", 1);
  line(`sync of ${SYNCED} blocks, ${PAYMENTS} payments each`, SYNCED / synced.seconds, "blocks/s");
  line("", synced.megabytes / synced.seconds, "MB/s", 2);
  line("baseline: judging them from the disk", SYNCED / judged.seconds, "blocks/s");
  if (availableParallelism() > 1) {
    const helped = await sync("helped", 0);
    const [times, share] = [synced.seconds / helped.seconds, helped.foreseen / (SYNCED * PAYMENTS)];
    const what = `blocks/s: ${times.toFixed(2)} times as fast; ${(100 * share).toFixed(0)} % of signatures in time`;
    line("with threads that check signatures", SYNCED / helped.seconds, what);
  }
  line("memory of the syncing node, at most", synced.peakMiB, "MiB");
  line("memory once synced", synced.idleMiB, "MiB");
  for (const [method, params] of [
    ["getblockcount", []],
    ["getblock", ["5000"]],
  ] as const)
    line(`RPC ${method}`, await callRate(rpcPort, method, params), "calls/s");
  server.stdin.end();
}

async function benchStart(folder: string): Promise<void> {
  const stored = join(folder, "stored");
  await run("make", stored, `${STORED}`, "0");
  const judged = await run<StartCost>("start", stored);
  const started = await run<StartCost>("start", stored);
  if (started.height !== STORED) throw new Error(`the node starts at ${started.height}`);
  line(`start with ${STORED} blocks, from the snapshot`, started.seconds, "s", 1);
  const times = (judged.seconds / started.seconds).toFixed(0);
  line("without one", judged.seconds, `s: ${times} times as long`, 1);
  line("memory with them", started.residentMiB, "MiB");
  line("of it held by chain and node", started.heldMiB, "MiB");
}

/** Prints what a live node costs. */
export async function benchLiveNode(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-bench-"));
  try {
    await benchSync(folder);
    await benchStart(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
