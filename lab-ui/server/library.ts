import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The YAML files of a folder that comes with the lab, by name without the ending. */
export const yamlFiles = (folder: string): readonly { readonly name: string; readonly path: string }[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ name: file.slice(0, -".yaml".length), path: join(folder, file) }));
