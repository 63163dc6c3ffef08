import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Reader, toDisplayHex, toWireHex } from "@fluxlab/core";
import { LiveNode, ZmqPublisher } from "@fluxlab/testnet/host";
import { expect, onTestFinished } from "vitest";
import { Subscriber } from "zeromq";
import { readLabChain } from "../support/labChain.ts";
import { labnet } from "../support/networks.ts";
import { vectorTest } from "../support/vectorTest.ts";

/** What is told of a node. */
interface NodeText {
  readonly confirmed: number;
  readonly paid: number;
  readonly tier: number;
  readonly ip: string;
}

interface Delta {
  readonly from: number;
  readonly to: number;
  readonly fromHash: string;
  readonly toHash: string;
  readonly reorganised: boolean;
  readonly changed: readonly (readonly [string, NodeText])[];
  readonly removed: readonly string[];
}

const displayed = (bytes: Uint8Array): string => toWireHex(bytes);
const outpoint = (reader: Reader): string => `${displayed(reader.bytes(32, "txid"))}-${reader.u32("index")}`;

function record(reader: Reader): readonly [string, NodeText] {
  const name = outpoint(reader);
  reader.varBytes("collateral key");
  reader.varBytes("node key");
  const [confirmed, paid, tier] = [reader.u32("confirmed"), reader.u32("paid"), reader.u8("tier")];
  expect(reader.u8("status")).toBe(3);
  return [name, { confirmed, paid, tier, ip: Buffer.from(reader.varBytes("ip")).toString() }];
}

function readDelta(bytes: Uint8Array): Delta {
  const reader = new Reader(bytes);
  const [from, to] = [reader.u32("from"), reader.u32("to")];
  const [fromHash, toHash] = [displayed(reader.bytes(32, "from")), displayed(reader.bytes(32, "to"))];
  const reorganised = reader.u8("flags") === 1;
  const added = reader.vector("added", 1, record);
  const removed = reader.vector("removed", 1, outpoint);
  const updated = reader.vector("updated", 1, record);
  expect([reader.failed, reader.remaining]).toEqual([false, 0]);
  return { from, to, fromHash, toHash, reorganised, changed: [...added, ...updated], removed };
}

vectorTest("deltas of the FluxNode list chain, and whoever adds them up has the list", async () => {
  const blocks = readLabChain().map(({ block }) => block);
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-zmq-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const live = await LiveNode.start({
    params: labnet(),
    genesis: blocks[0]!,
    dataFolder: folder,
    listen: undefined,
    dial: { added: [], only: [] },
    askSeeds: false,
    maxConnections: 0,
    whitelisted: () => false,
    settings: { maxTipAge: 4_000_000_000 },
    log: { info() {}, debug() {}, warn() {} },
  });
  onTestFinished(() => live.close());
  const { chain } = live.node;
  const listed = () =>
    [...chain.state().fluxnodes()]
      .filter(({ status }) => status === "confirmed")
      .map((node): [string, NodeText] => [
        `${toDisplayHex(node.outpoint.txid)}-${node.outpoint.index}`,
        {
          confirmed: node.confirmedHeight,
          paid: node.lastPaidHeight,
          tier: { cumulus: 1, nimbus: 2, stratus: 3 }[node.identity.tier],
          ip: Buffer.from(node.ip).toString(),
        },
      ]);
  // Until there are nodes nobody listens.
  let height = 1;
  const next = () => {
    live.host.setMockTime(blocks[height]!.header.time);
    live.submitBlock(blocks[height++]!);
  };
  while (listed().length === 0) next();
  const address = `ipc://${folder}/zmq`;
  const failures: Error[] = [];
  const publisher = await ZmqPublisher.start(live, [{ topic: "fluxnodelistdelta", address }], (_, error) =>
    failures.push(error),
  );
  onTestFinished(() => publisher.close());
  const subscriber = new Subscriber({ receiveTimeout: 20_000 });
  onTestFinished(() => subscriber.close());
  subscriber.connect(address);
  subscriber.subscribe("fluxnodelistdelta");
  await new Promise((resolve) => setTimeout(resolve, 500)); // a subscription takes a moment
  next(); // the first gives no delta
  const known = new Map(listed());
  let [at, hash] = [chain.tipHeight, toDisplayHex(chain.tipHash)];
  const told = { changed: 0, removed: 0 };
  for (let count = 0; count < 60; count++) {
    next();
    const [, body, sequence] = await subscriber.receive();
    expect(sequence!.readUInt32LE()).toBe(count);
    const delta = readDelta(Uint8Array.from(body!));
    expect([delta.from, delta.fromHash, delta.reorganised]).toEqual([at, hash, false]);
    [at, hash] = [delta.to, delta.toHash];
    for (const [name, node] of delta.changed) known.set(name, node);
    for (const name of delta.removed) known.delete(name);
    told.changed += delta.changed.length;
    told.removed += delta.removed.length;
    expect(at).toBe(chain.tipHeight);
    expect(new Map(listed())).toEqual(known);
  }
  expect(told.changed).toBeGreaterThan(20);
  expect(failures).toEqual([]);
});
