import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** The file at `entry` and all it imports as one module; with `name`, as a script that leaves the exports under that name. */
export async function bundle(entry: URL, name?: string): Promise<string> {
  const build = await rolldown({ input: fileURLToPath(entry), platform: "browser" });
  const { output } = await build.generate(name === undefined ? { format: "esm" } : { format: "iife", name });
  await build.close();
  return output[0].code;
}
