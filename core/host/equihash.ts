import { readFileSync } from "node:fs";
import { loadEquihash, type WasmEquihash } from "@fluxlab/core";
import { orThrow } from "../threads/orThrow.ts";

/** The built module `name`. Set-up builds them, by core/assembly/build.mjs. */
export const readModule = (name: string): Uint8Array =>
  readFileSync(new URL(`../dist-wasm/${name}.wasm`, import.meta.url));

/** Equihash in WebAssembly. */
export const nodeEquihash = (): WasmEquihash => orThrow(loadEquihash(readModule("equihash")));
