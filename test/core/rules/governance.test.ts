import {
  type Choice,
  closesAt,
  countVotes,
  flux,
  keyId,
  perTier,
  signMessage,
  type Tier,
  type Vote,
  type Voter,
  type VotingRules,
  voteMessage,
  voterId,
  votingPower,
  XDAO_2_RULES,
  XDAO_RULES,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { testKey } from "../../support/keys.ts";

const PROPOSAL = { id: "XDAO-1", openedAt: 1_700_000_000 };
const WEEK = 7 * 86_400;

const node = (n: number, tier: Tier): Voter => ({
  class: "fluxnode",
  collateral: { txid: new Uint8Array(32).fill(n), index: n },
  tier,
  keyIds: [keyId(testKey(`voter ${n}`).publicKey)],
});

const miner = (n: number, staked: bigint): Voter => ({
  class: "miner",
  address: `t1miner${n}`,
  staked,
  keyIds: [keyId(testKey(`voter ${n}`).publicKey)],
});

/** A vote of the `n`th voter, signed `after` seconds after the opening. */
function vote(n: number, voter: Voter, choice: Choice, after = 10, key = testKey(`voter ${n}`)): Vote {
  const said = { voter: voterId(voter), choice, signedAt: PROPOSAL.openedAt + after };
  return { ...said, signature: signMessage(fastEcdsa, key, voteMessage(PROPOSAL, said)) };
}

const count = (voters: readonly Voter[], votes: readonly Vote[], rules: VotingRules = XDAO_RULES) =>
  countVotes(rules, PROPOSAL, voters, votes, fastEcdsa);

test("weight is collateral / 1,000: Cumulus 1, Nimbus 12.5, Stratus 40; miners' stake counts from version 2.0 on", () => {
  expect(perTier((tier) => votingPower(XDAO_RULES, node(1, tier)))).toEqual({
    cumulus: 10,
    nimbus: 125,
    stratus: 400,
  });
  expect(votingPower(XDAO_RULES, miner(1, flux(9_999n)))).toBe(0);
  expect(votingPower(XDAO_2_RULES, miner(1, flux(9_999n)))).toBe(90);
  expect(votingPower(XDAO_2_RULES, miner(1, flux(1_000n) - 1n))).toBe(0);
});

describe("quorum and majority, ten Cumulus nodes", () => {
  const voters = Array.from({ length: 10 }, (_, n) => node(n, "cumulus"));
  const cast = (yes: number, no: number): Vote[] =>
    voters.slice(0, yes + no).map((voter, n) => vote(n, voter, n < yes ? "yes" : "no"));

  test.each([
    [0, 0, false, ["quorum", "majority"]],
    [3, 0, false, ["quorum"]], // exactly 30 % took part
    [4, 0, true, []],
    [1, 2, false, ["quorum", "majority"]],
    [2, 2, false, ["majority"]], // a tie
    [3, 2, true, []],
    [2, 3, false, ["majority"]],
    [6, 4, true, []],
  ] as const)("%i yes, %i no: passed %s %j", (yes, no, passed, missed) => {
    const result = count(voters, cast(yes, no));
    expect(result).toEqual({ passed, missed, yes: yes * 10, no: no * 10, total: 100, rejected: [] });
  });

  test("both are parameters", () => {
    const strict: VotingRules = { ...XDAO_RULES, quorum: [1, 2], majority: [2, 3] };
    expect(count(voters, cast(4, 1), strict).missed).toEqual(["quorum"]);
    expect(count(voters, cast(4, 2), strict).missed).toEqual(["majority"]);
    expect(count(voters, cast(5, 2), strict).passed).toBe(true);
  });
});

test("power decides, not heads: one Stratus outvotes three Nimbus, and miners turn it in version 2.0", () => {
  const voters = [
    node(1, "stratus"),
    ...[2, 3, 4].map((n) => node(n, "nimbus")),
    ...[5, 6].map((n) => miner(n, flux(2_000n))),
  ];
  const votes = voters.map((voter, i) => vote(i < 4 ? i + 1 : i + 1, voter, i === 0 ? "yes" : "no"));
  const first = count(voters, votes);
  expect(first).toMatchObject({ passed: true, yes: 400, no: 375, total: 775 });
  const second = count(voters, votes, XDAO_2_RULES);
  expect(second).toMatchObject({ passed: false, missed: ["majority"], yes: 400, no: 415, total: 815 });
});

describe("votes that do not count", () => {
  const alice = node(1, "cumulus");
  const bob = node(2, "cumulus");
  const yes = vote(1, alice, "yes");

  test.each([
    ["unknownVoter", vote(3, node(3, "stratus"), "yes")],
    ["outOfPeriod", vote(1, alice, "yes", -1)],
    ["outOfPeriod", vote(1, alice, "yes", WEEK)],
    ["outOfPeriod", { ...yes, signedAt: Number.NaN }],
    ["badSignature", vote(2, alice, "yes")],
    ["badSignature", { ...yes, choice: "no" as const }],
    ["badSignature", { ...yes, voter: voterId(bob) }],
    ["badSignature", { ...yes, signedAt: yes.signedAt + 1 }],
    ["badSignature", { ...yes, signature: yes.signature.subarray(1) }],
    ["badSignature", vote(1, alice, "yes", 10, testKey("voter 1", false))],
  ])("%s", (reason, bad) => {
    const result = count([alice, bob], [bad]);
    expect(result).toMatchObject({ yes: 0, no: 0, rejected: [{ vote: bad, reason }] });
  });

  test("the first and the last second of the period do", () => {
    expect(closesAt(XDAO_RULES, PROPOSAL)).toBe(PROPOSAL.openedAt + WEEK);
    const votes = [vote(1, alice, "yes", 0), vote(2, bob, "yes", WEEK - 1)];
    expect(count([alice, bob], votes)).toMatchObject({ yes: 20, rejected: [] });
  });

  test("a node that left the list before the close has no vote, and no part in the total", () => {
    expect(count([bob], [yes])).toMatchObject({ total: 10, rejected: [{ reason: "unknownVoter" }] });
  });

  test("the latest of a voter's votes counts, and two at once that disagree count for nothing", () => {
    const later = vote(1, alice, "no", 20);
    expect(count([alice], [later, yes])).toMatchObject({
      yes: 0,
      no: 10,
      rejected: [{ vote: yes, reason: "superseded" }],
    });
    const both = count([alice], [yes, vote(1, alice, "no"), yes]);
    expect(both).toMatchObject({ yes: 0, no: 0 });
    expect(both.rejected.map(({ reason }) => reason)).toEqual([
      "superseded",
      "contradictory",
      "contradictory",
    ]);
    expect(count([alice], [yes, vote(1, alice, "no"), later])).toMatchObject({ yes: 0, no: 10 });
  });

  test("any key of a P2SH collateral signs for its node", () => {
    const keys = ["left", "right"].map((label) => testKey(label));
    const shared: Voter = { ...node(4, "nimbus"), keyIds: keys.map((key) => keyId(key.publicKey)) };
    for (const key of keys) expect(count([shared], [vote(4, shared, "yes", 10, key)]).yes).toBe(125);
  });
});

test("the order in which votes arrive does not matter", () => {
  const voters = [1, 2, 3].map((n) => node(n, "nimbus"));
  const pool = voters.flatMap((voter, i) =>
    [10, 11].flatMap((after) => (["yes", "no"] as const).map((choice) => vote(i + 1, voter, choice, after))),
  );
  const someVotes = fc
    .subarray(pool)
    .chain((chosen) =>
      fc.tuple(
        fc.constant(chosen),
        fc.shuffledSubarray(chosen, { minLength: chosen.length, maxLength: chosen.length }),
      ),
    );
  const check = fc.property(someVotes, ([votes, shuffled]) => {
    const [a, b] = [count(voters, votes), count(voters, shuffled)];
    expect({ ...b, rejected: b.rejected.length }).toEqual({ ...a, rejected: a.rejected.length });
    expect(a.rejected.length + (a.yes + a.no) / 125).toBe(votes.length);
  });
  fc.assert(check, { numRuns: 60 });
});
