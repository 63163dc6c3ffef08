import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder, absolute. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Text of a file named by its path from the root. */
export const readRepositoryFile = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Paths from the root, with "/", of the TypeScript files that people wrote in a folder and below it, sorted. */
export const typeScriptFiles = (folder: string): string[] => repositoryFiles(folder, ".ts");

/** Files below a folder, by path from the root, whose names end so; none of other people's, none made by a build. */
export const repositoryFiles = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(ending) && !/\/(?:node_modules|generated)\//.test(path))
    .sort();
