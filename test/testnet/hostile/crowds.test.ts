import { frameBytes, payloadBytes, wireHex } from "@fluxlab/core";
import { MAX_OUTBOUND } from "@fluxlab/testnet/host";
import { afterEach, beforeAll, expect } from "vitest";
import { BENCH_VERSION, type Lab, readLab } from "../../support/nodeBench.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";
import { Attacker, until, Victim } from "./victim.ts";

// Peers that do nothing wrong and never get anywhere, and peers that are many. Sources: spec 04 §1.7, §3.1, §3.2; fluxd src/net.cpp
// ThreadSocketHandler, AttemptToEvictConnection.

const HEIGHT = 100;

let lab: Lab;
beforeAll(() => {
  if (vectorsPresent) lab = readLab();
});

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function running(victim: Victim): Promise<Victim> {
  await victim.run();
  cleanups.push(() => victim.close());
  return victim;
}
async function attacker(victim: Victim, from: string): Promise<Attacker> {
  const made = await Attacker.connect(victim, from);
  cleanups.push(() => made.leave());
  return made;
}
vectorTest(
  "a message that comes a byte at a time is heard in the end, and keeps nobody waiting",
  async () => {
    const victim = await running(new Victim(lab, HEIGHT));
    const [slow, quick] = [await attacker(victim, "127.9.3.1"), await attacker(victim, "127.9.3.2")];
    await quick.introduce();
    const bytes = frameBytes(wireHex(lab.shared.params.messageStart), "version", payloadBytes(BENCH_VERSION));
    for (const [i, byte] of bytes.entries()) {
      slow.socket.write(Uint8Array.of(byte));
      if (i % 10 === 0) expect(await quick.isAnswered(BigInt(i + 1))).toBe(true);
    }
    await until(() => slow.heard.some(({ command }) => command === "verack"));
  },
);

vectorTest("who never says his version has a minute, whatever trickles in, and is not banned", async () => {
  const victim = await running(new Victim(lab, HEIGHT));
  const [silent, trickling] = [await attacker(victim, "127.9.3.1"), await attacker(victim, "127.9.3.2")];
  const honest = await attacker(victim, "127.9.3.3");
  await honest.introduce();
  await until(() => victim.host.peers().length === 3);
  trickling.say({ command: "ping", nonce: 1n });
  trickling.socket.write(Uint8Array.of(0x1a));
  victim.pass(50);
  expect(await honest.isAnswered(1n)).toBe(true);
  expect(silent.closed || trickling.closed).toBe(false);
  victim.pass(12);
  await until(() => silent.closed && trickling.closed);
  expect(await honest.isAnswered(2n)).toBe(true);
  expect(victim.host.currentBans()).toEqual([]);
});

vectorTest("who falls silent in the middle of a message is parted from after six minutes", async () => {
  const victim = await running(new Victim(lab, HEIGHT));
  const stuck = await attacker(victim, "127.9.3.1");
  await stuck.introduce();
  stuck.socket.write(Uint8Array.from(Buffer.from("1ab0a001", "hex")));
  victim.pass(350);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(stuck.closed).toBe(false);
  victim.pass(13);
  await until(() => stuck.closed);
});

vectorTest(
  "a thousand connections take no more places than there are, and the honest stay and are served",
  async () => {
    const maxConnections = 60;
    const victim = await running(new Victim(lab, HEIGHT, { maxConnections }, { keepAlive: false }));
    const honest = await running(new Victim(readLab(), HEIGHT, { listen: undefined }, { keepAlive: false }));
    honest.host.connect(victim.address, "ordinary");
    await until(() => honest.host.peers().length === 1);
    const [first] = victim.host.peers();
    let most = 0;
    for (let i = 0; i < 1_000; i++) {
      const one = await attacker(victim, `127.9.${4 + (i % 40)}.${1 + (i >> 3)}`);
      if (i % 2 === 0) one.say(BENCH_VERSION);
      most = Math.max(most, victim.host.peers().length);
    }
    await until(() => victim.host.peers().length <= maxConnections - MAX_OUTBOUND);
    expect(most).toBe(maxConnections - MAX_OUTBOUND);
    expect(victim.host.peers().map(({ peer }) => peer)).toContain(first!.peer);
    expect(victim.node.peers.length).toBe(victim.host.peers().length);
    for (const next of [HEIGHT + 1, HEIGHT + 2, HEIGHT + 3]) {
      honest.setClock(next);
      victim.setHeight(next);
      await until(() => honest.height === next);
    }
  },
);
