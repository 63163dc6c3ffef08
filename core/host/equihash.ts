import { readFileSync } from "node:fs";
import { loadEquihash, type WasmEquihash } from "@fluxlab/core";

/** The built module `name`. Set-up builds them, by core/assembly/build.mjs. */
export const readModule = (name: string): Uint8Array =>
  readFileSync(new URL(`../dist-wasm/${name}.wasm`, import.meta.url));

/** Equihash in WebAssembly. @throws Error on an engine without it, which runs no program of this project */
export function nodeEquihash(): WasmEquihash {
  const loaded = loadEquihash(readModule("equihash"));
  if (typeof loaded === "string") throw new Error(`This Node.js lacks ${loaded}`);
  return loaded;
}
