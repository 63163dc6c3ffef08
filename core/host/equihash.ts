import { readFileSync } from "node:fs";
import { type HostLack, loadEquihash, type WasmEquihash } from "@fluxlab/core";

/** The built module `name`. Set-up builds them, by core/assembly/build.mjs. */
export const readModule = (name: string): Uint8Array =>
  readFileSync(new URL(`../dist-wasm/${name}.wasm`, import.meta.url));

/** What was loaded. @throws Error on an engine that lacks something; those that run this project lack nothing */
export function orThrow<T>(loaded: T | HostLack): T {
  if (typeof loaded === "string") throw new Error(`This Node.js lacks ${loaded}`);
  return loaded as T;
}

/** Equihash in WebAssembly. */
export const nodeEquihash = (): WasmEquihash => orThrow(loadEquihash(readModule("equihash")));
