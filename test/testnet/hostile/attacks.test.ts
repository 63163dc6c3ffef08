import {
  FrameReader,
  isUnknownFormat,
  isWithin,
  ParseError,
  parseIp,
  readPayload,
  wireHex,
} from "@fluxlab/core";
import { afterAll, beforeAll, expect } from "vitest";
import { memoryRetained } from "../../support/heap.ts";
import { type Lab, NodeBench, readLab } from "../../support/nodeBench.ts";
import { linkTo } from "../../support/recordingPorts.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";
import { ATTACKS, type Attack, bytesOf } from "./attacks.ts";
import { Attacker, until, Victim } from "./victim.ts";

// Every attack of the table against one real node over sockets, while an honest node follows its chain; and the same table, as far as it
// is made of messages, against a node of the core alone.

const HEIGHT = 200;
/** What a second round of all attacks may leave behind more than the first: nothing, but for what collections miss. */
const MOST_BYTES = 16 * 1024 * 1024;

let lab: Lab;
let victim: Victim;
let honest: Victim;

beforeAll(async () => {
  if (!vectorsPresent) return;
  lab = readLab();
  // Recorded blocks are minutes apart, and clocks jump from one to the next: silence is no fault here.
  victim = await new Victim(lab, HEIGHT, {}, { keepAlive: false }).run();
  // With chains of its own: it knows what it is sent, and no more.
  honest = await new Victim(readLab(), HEIGHT - 50, { listen: undefined }, { keepAlive: false }).run();
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
  expect(victim.host.currentBans().some((ban) => isWithin(ip, ban.subnet))).toBe(
    attack.end.startsWith("banned"),
  );
  expect(rejectsOf(attacker.heard as never)).toEqual(attack.rejects ?? []);
  attacker.leave();
  if (attack.end !== "banned") return;
  const again = await Attacker.connect(victim, from);
  await until(() => again.closed); // not let in
}

for (const [index, attack] of ATTACKS.entries()) {
  vectorTest(
    `${attack.name}: ${attack.score} points, ${attack.end}; the honest are served`,
    async () => {
      await suffer(attack, index);
      await stillServes();
    },
    120_000,
  );
}

vectorTest(
  "all of it again leaves nothing behind that grows",
  async () => {
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
      memoryRetained(() => undefined); // collects what is dead
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = await round();
    const after = await round();
    expect(after - before).toBeLessThan(MOST_BYTES);
    expect(honest.host.peers()).toHaveLength(1);
  },
  300_000,
);

/** What a stream of bytes is to a node without sockets; whether the stream goes on. */
function hear(bench: NodeBench, peer: number, frames: FrameReader, bytes: Uint8Array): boolean {
  frames.push(bytes);
  for (let event = frames.next(); event !== undefined; event = frames.next()) {
    if (event.kind === "broken") return false;
    if (event.kind === "skipped") continue;
    const { command, payload } = event;
    const message = readPayload(command, payload);
    if (message instanceof ParseError)
      bench.node.unreadable(peer, { command, unknownTransactionFormat: isUnknownFormat(message) });
    else if (message === undefined) bench.node.unknown(peer);
    else bench.node.receive(peer, message);
  }
  return true;
}

for (const [index, attack] of ATTACKS.entries()) {
  vectorTest(`without sockets: ${attack.name}`, () => {
    const bench = new NodeBench(lab, HEIGHT, { settings: { keepAlive: false } });
    if (attack.stranger === undefined) bench.meet(index);
    else bench.node.connected(index, linkTo(index, "inbound"));
    const frames = new FrameReader(wireHex(lab.shared.params.messageStart));
    const goesOn = attack.say(lab, HEIGHT).every((what) => hear(bench, index, frames, bytesOf(lab, what)));
    expect(bench.ports.score(index)).toBe(attack.score);
    expect(goesOn && !bench.ports.closed.has(index)).toBe(attack.end.endsWith("stays"));
    expect(bench.ports.bans.length > 0).toBe(attack.end.startsWith("banned"));
    expect(rejectsOf(bench.ports.take(index) as never)).toEqual(attack.rejects ?? []);
  });
}
