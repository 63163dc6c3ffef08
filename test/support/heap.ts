import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Runs a full collection now. */
const collectGarbage = runInNewContext("gc") as () => void;

/** Heap bytes after `work` more than before, garbage included unless a collection fell in between. */
export function heapGrowth(work: () => unknown): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  work();
  return process.memoryUsage().heapUsed - before;
}

/** Heap bytes that what `make` returns keeps alive. */
export function heapRetained(make: () => unknown): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = make();
  collectGarbage();
  const after = process.memoryUsage().heapUsed;
  return kept === undefined ? 0 : after - before; // looked at here so that it lives until now
}

/** Bytes that what `make` returns keeps alive, on the heap and in array buffers. */
export function memoryRetained(make: () => unknown): number {
  const used = (): number => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const kept = make();
  const after = used();
  return kept === undefined ? 0 : after - before; // looked at here so that it lives until now
}
