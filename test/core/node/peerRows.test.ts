import { PeerRows } from "@fluxlab/core";
import { describe, expect, test } from "vitest";
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

describe("announcements that are left before they come", () => {
  const [PARENT, TIP, NEXT] = [4, 5, 6];
  const tree = {
    isLive: () => true,
    compareWork: (a: number, b: number) => a - b,
    height: (row: number) => row,
    parent: (row: number) => row - 1,
  } as unknown as Parameters<PeerRows["takeKnown"]>[2];

  /** A node on a tip, with peers that owe it nothing. */
  function onTip() {
    const rows = new PeerRows();
    const table = tableOn(rows);
    const peers = meet(table, 2);
    for (const peer of peers) [peer.bestKnown, peer.lastCommon, peer.settled] = [PARENT, PARENT, true];
    table.setCalm(TIP, -1);
    rows.now = 100;
    const recalled: [row: number, header: number, at: number][] = [];
    const settle = () => rows.takeAstray(tree, (...what) => recalled.push(what));
    settle();
    return { rows, table, peers, recalled, settle };
  }

  test("count from their time on", () => {
    const { rows, peers, settle, recalled } = onTip();
    const [peer] = peers;
    expect(rows.leave(peer!.row, TIP, tree, 50, 77)).toBe(true);
    rows.now = 149;
    expect([peer!.bestKnown, peer!.lastCommon, peer!.lastReceived]).toEqual([PARENT, PARENT, 0]);
    rows.now = 150;
    expect([peer!.bestKnown, peer!.lastCommon, peer!.lastReceived]).toEqual([TIP, TIP, 77]);
    settle();
    expect(recalled).toEqual([]);
  });

  test("are not left if they are news when they come", () => {
    const { rows, peers } = onTip();
    const [peer, other] = peers;
    expect(rows.leave(peer!.row, NEXT, tree, 50, 0)).toBe(false);
    rows.expect(peer!.row, NEXT, 50);
    expect(rows.leave(other!.row, NEXT, tree, 50, 0)).toBe(false); // not after the one that is expected
    expect(rows.leave(other!.row, NEXT, tree, 51, 0)).toBe(true);
  });

  test("are delivered if the one that was to come before them led to nothing", () => {
    const { rows, peers, settle, recalled } = onTip();
    const [peer, other] = peers;
    rows.expect(peer!.row, NEXT, 50);
    rows.leave(other!.row, NEXT, tree, 60, 0);
    settle();
    expect(recalled).toEqual([]);
    rows.now = 150;
    rows.met(peer!.row);
    settle();
    expect(recalled).toEqual([[other!.row, NEXT, 160]]);
    rows.now = 160;
    expect(other!.bestKnown).toBe(PARENT);
  });

  test("are delivered if the node's tip or the peer is not what it was", () => {
    const changes: ((world: ReturnType<typeof onTip>) => void)[] = [
      ({ table }) => table.setCalm(NEXT, -1),
      ({ peers }) => {
        peers[0]!.settled = false;
      },
      ({ peers }) => {
        peers[0]!.bestKnown = NEXT;
      },
      ({ rows, recalled, peers }) => rows.recall(peers[0]!.row, (...what) => recalled.push(what)),
    ];
    for (const change of changes) {
      const world = onTip();
      const { row } = world.peers[0]!;
      world.rows.leave(row, TIP, tree, 50, 0);
      change(world);
      world.settle();
      expect(world.recalled).toEqual([[row, TIP, 150]]);
      expect(world.rows.leave(row, NEXT, tree, 50, 0)).toBe(change === changes[0]);
    }
  });
});
