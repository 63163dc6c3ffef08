import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readVectorText } from "../../support/committedVectors.ts";
import { readLabChain } from "../../support/labChain.ts";
import { runProgram, temporaryFolder } from "../../support/program.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// npm run sim: runs that go on from a recorded chain, and runs in which checkers find something.

const sim = (...args: string[]) => runProgram("sim/bin/flux-sim.ts", ...args);

const REHEARSAL = `fidelity: network
name: rehearsal
title: A rehearsal on a recorded chain
network: labnet.json
nodes: 4
run: 3 min
blockInterval: 20 s
topology: { random: 2 }
check: true
`;

/** A folder with the network, a scenario and the first blocks of the recorded chain, and arguments that name them. */
function prepared(blocks: number): { readonly folder: string; readonly args: string[] } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "labnet.json"), readVectorText("labnet/params.json"));
  writeFileSync(join(folder, "rehearsal.yaml"), REHEARSAL);
  const lines = readLabChain()
    .slice(0, blocks)
    .map(({ line }) => JSON.stringify(line));
  writeFileSync(join(folder, "chain.jsonl"), lines.join("\n"));
  return { folder, args: [join(folder, "rehearsal.yaml"), "--from", join(folder, "chain.jsonl")] };
}

vectorTest("a run on a recorded chain says where it began, and is the same in a thread", async () => {
  const { folder, args } = prepared(500);
  const at = [...args, "--from-height", "450", "--out", join(folder, "run")];
  const { code, stdout } = await sim(...at);
  expect(code).toBe(0);
  expect(stdout).toContain("All nodes began with a recorded chain up to height 450");
  expect(stdout).toContain("checks  nothing found");
  expect(stdout).toMatch(/repeat .*--from .*chain.jsonl --from-height 450/);
  const report = readFileSync(join(folder, "run", "report.html"), "utf8");
  expect(report).toContain("What checkers found");
  const inWorker = JSON.parse((await sim(...at, "--json", "--worker")).stdout) as Record<string, unknown>;
  expect(stdout).toContain(`digest  ${inWorker["digest"]}`);
  expect(inWorker["start"]).toMatchObject({ height: 450 });
  expect(inWorker["findings"]).toEqual([]);
  const moment = await sim(...args, "--at", "2 min");
  expect(moment.stdout).toMatch(/seconds +120/);
  expect(Number(/lowestTip +(\d+)/.exec(moment.stdout)?.[1])).toBeGreaterThan(498);
});

vectorTest("what does not fit is refused with code 2", async () => {
  const { args } = prepared(300);
  for (const [more, expected] of [
    [["--from-height", "600"], /chain.jsonl: expected a height from 1 to 299/],
    [["--from-height", "many"], /--from-height: expected a height, got "many"/],
    [["--from", "nowhere"], /nowhere: there is no such file/],
  ] as const) {
    const { code, stderr } = await sim(...args, ...more);
    expect(stderr).toMatch(expected);
    expect(code).toBe(2);
  }
});

test("what checkers find is told, and ends the program with code 1", async () => {
  const folder = temporaryFolder();
  // Nothing is wrong with nodes that cannot come together: but the checkers ask for it at the end.
  const parted = REHEARSAL.replace("labnet.json", "lab")
    .replace("run: 3 min", "run: 15 min")
    .concat("faults:\n  - { fault: partition, at: 1 min, for: 14 min, nodes: { share: 1 in 2 } }\n");
  writeFileSync(join(folder, "parted.yaml"), parted);
  const args = [join(folder, "parted.yaml"), "--out", join(folder, "run")];
  const { code, stdout } = await sim(...args);
  expect(stdout).toMatch(
    /checks {2}\d+ findings?\n(?: {2}15 min {2}convergence.*\n)* {2}15 min {2}convergence \(node \d, height \d+\): /,
  );
  expect(code).toBe(1);
  const asJson = await sim(...args, "--json");
  expect(asJson.code).toBe(1);
  const { findings } = JSON.parse(asJson.stdout) as { findings: { checker: string }[] };
  expect(findings[0]?.checker).toBe("convergence");
  expect(readFileSync(join(folder, "run", "report.html"), "utf8")).toContain("convergence");
});
