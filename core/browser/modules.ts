import { type HostLack, loadEquihash, type WasmEquihash } from "@fluxlab/core";
import type { SolverModule } from "../threads/messages.ts";

// The built modules, by addresses that a bundler finds and follows.

const ADDRESSES: Readonly<Record<SolverModule | "equihash", URL>> = {
  equihash: new URL("../dist-wasm/equihash.wasm", import.meta.url),
  equihashSolver: new URL("../dist-wasm/equihashSolver.wasm", import.meta.url),
  equihashSolverShared: new URL("../dist-wasm/equihashSolverShared.wasm", import.meta.url),
};

/** The module `name`. @throws Error if the server does not have it */
export async function fetchModule(name: SolverModule | "equihash"): Promise<Uint8Array> {
  const address = ADDRESSES[name];
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Equihash in WebAssembly, or what the browser lacks for it: verification in TypeScript works without. */
export const browserEquihash = async (): Promise<WasmEquihash | HostLack> =>
  loadEquihash(await fetchModule("equihash"));
