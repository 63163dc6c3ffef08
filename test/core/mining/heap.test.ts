import { expect, test } from "vitest";
import { Heap } from "../../../core/src/mining/heap.ts";

// What g++ 12's std::make_heap, pop_heap and push_heap made of these, ordered by key alone: after every third pop one of the late
// keys is pushed. Rows are named by their position, late ones going on from there.
const RECORDED = [
  { keys: [0], pops: [0], late: [] },
  { keys: [0, 1], pops: [1, 0], late: [] },
  { keys: [2, 3, 1], pops: [1, 0, 2, 3], late: [1] },
  { keys: [2, 2, 1, 0, 3], pops: [4, 1, 0, 5, 2, 3, 6], late: [2, 3] },
  { keys: [3, 0, 1, 0, 1, 0, 3, 1], pops: [6, 0, 2, 8, 4, 7, 5, 1, 3, 10, 9], late: [3, 0, 1] },
  {
    keys: [0, 0, 0, 1, 2, 3, 2, 0, 3, 2, 2, 3, 3],
    pops: [12, 5, 11, 8, 6, 13, 14, 4, 9, 10, 3, 2, 16, 15, 1, 17, 7, 0, 18],
    late: [2, 3, 0, 1, 1, 2],
  },
  {
    keys: [1, 0, 3, 0, 1, 1, 0, 1, 1, 1, 3, 2, 2, 2, 2, 3, 0, 1, 1, 1, 3, 0, 0, 2, 1, 0, 0, 3, 2, 2],
    pops: [
      27, 2, 10, 20, 15, 29, 31, 14, 28, 32, 12, 23, 11, 13, 33, 30, 0, 5, 24, 34, 17, 4, 9, 19, 18, 37, 8, 7,
      38, 21, 39, 1, 3, 40, 35, 26, 41, 25, 16, 22, 6, 36, 43, 42,
    ],
    late: [2, 3, 3, 2, 1, 0, 0, 1, 1, 2, 1, 3, 0, 2],
  },
];

test.each(RECORDED)("equals leave the heap as they leave the daemon's: $keys", ({ keys, pops, late }) => {
  const rows = keys.map((key, id) => ({ key, id }));
  const heap = new Heap(rows, (a, b) => a.key < b.key);
  const found: number[] = [];
  let next = keys.length;
  for (let row = heap.pop(); row !== undefined; row = heap.pop()) {
    found.push(row.id);
    const key = late[next - keys.length];
    if (found.length % 3 === 0 && key !== undefined) heap.push({ key, id: next++ });
  }
  expect(found).toEqual(pops);
});

test("an order may be changed on the way", () => {
  const heap = new Heap([3, 1, 2, 5, 4], (a, b) => a < b);
  expect([heap.pop(), heap.pop()]).toEqual([5, 4]);
  heap.reorder((a, b) => a > b);
  expect([heap.pop(), heap.pop(), heap.pop(), heap.pop()]).toEqual([1, 2, 3, undefined]);
});
