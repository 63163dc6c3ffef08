import {
  EQUIHASH_SHAPES,
  EquihashDigests,
  type EquihashParams,
  type EquihashShape,
  equihashShape,
  expandBits,
  packBits,
  packIndices,
  plainEquihash,
  sha256d,
  toDisplayHex,
  toWireHex,
  unpackIndices,
  type WasmEquihash,
  Writer,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { agree, groupCases, hasGroup, type Kind, type Outcome } from "./kind.ts";

// Equihash as in README-consensus.md, verified in both forms: plain TypeScript and WebAssembly, whose module the host brings.

const NUMBER_MAX = 0xffff_ffff;

const paramsOf = (row: Field): EquihashParams => ({ n: row.get("n").u32(), k: row.get("k").u32() });

/** @throws FormatError for parameters that nobody defined */
function shapeOf(row: Field): EquihashShape {
  const known = EQUIHASH_SHAPES.map(({ n, k }) => `(${n}, ${k})`).join(" ");
  return equihashShape(paramsOf(row)) ?? row.get("n").fail(`n and k of one of ${known}`);
}

/** Input and nonce together. @throws FormatError if that is more than any header */
function inputOf(row: Field): Uint8Array {
  const input = row.get("input").bytes();
  const nonce = row.get("nonce").bytes();
  const whole = new Uint8Array(input.length + nonce.length);
  whole.set(input);
  whole.set(nonce, input.length);
  return whole.length <= 256 ? whole : row.get("input").fail("at most 256 bytes with the nonce");
}

/** What both forms say, and a word for it if they do not say the same. */
function verdict(fast: WasmEquihash, row: Field, input: Uint8Array, solution: Uint8Array): string {
  const claim = { params: paramsOf(row), input, solution };
  const plain = plainEquihash.check(claim) ?? "valid";
  const quick = fast.check(claim) ?? "valid";
  return plain === quick ? plain : `${plain} in TypeScript, ${quick} in WebAssembly`;
}

/** Whether bytes are numbers below 2^`width`, each in `groupBytes` bytes; numbers have at most 25 bits. */
function hasGroups(bytes: Uint8Array, width: number, groupBytes: number): boolean {
  if (bytes.length % groupBytes !== 0) return false;
  for (let at = 0; at < bytes.length; at += groupBytes) {
    const value = bytes.subarray(at, at + groupBytes).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value >= 2 ** width) return false;
  }
  return true;
}

/** Expansion and packing of groups of bits. */
function checkArray(row: Field): Outcome {
  const width = row.get("bitLen").integer(8, 25);
  const pad = row.get("bytePad").integer(0, 8);
  const compact = row.get("compact").bytes();
  const expanded = row.get("expanded").bytes();
  if (!hasGroups(expanded, width, Math.ceil(width / 8) + pad))
    return row.get("expanded").fail(`groups of ${width} bits, each in whole bytes after ${pad} zero bytes`);
  return agree(
    { expanded: toWireHex(expanded), compact: toWireHex(compact) },
    {
      expanded: toWireHex(expandBits(compact, width, pad)),
      compact: toWireHex(packBits(expanded, width, pad)),
    },
  );
}

/** Indices and their packed form. */
function checkMinimal(row: Field): Outcome {
  const indexBits = row.get("collisionBitLength").integer(7, 24) + 1;
  const max = Math.min(NUMBER_MAX, 2 ** indexBits - 1);
  const indices = row
    .get("indices")
    .items()
    .map((index) => index.integer(0, max));
  const minimal = row.get("minimal").bytes();
  if (minimal.length * 8 !== indices.length * indexBits)
    return row.get("minimal").fail("as many bits as the indices have");
  const shape = { indexBits, indices: indices.length };
  return agree(
    { minimal: toWireHex(minimal), indices: indices.join() },
    { minimal: toWireHex(packIndices(indices, shape)), indices: unpackIndices(minimal, shape).join() },
  );
}

/** The complete set of solutions of a small puzzle, in any order. */
function checkSolutionSet(fast: WasmEquihash, row: Field): Outcome {
  const solver = fast.smallSolver(shapeOf(row)) ?? row.get("n").fail("parameters of a small solver");
  const listed = row
    .get("allSolutions")
    .items()
    .map((list) =>
      list
        .items()
        .map((index) => index.u32())
        .join(),
    );
  const found = (solver.solve(inputOf(row)) ?? []).map((indices) => indices.join());
  return agree({ allSolutions: listed.sort() }, { allSolutions: found.sort() });
}

/** The verdict on a solution, its reason, and its indices. */
function checkSolution(fast: WasmEquihash, row: Field): Outcome {
  const solution = row.get("solution").bytes();
  const expected = row.get("valid").flag() ? "valid" : row.get("reason").text();
  const indices = row
    .find("indices")
    ?.items()
    .map((index) => index.u32());
  const shape = equihashShape(paramsOf(row));
  const unpacked =
    shape !== undefined && solution.length === shape.solutionBytes
      ? unpackIndices(solution, shape)
      : undefined;
  return agree(
    { verdict: expected, indices: indices?.join() },
    { verdict: verdict(fast, row, inputOf(row), solution), indices: unpacked?.join() },
  );
}

/** A header with its solution: hash and proof. */
function checkHeader(fast: WasmEquihash, row: Field): Outcome {
  const input = row.get("headerWithoutSolution").bytes(140);
  const solution = row.get("solution").bytes();
  const writer = new Writer();
  writer.bytes(input);
  writer.varBytes(solution);
  return agree(
    { blockHash: toDisplayHex(row.get("blockHash").hash()), verdict: "valid" },
    { blockHash: toDisplayHex(sha256d(writer.view())), verdict: verdict(fast, row, input, solution) },
  );
}

/** One hash output, and the rows in it. */
function checkHashOutput(row: Field): Outcome {
  const shape = shapeOf(row);
  const digests = new EquihashDigests(shape, inputOf(row));
  const index = row.get("hashIndex").integer(0, (1 << shape.indexBits) - 1);
  const digest = digests.digest(index);
  const rows = Array.from({ length: shape.hashesPerDigest }, (_, i) =>
    toWireHex(digests.row(index * shape.hashesPerDigest + i)),
  );
  return agree(
    {
      digest: toWireHex(row.get("digest").bytes()),
      rows: row
        .get("rows")
        .items()
        .map((each) => each.text()),
    },
    { digest: toWireHex(digest), rows },
  );
}

const checks = (fast: WasmEquihash): Readonly<Record<string, (row: Field) => Outcome>> => ({
  arrays: checkArray,
  minimal: checkMinimal,
  solutionSets: (row) => checkSolutionSet(fast, row),
  solutions: (row) => checkSolution(fast, row),
  headers: (row) => checkHeader(fast, row),
  hashOutputs: checkHashOutput,
});

/** `fast`: Equihash in WebAssembly. */
export const equihashKind = (fast: WasmEquihash): Kind => ({
  name: "equihash",
  about: "Equihash: packing, hash outputs, solutions with their faults, complete sets of solutions, headers",
  recognises: (root) => hasGroup(root, ["solutionSets", "hashOutputs", "solutions"]),
  cases: ({ root }) => groupCases(root, checks(fast)),
});
