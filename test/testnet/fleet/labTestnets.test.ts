import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { junitXml, loadTestnet, outcomeText, succeeded } from "@fluxlab/testnet/fleet";
import { describe, expect, test } from "vitest";
import { runProgram, temporaryFolder } from "../../support/program.ts";

// The laboratory's own network on real processes: FluxNodes, users, checkers, and the simulator beside it.

const PROGRAM = "testnet/bin/flux-testnet.ts";
const LONG = 300_000;

function scenarioFile(fields: object = {}): string {
  const file = join(temporaryFolder(), "scenario.yaml");
  const scenario = {
    ...{ name: "lab", title: "A laboratory network", network: "lab", nodes: 3, run: "20 s" },
    ...{
      topology: {
        links: [
          [1, 0],
          [2, 1],
          [2, 0],
        ],
      },
      links: { latency: "20 ms" },
      blockInterval: "700 ms",
    },
    ...{ fluxnodes: { cumulus: 3, nimbus: 2, stratus: 1 } },
    traffic: { paymentsPerMinute: 60, fusionPerMinute: 30 },
    ...fields,
  };
  writeFileSync(file, JSON.stringify(scenario));
  return file;
}

test(
  "verify: three real nodes that are cut apart agree with the simulator in all that rules decide",
  async () => {
    const out = join(temporaryFolder(), "run");
    const root = temporaryFolder();
    const faults = [{ at: "3 s", partition: [[0], [1, 2]], for: "5 s" }];
    const expected = [
      "height >= 128 on all within 20 s",
      "tips = 1 from 8 s within 12 s",
      "refused = 0 on all always",
    ];
    const file = scenarioFile({ faults, expect: expected });
    const { code, stdout, stderr } = await runProgram(
      ...[PROGRAM, "verify", file, "--root", root, "--out", out, "--simulations", "2", "--json"],
    );
    if (stdout === "") throw new Error(stderr);
    const { ok, comparisons, simulations } = JSON.parse(stdout);
    const must = comparisons.filter(({ kind }: { kind: string }) => kind === "must");
    expect(must.filter(({ agrees }: { agrees: boolean }) => !agrees)).toEqual([]);
    expect(must.map(({ what }: { what: string }) => what)).toContain("FluxNodes paid");
    expect([ok, simulations, code]).toEqual([true, 2, 0]);
    expect(readdirSync(out).sort()).toEqual([
      ...["blocks.csv", "chain.dat", "junit.xml", "logs", "messages.csv", "observations.jsonl"],
      ...["outcome.json", "report.html", "run.json", "testnet.json", "verification.json"],
    ]);
    const outcome = JSON.parse(readFileSync(join(out, "outcome.json"), "utf8"));
    expect(outcome.traffic.sent).toBeGreaterThan(5);
    expect(outcome.findings).toEqual([]);
    const record = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
    expect(record).toMatchObject({ format: 1, fidelity: "network", nodes: 3 });
    expect(record.blocks.height.length).toBeGreaterThan(7);
    // Payments and locks came into blocks.
    expect(kindsIn(readFileSync(join(out, "observations.jsonl"), "utf8"))).toEqual(
      expect.arrayContaining(["block", "peer", "produced", "tip", "transaction"]),
    );
    expect(readdirSync(root)).toEqual([]);
  },
  LONG,
);

const kindsIn = (lines: string): string[] => [
  ...new Set(
    lines
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind),
  ),
];

describe("a run in which a checker finds something", () => {
  const finding = {
    checker: "payouts",
    message: "somebody was not paid",
    node: 2,
    height: 130,
    time: 4_000_000,
  };
  const run = {
    ...{ name: "lab", verdicts: [], crashes: [], events: [], lengthMs: 5_000, lateMs: 0, lab: undefined },
    ...{ mining: { made: 1, missed: 0 }, traffic: { sent: 0, refused: 0 }, findings: [finding] },
  };

  test("has failed, and says where and when", () => {
    expect(succeeded(run)).toBe(false);
    expect(succeeded({ ...run, findings: [] })).toBe(true);
    expect(succeeded({ ...run, findings: undefined })).toBe(true);
    expect(outcomeText(run)).toContain(
      "FAIL payouts: somebody was not paid (node 2, height 130, after 4.0 s)",
    );
  });

  test("is a failure for CI systems", () => {
    expect(junitXml([run])).toMatch(/<testsuite name="lab" tests="2" failures="1"/);
    expect(junitXml([run])).toContain('<failure message="payouts: somebody was not paid">');
    expect(junitXml([{ ...run, findings: undefined }])).toMatch(/tests="1" failures="0"/);
  });
});

test.each([
  [{ network: "regtest" }, /fluxnodes: expected no such field, or the network "lab"/],
  [{ late: [1] }, /late: expected an upgrade that they are late for/],
  [
    { late: [1], ponUpgrade: 3, faults: [{ upgrade: [2] }] },
    /faults\[0\]\.upgrade: expected nodes that are named as late/,
  ],
  [{ late: [3], ponUpgrade: 3 }, /late\[0\]: expected a node from 0 to 2, got 3/],
  [{ traffic: { paymentsPerMinute: -1 } }, /traffic\.paymentsPerMinute: expected a number of transactions/],
])("%j: the line and what to change", (fields, message) => {
  expect(() => loadTestnet(scenarioFile(fields))).toThrow(message);
});

test("verify needs a network that the simulator knows", async () => {
  const file = scenarioFile({ network: "regtest", fluxnodes: undefined, traffic: undefined });
  const { code, stderr } = await runProgram(PROGRAM, "verify", file, "--root", temporaryFolder());
  expect(stderr).toContain('verify needs the network "lab"');
  expect(code).toBe(2);
});
