import { describe, expect, test } from "vitest";
import { FaultBook } from "../../../testnet/src/fleet/faultBook.ts";

describe("the book of a testnet's faults", () => {
  test("has what is in force, and until when the rest was", () => {
    const book = new FaultBook();
    const cut = book.begin({ partition: [[0], [1, 2]], for: "5 s" }, 10, 12);
    book.begin({ kill: [2, 1] }, 20, 25);
    expect(book.faults.map(({ from, to }) => [from, to])).toEqual([
      [10, undefined],
      [20, undefined],
    ]);
    book.end(cut, 5_012);
    expect(book.faults[0]).toEqual({
      ...{ kind: "partition", text: "partition [[0],[1,2]] for 5 s", from: 10, to: 5_012 },
      ...{ nodes: [0, 1, 2], cutOff: [[0], [1, 2]] },
    });
    expect(book.faults[1]).toMatchObject({ nodes: [1, 2], cutOff: [], to: undefined });
  });

  test("ends what others put in order: links by heal, processes by start once all of them run", () => {
    const book = new FaultBook();
    book.begin({ unplug: [3] }, 0, 0);
    book.begin({ links: { latency: "1 s" } }, 0, 0);
    book.begin({ stop: [0, 1] }, 0, 0);
    book.begin({ clock: { nodes: [2], offset: "9 s" } }, 0, 0);
    book.begin({ start: [1] }, 50, 60);
    expect(book.faults.map(({ to }) => to)).toEqual([undefined, undefined, undefined, undefined, 50]);
    book.begin({ start: [0, 1, 2] }, 70, 80);
    book.begin({ heal: "links" }, 90, 100);
    expect(book.faults.slice(0, 4).map(({ to }) => to)).toEqual([100, 100, 80, undefined]);
    expect(book.faults[0]!.cutOff).toEqual([[3]]);
  });

  test("a fault that was put in order before its time stays so", () => {
    const book = new FaultBook();
    const place = book.begin({ partition: [[0]], for: "60 s" }, 0, 0);
    book.begin({ heal: "links" }, 10, 10);
    book.end(place, 60_000);
    expect(book.faults[place]!.to).toBe(10);
  });
});
