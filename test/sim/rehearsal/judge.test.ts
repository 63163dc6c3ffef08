import { GO_CHECKS, type Judgement, judge, nodeRanges, WitnessedRun } from "@fluxlab/sim";
import { describe, expect, test } from "vitest";
import { goChecks } from "../../../lab-ui/src/network/rehearsalChecks.ts";
import { played, smallWorld, span } from "../witness/labRuns.ts";

const ACTIVATION = 123;

/** Five nodes of which two are late, played for so many seconds; node 4 upgrades after 70 if `upgrades`. */
function playedFor(seconds: number, upgrades: readonly number[] = []): WitnessedRun {
  const world = smallWorld({
    ponUpgrade: 3,
    ponSpacing: "10 s",
    late: [3, 4],
    topology: { random: 4 },
    run: "5 min",
  });
  const { params } = world.plan;
  const faults = upgrades.map((node) => ({
    ...{ kind: "upgrade" as const, nodes: [node], params, ...span(150, 150) },
  }));
  const run = new WitnessedRun(world, faults);
  while (run.secondsDone < seconds) run.advance(Math.min(30, seconds - run.secondsDone));
  return run;
}

const judged = (run: WitnessedRun, question: object = {}): Judgement =>
  judge(run.account(), { activation: ACTIVATION, patience: 120, away: [], isUp: () => true, ...question });

test("every question is one that the page knows", () => {
  const unanswered = { at: 0, verdict: "GO", reasons: [], splits: [], best: undefined } as const;
  expect(goChecks(unanswered).map(({ id }) => id)).toEqual(GO_CHECKS);
  expect(goChecks(unanswered).every(({ passed }) => passed)).toBe(true);
});

describe("an upgrade that two of five nodes miss", () => {
  const before = judged(playedFor(1));
  const apart = judged(playedFor(149));
  const together = judged(playedFor(300, [3, 4]));

  test("cannot be judged before it has come", () => {
    expect(before.verdict).toBe("NO-GO");
    expect(before.reasons[0]!.what).toMatch(
      /^the chain is at height 12\d, and the activation at 123 has not come$/,
    );
  });

  test("may not go ahead: who is late, where they left, and where they are", () => {
    expect(apart.verdict).toBe("NO-GO");
    expect(apart.reasons).toEqual([{ check: "rules", what: "run the old rules", nodes: [3, 4] }]);
    expect(apart.splits.flatMap(({ nodes }) => nodes).sort()).toEqual([3, 4]);
    for (const { height, tipHeight } of apart.splits) {
      expect(height).toBe(ACTIVATION - 1);
      expect(tipHeight).toBeGreaterThanOrEqual(height);
    }
  });

  test("may go ahead once they have upgraded", () => {
    expect(together).toMatchObject({ verdict: "GO", reasons: [], splits: [] });
  });

  test("names those that do not run, those asked for nothing left out, and a chain that stands still", () => {
    const run = playedFor(300, [3, 4]);
    expect(judged(run, { isUp: (node: number) => node !== 2 }).reasons).toEqual([
      { check: "up", what: "do not run", nodes: [2] },
    ]);
    expect(judged(run, { isUp: (node: number) => node !== 2, away: [2] }).verdict).toBe("GO");
    expect(judged(run, { patience: 0 }).reasons[0]!.what).toMatch(
      /^no block for \d+ s: the chain stands still/,
    );
  });
});

test("an upgraded node whose neighbours are all late is told from one that should have followed", () => {
  const world = smallWorld({
    ...{ ponUpgrade: 3, ponSpacing: "10 s", late: [3], run: "150 s" },
    topology: {
      links: [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    },
  });
  const account = played(world);
  const what = "have the new rules and are linked with their chain only through nodes of the old ones";
  const question = { activation: ACTIVATION, patience: 120, away: [], isUp: () => true };
  expect(judge(account, question).reasons).toContainEqual({ what, nodes: [4] });
  const linked = { ...account, linksOf: (node: number) => [(node + 1) % 5, (node + 4) % 5] };
  expect(judge(linked, question).reasons).toContainEqual({
    what: "have the new rules and are not on their chain",
    nodes: [4],
  });
});

test.each([
  [[], ""],
  [[4], "4"],
  [[5, 1, 2, 3, 3, 9], "1-3, 5, 9"],
])("%j is written as %j", (nodes, text) => {
  expect(nodeRanges(nodes)).toBe(text);
});
