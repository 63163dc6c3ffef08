import {
  type EquihashSolver,
  loadEquihash,
  loadSolver,
  newSolverMemory,
  plainSolver,
  singleThreadSolver,
  wireHex,
} from "@fluxlab/core";
import { difficultyKind } from "../../core/host/check/difficulty.ts";
import { equihashKind } from "../../core/host/check/equihash.ts";
import { agree, type Case, rowCase } from "../../core/host/check/kind.ts";
import { Field } from "../../core/host/field.ts";
import { orThrow } from "../../core/threads/orThrow.ts";
import { type EquihashVectors, puzzleInput, solutionSet } from "../support/equihashVectors.ts";
import { bigintCases } from "./bigintCases.ts";

// Every case of equihash.json and difficulty.json, in both forms of each: one call that knows no host, so that the same code
// runs in all of them.

export interface RecordedFiles {
  /** The files, as JSON has them. */
  readonly equihash: unknown;
  readonly difficulty: unknown;
  /** The modules equihash and equihashSolver, in hex. */
  readonly modules: { readonly equihash: string; readonly solver: string };
}

/** One case in one form; `failure` says what was expected and what came, null that they are the same. */
export interface RecordedOutcome {
  readonly name: string;
  readonly failure: string | null;
}

/** Checks them all. */
export function checkRecorded({ equihash, difficulty, modules }: RecordedFiles): RecordedOutcome[] {
  const wasm = orThrow(loadEquihash(wireHex(modules.equihash)));
  const sets = new Field(equihash).get("solutionSets").items();
  const bucketed = bucketedSolver(modules.solver);
  const plain = plainSolver({ n: 96, k: 5 })!;
  const file = (name: string, root: unknown) => ({ name, root: new Field(root), expect: undefined });
  return [
    ...outcomes("equihash.json, both forms", equihashKind(wasm).cases(file("equihash.json", equihash))),
    ...outcomes("equihash.json, bucketed solver", sets.map(solvedBy(bucketed))),
    ...outcomes("equihash.json, TypeScript solver", sets.map(solvedBy(plain))),
    ...outcomes("difficulty.json, limbs", difficultyKind.cases(file("difficulty.json", difficulty))),
    ...outcomes("difficulty.json, bigint", bigintCases(new Field(difficulty))),
  ];
}

function outcomes(form: string, cases: Iterable<Case>): RecordedOutcome[] {
  return [...cases].map((each) => {
    const { passed, expected, got } = each.check();
    return { name: `${form}: ${each.name}`, failure: passed ? null : `expected ${expected}, got ${got}` };
  });
}

/** The solver for what is to be mined, on parameters small enough to be listed. */
function bucketedSolver(module: string): EquihashSolver {
  const thread = orThrow(loadSolver(wireHex(module), orThrow(newSolverMemory(false)), { n: 96, k: 5 }));
  if (!thread.reserve()) throw new Error("this host has no memory for the solver of (96, 5)");
  return singleThreadSolver(thread);
}

const solvedBy =
  (solver: EquihashSolver) =>
  (row: Field): Case =>
    rowCase(row, () => {
      const set = row.value as EquihashVectors["solutionSets"][number];
      return agree(
        { allSolutions: solutionSet(set.allSolutions) },
        { allSolutions: solutionSet(solver.solve(puzzleInput(set))!) },
      );
    });
