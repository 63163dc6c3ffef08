import { LOG_KINDS } from "@fluxlab/sim";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type EventKind, EventLog, type LogRow, TRACE_KINDS } from "../../../lab-ui/src/network/eventLog.ts";

test("the page knows the trace's kinds by the same numbers", () => {
  expect(TRACE_KINDS).toEqual(LOG_KINDS);
});

const rows = fc.array(
  fc.record({
    kind: fc.nat(TRACE_KINDS.length - 1),
    node: fc.nat(3),
    subject: fc.integer({ min: -1, max: 3 }),
  }),
  { maxLength: 60 },
);
const columns = (all: readonly { kind: number; node: number; subject: number }[]) => ({
  seconds: Float64Array.from(all, (_, i) => i),
  kind: Uint8Array.from(all, ({ kind }) => kind),
  node: Uint32Array.from(all, ({ node }) => node),
  subject: Int32Array.from(all, ({ subject }) => subject),
  depth: new Uint32Array(all.length),
  reason: Uint32Array.from(all, (_, i) => i % 2),
});
const plain = (log: EventLog): LogRow[] => Array.from({ length: log.length }, (_, i) => log.row(i));

test("a filter lets through what a plain look at every row does", () => {
  fc.assert(
    fc.property(
      rows,
      fc.subarray([...TRACE_KINDS, "fault", "finding"] as EventKind[]),
      fc.option(fc.nat(3), { nil: undefined }),
      fc.nat(60),
      (all, kinds, node, until) => {
        const log = new EventLog();
        log.append(columns(all), ["why"]);
        const wanted = (row: LogRow) =>
          kinds.includes(row.kind) &&
          row.seconds <= until &&
          (node === undefined || row.node === node || (row.kind === "banned" && row.subject === node));
        const found = Array.from(log.rowsOf({ kinds: new Set(kinds), node, until }), (row) => log.row(row));
        expect(found).toEqual(plain(log).filter(wanted));
      },
    ),
  );
});

test("a full log lets the older half go, and says how many", () => {
  const log = new EventLog(2_000);
  const many = Array.from({ length: 3_500 }, (_, i) => ({
    kind: i % TRACE_KINDS.length,
    node: i,
    subject: -1,
  }));
  log.append(columns(many), ["why"]);
  expect(log.length + log.dropped).toBe(3_500);
  expect(log.length).toBeLessThanOrEqual(2_000);
  expect(log.row(log.length - 1)).toMatchObject({ node: 3_499, seconds: 3_499, reason: "why" });
  expect(log.row(0).node).toBe(log.dropped);
});
