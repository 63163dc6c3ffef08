import { assert } from "../../util/assert.ts";
import { MAX_EQUIHASH_INPUT_BYTES } from "./digests.ts";
import { type EquihashShape, equihashShape } from "./params.ts";
import type { EquihashSolver } from "./solve.ts";
import { EQUIHASH_FAULTS, type EquihashClaim, type EquihashFault, type EquihashVerifier } from "./verify.ts";

// The fast form of Equihash: WebAssembly built from core/assembly/equihash. A host reads the module and hands its bytes in.

/** What a host lacks. The plain form verifies everywhere; solvers for large parameters have no other form. */
export type HostLack =
  /** No WebAssembly at all. */
  | "webAssembly"
  /** The module is not valid here: an engine from before 2022 that knows no SIMD, or bytes that are no module. */
  | "simd"
  /** No memory that threads could share; one thread needs none. */
  | "sharedMemory";

/** An instance of the module in `bytes`, its exports as the caller knows them, or what the host lacks for it. */
export function instantiate<Exports>(bytes: Uint8Array, memory?: unknown): Exports | HostLack {
  if (typeof WebAssembly === "undefined") return "webAssembly";
  if (!WebAssembly.validate(bytes)) return "simd";
  const imports = memory === undefined ? undefined : { env: { memory } };
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as Exports;
}

/** Exports of core/assembly/equihash/equihash.ts. */
interface EquihashExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly CLAIMS_MAX: { readonly value: number };
  readonly CLAIM_BYTES: { readonly value: number };
  readonly CLAIM_INPUT: { readonly value: number };
  readonly CLAIM_SOLUTION: { readonly value: number };
  readonly claims: { readonly value: number };
  checkClaims(count: number): void;
  readonly solveInput: { readonly value: number };
  solveSmall(n: number, k: number, inputBytes: number): number;
  solutionList(i: number, k: number): number;
  lostRows(): number;
}

/** Verification, and solving for small parameters, in WebAssembly. Verdicts and solutions are those of the plain forms. */
export interface WasmEquihash extends EquihashVerifier {
  /** A solver for (48, 5) or (96, 5); undefined for other parameters, which need memory of their own. */
  smallSolver(params: EquihashClaim["params"]): EquihashSolver | undefined;
}

/** `bytes`: the module equihash.wasm. */
export function loadEquihash(bytes: Uint8Array): WasmEquihash | HostLack {
  const wasm = instantiate<EquihashExports>(bytes);
  if (typeof wasm === "string") return wasm;
  const checkAll = (claims: readonly EquihashClaim[]) => checkClaims(wasm, claims);
  return {
    check: (claim) => checkAll([claim])[0],
    checkAll,
    smallSolver(params) {
      const shape = equihashShape(params);
      if (shape === undefined || shape.n > 96) return undefined;
      return { solve: (input) => solveSmall(wasm, shape, input) };
    },
  };
}

/** Judges `claims` in as few calls as the module has room for; those of a wrong form never get that far. */
function checkClaims(wasm: EquihashExports, claims: readonly EquihashClaim[]): (EquihashFault | undefined)[] {
  const verdicts = claims.map(faultOfForm);
  const wellFormed: number[] = [];
  for (let i = 0; i < claims.length; i++) if (verdicts[i] === undefined) wellFormed.push(i);
  const roundClaims = wasm.CLAIMS_MAX.value;
  for (let start = 0; start < wellFormed.length; start += roundClaims) {
    const round = wellFormed.slice(start, start + roundClaims);
    for (const [place, i] of round.entries()) writeClaim(wasm, place, claims[i]!);
    wasm.checkClaims(round.length);
    for (const [place, i] of round.entries()) verdicts[i] = readVerdict(wasm, place);
  }
  return verdicts;
}

function faultOfForm({ params, input, solution }: EquihashClaim): EquihashFault | undefined {
  assert(input.length <= MAX_EQUIHASH_INPUT_BYTES, `an input has ${input.length} bytes`);
  const shape = equihashShape(params);
  if (shape === undefined) return "unknownParameters";
  return solution.length === shape.solutionBytes ? undefined : "length";
}

const claimAddress = ({ claims, CLAIM_BYTES }: EquihashExports, place: number): number =>
  claims.value + place * CLAIM_BYTES.value;

function writeClaim(wasm: EquihashExports, place: number, { params, input, solution }: EquihashClaim): void {
  const claim = claimAddress(wasm, place);
  const bytes = new Uint8Array(wasm.memory.buffer);
  new Uint32Array(wasm.memory.buffer, claim, 3).set([params.n, params.k, input.length]);
  bytes.set(input, claim + wasm.CLAIM_INPUT.value);
  bytes.set(solution, claim + wasm.CLAIM_SOLUTION.value);
}

/** The module's verdict is a place in the list of faults; zero, which is no fault it can find, means valid. */
function readVerdict(wasm: EquihashExports, place: number): EquihashFault | undefined {
  const [verdict] = new Uint32Array(wasm.memory.buffer, claimAddress(wasm, place), 1);
  return verdict === 0 ? undefined : EQUIHASH_FAULTS[verdict!];
}

function solveSmall(wasm: EquihashExports, { n, k, indices }: EquihashShape, input: Uint8Array): number[][] {
  assert(input.length <= MAX_EQUIHASH_INPUT_BYTES, `an input has ${input.length} bytes`);
  new Uint8Array(wasm.memory.buffer).set(input, wasm.solveInput.value);
  const count = wasm.solveSmall(n, k, input.length);
  assert(wasm.lostRows() === 0, "the rows of every round fit the room the solver made for them");
  return Array.from({ length: count }, (_, i) =>
    Array.from(new Uint32Array(wasm.memory.buffer, wasm.solutionList(i, k), indices)),
  );
}
