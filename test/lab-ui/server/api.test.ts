import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  RehearsalList,
  StoredRehearsal,
  StoredRun,
  TestnetFrame,
  TestnetList,
} from "@fluxlab/lab-ui/api";
import { type LabServer, serveLab } from "@fluxlab/lab-ui/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// What the page asks of its server: who may ask what, and what is said to those who ask wrongly.

const RUNS = mkdtempSync(join(tmpdir(), "flux-lab-api-"));
let server: LabServer;

beforeAll(async () => {
  server = await serveLab(RUNS, RUNS, 0);
});
afterAll(async () => {
  await server.close();
  rmSync(RUNS, { recursive: true });
});

const call = (path: string, init: RequestInit = {}) => fetch(`${server.address}api/${path}`, init);
const authorized = (method: string, body?: unknown): RequestInit => ({
  method,
  headers: { authorization: `Bearer ${server.token}` },
  ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
});
const said = async (response: Response) =>
  [response.status, ((await response.json()) as { readonly error?: string }).error] as const;

/** Leaves a run in the folder. */
function leave(name: string, files: Readonly<Record<string, object | string>>): void {
  mkdirSync(join(RUNS, name), { recursive: true });
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(RUNS, name, file), typeof content === "string" ? content : JSON.stringify(content));
}

describe("what changes something", () => {
  const CHANGES = [
    ["POST", "testnets"],
    ["DELETE", "testnets/mine"],
    ["POST", "testnets/mine/faults"],
    ["POST", "testnets/mine/prediction"],
    ["POST", "rehearsals"],
    ["DELETE", "rehearsing"],
  ] as const;

  test.each(CHANGES)("%s api/%s needs the token", async (method, path) => {
    const wrong = { authorization: `Bearer ${server.token.slice(1)}x` };
    for (const headers of [{}, wrong, { authorization: server.token }])
      expect(await said(await call(path, { method, headers }))).toEqual([
        401,
        "this needs the token that npm start prints",
      ]);
  });

  test.each([
    ["testnets", {}, 400, "scenario: expected a text, got undefined"],
    ["testnets", { scenario: "../secret" }, 404, 'there is no scenario "../secret" of testnets'],
    [
      "testnets",
      { scenario: "quiet", nodes: 1.5 },
      400,
      "nodes: expected a whole number, 0 or more, or nothing, got 1.5",
    ],
    [
      "testnets",
      { scenario: "quiet", name: "../x" },
      400,
      'name: expected small letters, digits and dashes, got "../x"',
    ],
    ["testnets", "{", 400, "the call's body is no JSON"],
    ["testnets/mine/faults", { fault: "{ kill: [0] }" }, 404, 'there is no testnet "mine"'],
    ["testnets/mine/prediction", { simulations: 1 }, 404, 'there is no testnet "mine"'],
    ["rehearsals", { plan: "name: [" }, 400, /1 problem\n {2}1:/],
    ["rehearsals", { plan: "name: 7" }, 400, /name: expected a name of small letters/],
  ] as const)("POST api/%s %j: %s %s", async (path, body, status, error) => {
    const [was, words] = await said(await call(path, authorized("POST", body)));
    expect(was).toBe(status);
    if (typeof error === "string") expect(words).toBe(error);
    else expect(words).toMatch(error);
  });

  test("a testnet that is not there is not ended, whatever its name leads to", async () => {
    for (const name of ["mine", "..", "..%2f..%2fetc", "%2e%2e"]) {
      const [status] = await said(await call(`testnets/${name}`, authorized("DELETE")));
      expect(status, name).toBe(404);
    }
  });

  test("too much is refused", async () => {
    const [status, error] = await said(
      await call("rehearsals", authorized("POST", { plan: "#".repeat(1_100_000) })),
    );
    expect([status, error]).toEqual([400, "a call has at most 1048576 bytes"]);
  });
});

describe("what only tells", () => {
  test("needs no token, and takes nothing else than its method", async () => {
    const list = (await (await call("testnets")).json()) as TestnetList;
    expect(list.testnets).toEqual([]);
    expect(list.scenarios.map(({ name }) => name)).toContain("partition-heals");
    const response = await call("rehearsals/x", { method: "PUT" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET");
    expect((await call("nothing")).status).toBe(404);
  });

  test("lists runs of every kind, and leaves out what cannot be read", async () => {
    leave("stranger", { "run.json": "{}" });
    leave("broken", { "run.json": "{" });
    const facts = { title: "Three nodes", seed: 4, baseHeight: 0, beganAt: 0, nodes: 1, links: [] };
    const more = {
      tiers: [0],
      hashRates: [1],
      faults: [],
      oldRules: [],
      checkers: [],
      findings: [],
      seconds: 9,
    };
    leave("observed", {
      ...{ "run.json": "{}", "verification.json": { comparisons: [], notes: [], simulations: 2 } },
      ...{ "testnet.json": { ...facts, ...more }, "observations.jsonl": "" },
    });
    const runs = (await (await call("runs")).json()) as StoredRun[];
    expect(runs).toMatchObject([
      {
        name: "observed",
        title: "Three nodes",
        kind: "testnet",
        seed: "4",
        isVerified: true,
        hasReport: false,
      },
    ]);
    const [frame] = (await (await call("runs/observed/testnet")).json()) as TestnetFrame[];
    expect(frame).toMatchObject({
      isAnew: true,
      seconds: 0,
      about: { title: "Three nodes", scene: { nodes: 1 } },
    });
    expect(await (await call("runs/observed/verification")).json()).toMatchObject({ simulations: 2 });
    for (const path of ["runs/stranger/testnet", "runs/nobody", "runs/..%2fx", "runs/stranger/verification"])
      expect((await call(path)).status, path).toBe(404);
  });

  test("lists rehearsals, plans among them, and gives their reports", async () => {
    const report = { title: "An upgrade", on: "process", nodes: 5, seed: 2, verdict: "GO" };
    leave("rehearsal-x", { "rehearsal.json": report });
    leave("rehearsal-y", { "rehearsal.json": "{" });
    const list = (await (await call("rehearsals")).json()) as RehearsalList;
    expect(list.stored).toMatchObject([{ name: "rehearsal-x", ...report }]);
    expect(list.plans.map(({ name }) => name)).toEqual(["pon-5000", "pon-all-upgrade", "pon-late-fifth"]);
    expect((await (await call("rehearsals/rehearsal-x")).json()) as StoredRehearsal).toEqual(report);
    expect((await call("rehearsals/..%2f..")).status).toBe(404);
  });

  test("a stream about what is not there ends with a word", async () => {
    expect(await (await call("testnets/mine/live")).text()).toBe(
      'data: {"ended":"there is no testnet \\"mine\\""}\n\n',
    );
    expect(await (await call("rehearsing")).text()).toBe("");
  });
});
