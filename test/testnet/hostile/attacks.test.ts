import { parseIp } from "@fluxlab/core";
import { afterAll, beforeAll, expect } from "vitest";
import { memoryRetained } from "../../support/heap.ts";
import { BENCH_VERSION, type Lab, NodeBench, readLab } from "../../support/nodeBench.ts";
import { linkTo } from "../../support/recordingPorts.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";
import { ATTACKS, type Attack } from "./attacks.ts";
import { Attacker, until, Victim } from "./victim.ts";

// Every attack of the table against one real node over sockets, while an honest node follows its chain; and the same table, as far as it
// is made of messages, against a node of the core alone.

const HEIGHT = 200;
/** What all attacks together may leave behind: the largest pools, tables and queues that a node allows, and code. */
const MOST_BYTES = 64 * 1024 * 1024;

let lab: Lab;
let victim: Victim;
let honest: Victim;

beforeAll(async () => {
  if (!vectorsPresent) return;
  lab = readLab();
  victim = await new Victim(lab, HEIGHT).run();
  // With chains of its own: it knows what it is sent, and no more.
  honest = await new Victim(readLab(), HEIGHT - 50, { listen: undefined }).run();
  honest.setClock(HEIGHT);
  honest.host.connect(victim.address, "ordinary");
  await until(() => honest.height === HEIGHT);
}, 120_000);

afterAll(async () => {
  await honest?.close();
  await victim?.close();
});

const rejectsOf = (heard: readonly { command: string; reason?: string }[]): string[] => [
  ...new Set(heard.flatMap(({ command, reason }) => (command === "reject" ? [reason!] : []))),
];

/** The next block of the chain goes from the victim to the honest node. */
async function stillServes(): Promise<void> {
  const next = victim.height + 1;
  honest.setClock(next);
  victim.setHeight(next);
  await until(() => honest.height === next);
}

async function suffer(attack: Attack, index: number): Promise<void> {
  const from = `127.9.1.${index + 1}`;
  const attacker = await Attacker.connect(victim, from);
  if (attack.stranger === undefined) await attacker.introduce();
  else await until(() => victim.host.peers().some(({ endpoint }) => endpoint.startsWith(`${from}:`)));
  const { peer } = victim.host.peers().find(({ endpoint }) => endpoint.startsWith(`${from}:`))!;
  attacker.say(...attack.say(lab, victim.height));
  if (attack.stranger === true && attack.end === "stays") await attacker.introduce();
  const stays = await attacker.isAnswered(77n);
  expect(victim.scores.get(peer) ?? 0).toBe(attack.score);
  expect(stays).toBe(attack.end.endsWith("stays"));
  const ip = parseIp(from)!;
  expect(victim.host.currentBans().some((ban) => Buffer.compare(ban.ip, ip) === 0)).toBe(
    attack.end.startsWith("banned"),
  );
  expect(rejectsOf(attacker.heard as never)).toEqual(attack.rejects ?? []);
  attacker.leave();
  if (attack.end !== "banned") return;
  const again = await Attacker.connect(victim, from);
  await until(() => again.closed); // not let in
}

for (const [index, attack] of ATTACKS.entries()) {
  vectorTest(`${attack.name}: ${attack.score} points, ${attack.end}; the honest are served`, async () => {
    await suffer(attack, index);
    await stillServes();
  }, 120_000);
}

vectorTest("all of it again leaves nothing behind that grows", async () => {
  victim.host.bans.clear();
  const tries = ATTACKS.filter(({ end }) => end !== "banned");
  const round = async (): Promise<number> => {
    for (const attack of tries) {
      const attacker = await Attacker.connect(victim, "127.9.2.1");
      if (attack.stranger === undefined) await attacker.introduce();
      attacker.say(...attack.say(lab, victim.height));
      if (attack.end !== "dropped" && attack.stranger === undefined) await attacker.isAnswered(1n);
      attacker.leave();
      victim.host.bans.clear();
    }
    await until(() => victim.host.peers().length === 1);
    return memoryRetained(() => undefined), process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  const before = await round();
  const after = await round();
  expect(after - before).toBeLessThan(MOST_BYTES / 4);
  expect(honest.host.peers()).toHaveLength(1);
}, 300_000);

for (const [index, attack] of ATTACKS.entries()) {
  vectorTest(`without sockets: ${attack.name}`, (context) => {
    const bench = new NodeBench(lab, HEIGHT, { settings: { keepAlive: false } });
    const said = attack.say(lab, HEIGHT);
    if (said.some((each) => each instanceof Uint8Array)) return context.skip();
    if (attack.stranger === undefined) bench.meet(index);
    else bench.node.connected(index, linkTo(index, "inbound"));
    for (const each of said) if (!(each instanceof Uint8Array)) bench.node.receive(index, each);
    if (attack.stranger === true) bench.node.receive(index, BENCH_VERSION);
    expect(bench.ports.score(index)).toBe(attack.score);
    expect(bench.ports.closed.has(index)).toBe(!attack.end.endsWith("stays"));
    expect(bench.ports.bans.length > 0).toBe(attack.end.startsWith("banned"));
    expect(rejectsOf(bench.ports.take(index) as never)).toEqual(attack.rejects ?? []);
  });
}
