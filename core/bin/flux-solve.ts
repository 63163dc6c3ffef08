import { availableParallelism } from "node:os";
import { packIndices, SOLVER_THREADS_MAX, toWireHex } from "@fluxlab/core";
import { Command } from "commander";
import { InputError, runCommand } from "../host/commandLine.ts";
import {
  nextPuzzle,
  nonceOf,
  parseCount,
  parseParams,
  randomPuzzle,
  readPuzzle,
} from "../host/solve/puzzle.ts";
import { type Search, startSearch } from "../host/solve/search.ts";
import { StatusLine } from "../host/statusLine.ts";

// npm run solve: find Equihash solutions of a header.

interface Options {
  readonly params: string;
  readonly header?: string;
  readonly random?: true;
  readonly threads?: string;
  readonly nonces: string;
}

const NONCES_MAX = 1_000_000;

const HELP = `
A header is hex: 108 bytes without its nonce, or 140 with it; a solution behind it is left out. "-" reads standard input.
The first four bytes of the nonce, little-endian, count up. Each solution is a line: nonce, then solution, both in hex.

Examples:
  npm run solve -- --params 125,4 --random
  npm run solve -- --params 144,5 --header header.hex --nonces 10 --threads 1
  npm run --silent solve -- --params 48,5 --random --nonces 100 > solutions.txt

Exit codes: 0 done (there may be no solution), 2 something to change (argument, file, memory), 130 interrupted.`;

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MiB`;

async function run(options: Options): Promise<void> {
  const shape = parseParams(options.params);
  const most = Math.min(availableParallelism(), SOLVER_THREADS_MAX);
  const threads =
    options.threads === undefined ? most : parseCount("--threads", options.threads, SOLVER_THREADS_MAX);
  const nonces = parseCount("--nonces", options.nonces, NONCES_MAX);
  if ((options.header === undefined) === (options.random === undefined)) {
    throw new InputError("expected either --header FILE or --random");
  }
  const puzzle = options.header === undefined ? randomPuzzle() : readPuzzle(options.header);
  const search = startSearch(shape, threads);
  console.error(
    `(${shape.n}, ${shape.k}), ${search.threads === 1 ? "1 thread" : `${search.threads} threads`}, ${mebibytes(search.memoryBytes)}`,
  );
  if (options.random === true) console.error(`header ${toWireHex(puzzle)}`);
  try {
    await solveAll(search, puzzle, nonces, (indices) => toWireHex(packIndices(indices, shape)));
  } finally {
    await search.close();
  }
}

async function solveAll(
  search: Search,
  first: Uint8Array,
  nonces: number,
  solutionText: (indices: readonly number[]) => string,
): Promise<void> {
  const startMs = performance.now();
  const status = new StatusLine(process.stderr);
  let found = 0;
  const speed = (): string => {
    const seconds = (performance.now() - startMs) / 1_000;
    return `${found} solutions  ${(found / seconds).toFixed(2)} Sol/s`;
  };
  for (let tried = 0; tried < nonces; tried++) {
    const puzzle = nextPuzzle(first, tried);
    const onProgress = (share: number) =>
      status.update(() => `nonce ${tried + 1} of ${nonces}  ${Math.floor(share * 100)} %  ${speed()}`);
    const { solutions, lostRows } = await search.solve(puzzle, { signal: controller.signal, onProgress });
    status.clear();
    found += solutions.length;
    for (const indices of solutions) console.log(`${toWireHex(nonceOf(puzzle))} ${solutionText(indices)}`);
    if (lostRows > 0) console.error(`${lostRows} rows found no room; a solution may be missing`);
  }
  const seconds = (performance.now() - startMs) / 1_000;
  console.error(
    `${nonces} nonces in ${seconds.toFixed(2)} s  ${speed()}  ${mebibytes(process.memoryUsage().rss)} used`,
  );
}

const controller = new AbortController();
const program = new Command("npm run solve --")
  .description("Finds all Equihash solutions of a header, nonce by nonce.")
  .requiredOption("--params <n,k>", "parameter set: 200,9 144,5 125,4 96,5 48,5")
  .option("--header <file>", "file with a header in hex")
  .option("--random", "a random header instead")
  .option("--threads <count>", `threads, at most ${SOLVER_THREADS_MAX} (default: one a core)`)
  .option("--nonces <count>", "nonces to try", "1")
  .addHelpText("after", HELP)
  .showHelpAfterError("(npm run solve -- --help shows examples)")
  .action(run);
await runCommand(program, controller);
