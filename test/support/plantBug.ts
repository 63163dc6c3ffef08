import { registerHooks } from "node:module";
import { plantedBug } from "./plantedBugs.ts";

// Loaded before a program (`node --import`): gives it one file of the sources with a bug in it. The files themselves stay as they
// are, and what is shipped knows nothing of this.

const name = process.env["FLUX_LAB_PLANTED_BUG"];
if (name === undefined) throw new Error("FLUX_LAB_PLANTED_BUG names a bug of test/support/plantedBugs.ts");
const { file, right, wrong } = plantedBug(name);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/${file}`)) return loaded;
    const source = String(loaded.source);
    if (source.split(right).length !== 2) throw new Error(`${file}: expected once: ${right}`);
    return { ...loaded, source: source.replace(right, wrong) };
  },
});
