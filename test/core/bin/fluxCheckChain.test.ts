import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Ended, runProgram } from "../../support/program.ts";
import { type Changeable, Copies, labRecordings } from "../../support/recordings.ts";
import { vectorPath } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const NETWORK = "test/vectors/labnet/params.json";

const check = (...args: string[]): Promise<Ended> => runProgram("core/bin/flux-check.ts", "chain", ...args);
const checkLab = (...files: string[]): Promise<Ended> => check("--params", NETWORK, ...files);

vectorTest(
  "all recordings of the laboratory network pass, and nothing is shown but a line a file",
  async () => {
    const files = labRecordings();
    const { code, stdout, stderr } = await checkLab(...files);
    expect(stderr).toBe("");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.at(-1)).toBe("9077 passed, 0 failed");
    expect(lines).toHaveLength(files.length + 1);
    for (const file of files) expect(stdout).toContain(`${file} (`);
    expect(code).toBe(0);
  },
);

describe("built-in networks", () => {
  for (const [network, file, passed] of [
    ["test", "testnet-chain.jsonl", 961],
    ["regtest", "regtest-chain.jsonl", 131],
  ] as const) {
    vectorTest(network, async () => {
      const path = vectorPath(`labnet/${file}`);
      const { code, stdout } = await check("--params", network, path);
      expect(stdout).toBe(`${path} (chain): ${passed} passed, 0 failed\n${passed} passed, 0 failed\n`);
      expect(code).toBe(0);
    });
  }
});

vectorTest("failures are printed up to the limit and are all in the JSON; the code is 1", async () => {
  const spoil = (lines: Changeable[]) => {
    for (const line of lines.slice(1)) line.subsidy = "7";
  };
  const chain = new Copies().chain(10, spoil);
  const { code, stdout } = await checkLab(chain, "--limit", "2");
  const [first, second, third, ...rest] = stdout.split("\n");
  expect(first).toBe(`FAIL chain ${chain} line 2 height 1: expected subsidy 7, got subsidy 1302000000000000`);
  expect(second).toContain("line 3 height 2: expected subsidy 7");
  expect(third).toBe(`FAIL chain ${chain}: 8 more (--limit 10 shows them)`);
  expect(rest).toEqual([`${chain} (chain): 1 passed, 10 failed`, "1 passed, 10 failed", ""]);
  expect(code).toBe(1);

  const json = await checkLab(chain, "--limit", "2", "--json");
  const outcome = JSON.parse(json.stdout);
  expect(outcome).toMatchObject({ passed: 1, failed: 10, cannotTell: 0, problems: [] });
  expect(outcome.files[0]).toMatchObject({ file: chain, kind: "chain", cannotTell: [] });
  expect(outcome.files[0].failures[9].case).toBe("line 11 height 10");
  expect(json.code).toBe(1);
});

describe("what cannot be checked ends with code 2 and says what to do", () => {
  const labFile = (name: string) => vectorPath(`labnet/${name}`);

  /** Files of a case, and what is said of them. */
  const cases: readonly (readonly [string, (copies: Copies) => string[], RegExp])[] = [
    ["no such file", () => ["/nowhere/chain.jsonl"], /^\/nowhere\/chain\.jsonl: there is no such file$/],
    [
      "a chain that ends within a line",
      (copies) => [copies.write("cut.jsonl", readFileSync(copies.chain(5), "utf8").slice(0, -50))],
      /cut\.jsonl: line 6: not JSON: Unterminated string/,
    ],
    [
      "a chain that begins later",
      (copies) => [copies.chain(5, (lines) => lines.splice(0, 2))],
      /chain-a\.jsonl: line 1\.height: expected 0: a chain begins with its genesis block, got 2$/,
    ],
    [
      "a chain of another network",
      () => [labFile("regtest-chain.jsonl")],
      /line 1: expected the genesis block of network labnet, 00f6b1.*, got 019987.*; is --params right\?$/,
    ],
    [
      "a genesis block that is none",
      (copies) => [copies.chain(5, (lines) => (lines[0].hex = "00"))],
      /line 1: expected a block, got header\.version at byte 0: end of data/,
    ],
    [
      "a reorganisation without its chain",
      (copies) => [copies.json("reorg-01-pow-digishield-1v2.json", (reorg) => reorg)],
      /1v2\.json: forkHash: no chain has this block: 0003d4.*; give the chain file .*\("chain": "chain-a"\) too/,
    ],
    [
      "states without their chain",
      (copies) => [copies.lines("fluxnode-states.jsonl", 4)],
      /states\.jsonl: line 2\.hash: no chain has this block: 000bc9.*; give the chain file/,
    ],
    ["a network as a file", () => [NETWORK], /params\.json: this is a network file: give it as --params/],
    [
      "a recording of another kind",
      () => [labFile("rpc-samples.json")],
      /rpc-samples\.json: of none of the formats chain, states, fluxnode-rpc, reorg, .*; it begins with /,
    ],
    ["nothing", (copies) => [copies.write("empty.jsonl", "\n")], /empty\.jsonl: there is nothing in it$/],
    ["a number", (copies) => [copies.write("three.json", "3")], /three\.json: expected objects; see --help/],
    [
      "a table of nodes that is none",
      (copies) => [
        copies.lines("fluxnode-states.jsonl", 4, ([head]) => delete head.nodes[0].tier),
        copies.chain(325),
      ],
      /as states: line 1\.nodes\[0\]: expected an object with "tier", got one with collateral/,
    ],
  ];

  for (const [name, files, message] of cases) {
    vectorTest(name, async () => {
      const copies = new Copies();
      const { code, stderr } = await checkLab(...files(copies));
      expect(stderr.trimEnd()).toMatch(message);
      expect(code).toBe(2);
    });
  }

  vectorTest("beside files that pass", async () => {
    const chain = new Copies().chain(5);
    const { code, stdout, stderr } = await checkLab("/nowhere.json", chain);
    expect(stdout).toBe(`${chain} (chain): 6 passed, 0 failed\n6 passed, 0 failed\n`);
    expect(stderr).toBe("/nowhere.json: there is no such file\n");
    expect(code).toBe(2);
  });

  test.each([
    [["a.jsonl"], /chain needs --params: main, test, regtest or a network file such as params\.json/],
    [
      ["--params", "moon", "a.jsonl"],
      /moon: the network file cannot be read \(ENOENT\); networks without .* main,/,
    ],
    [["--params", "package.json", "a.jsonl"], /package\.json: \d+ problems/],
    [
      ["--params", "main", "--expect", "valid", "a.jsonl"],
      /--expect goes with script and tx, not with chain/,
    ],
    [["--params", "main", "--limit", "x", "a.jsonl"], /'x' is invalid. A whole number is expected/],
  ])("%j", async (args, message) => {
    const { code, stderr } = await check(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test("--params with another kind", async () => {
    const { code, stderr } = await runProgram("core/bin/flux-check.ts", "tx", "--params", "main", "a.json");
    expect(stderr).toMatch(/--params goes with chain, not with tx/);
    expect(code).toBe(2);
  });
});

test("--help names the formats and has examples", async () => {
  const { stdout } = await check("--help");
  for (const word of ["--params <network>", "--limit <n>", "invalid-blocks", "mempool", "cannot tell"])
    expect(stdout).toContain(word);
  expect(stdout).toMatch(/npm run flux-check -- chain --params .*params\.json .*chain-a\.jsonl/);
});
