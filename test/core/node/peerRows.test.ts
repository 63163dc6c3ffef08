import { PeerRows } from "@fluxlab/core";
import { expect, test } from "vitest";
import { DEFAULT_NODE_SETTINGS } from "../../../core/src/node/nodeSettings.ts";
import { PeerTable } from "../../../core/src/node/peerTable.ts";
import { linkTo, RecordingPorts } from "../../support/recordingPorts.ts";

const tableOn = (rows: PeerRows): PeerTable =>
  new PeerTable(new RecordingPorts(1_000), DEFAULT_NODE_SETTINGS, rows);

function meet(table: PeerTable, peers: number) {
  return Array.from({ length: peers }, (_, id) => table.add(id, linkTo(id, "inbound"), BigInt(id)));
}

test("nodes that end leave their rows to those that begin, however many peers they had", () => {
  const rows = new PeerRows();
  const stays = tableOn(rows);
  const [kept] = meet(stays, 3);
  kept!.bestKnown = 77;
  meet(tableOn(rows), 20); // as many as there will ever be at a time, and never ended
  const { capacity } = rows;
  for (let life = 0; life < 500; life++) {
    const table = tableOn(rows);
    const peers = meet(table, 1 + (life % 20));
    // A row of one who is gone tells nothing of him.
    for (const peer of peers) expect([peer.bestKnown, peer.lastSent]).toEqual([-1, 0]);
    for (const peer of peers) [peer.bestKnown, peer.lastSent, peer.settled] = [life, life, true];
    // No two peers share a row.
    expect(new Set([...stays.all, ...peers].map(({ row }) => row)).size).toBe(3 + peers.length);
    table.release();
  }
  expect(rows.capacity).toBe(capacity);
  expect(kept!.bestKnown).toBe(77);
});

test("an announcement is judged by the tip of the node that has the row now", () => {
  const rows = new PeerRows();
  const before = tableOn(rows);
  const [old] = meet(before, 1);
  before.setCalm(5, -1);
  old!.settled = true;
  before.release();
  const after = tableOn(rows);
  const [peer] = meet(after, 1);
  expect(peer!.row).toBe(old!.row);
  const tree = {
    isLive: () => true,
    compareWork: () => 0,
    height: () => 5,
    parent: () => 4,
  } as unknown as Parameters<PeerRows["takeKnown"]>[2];
  expect(rows.takeKnown(peer!.row, 5, tree, 0)).toBe(false); // not settled, and another's calm
  peer!.settled = true;
  expect(rows.takeKnown(peer!.row, 5, tree, 0)).toBe(false);
  after.setCalm(5, -1);
  expect(rows.takeKnown(peer!.row, 5, tree, 0)).toBe(true);
});
