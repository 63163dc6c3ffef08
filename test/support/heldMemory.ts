import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Where the engine keeps the program and what it compiles of it, which grows for as long as it learns. */
const PROGRAM = /^(read_only|code|trusted|shared_trusted)_/;

/** Bytes of objects and array buffers that are alive in this thread, without the program itself. */
export function heldMemory(): number {
  // Buffers of the dead are freed beside the collection that finds them; the next one waits for that.
  for (let i = 0; i < 3; i++) collectGarbage();
  const objects = getHeapSpaceStatistics().filter(({ space_name }) => !PROGRAM.test(space_name));
  const heap = objects.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
  return heap + process.memoryUsage().arrayBuffers;
}
