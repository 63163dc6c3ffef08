import { utf8ToBytes } from "@noble/hashes/utils.js";
import { equalBytes } from "../bytes/compare.ts";
import { toDisplayHex } from "../bytes/hex.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import { keyId } from "../crypto/keys.ts";
import { recoverMessageKey } from "../crypto/messageSignature.ts";
import { flux, type Satoshi } from "../primitives/money.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import type { PerTier, Tier } from "../primitives/tier.ts";
import { assert } from "../util/assert.ts";

// Votes of the XDAO, counted from signed messages against those who may vote when a proposal closes. Source: spec 05 §8.
// Voting power is counted in tenths of a vote, so that a Nimbus node's 12.5 is a whole number.

/** A share, numerator of denominator. */
export type Share = readonly [numerator: number, denominator: number];

/** The numbers of a vote: weights, quorum, majority, period. */
export interface VotingRules {
  /** Tenths of a vote of a confirmed node. */
  readonly nodeWeight: PerTier<number>;
  /** Staked satoshi that give a miner one vote, parts of which give none; undefined where only FluxNodes vote. */
  readonly stakePerVote: Satoshi | undefined;
  /** More than this share of all voting power has to take part. */
  readonly quorum: Share;
  /** More than this share of the power that voted has to vote yes. */
  readonly majority: Share;
  readonly periodSeconds: number;
}

const DAY_SECONDS = 86_400;

/** The first version: collateral / 1,000 FLUX, seven days, more than 30 % of the power, more than half of the votes. */
export const XDAO_RULES: VotingRules = {
  nodeWeight: { cumulus: 10, nimbus: 125, stratus: 400 },
  stakePerVote: undefined,
  quorum: [30, 100],
  majority: [1, 2],
  periodSeconds: 7 * DAY_SECONDS,
};

/** Version 2.0: miners have a vote for every 1,000 FLUX they stake. */
export const XDAO_2_RULES: VotingRules = { ...XDAO_RULES, stakePerVote: flux(1_000n) };

/** One who may vote. `keyIds` (HASH160 of public keys): any of these signs for it; several where a collateral is P2SH. */
export type Voter =
  | {
      readonly class: "fluxnode";
      readonly collateral: Outpoint;
      readonly tier: Tier;
      readonly keyIds: readonly Uint8Array[];
    }
  | {
      readonly class: "miner";
      readonly address: string;
      readonly staked: bigint;
      readonly keyIds: readonly Uint8Array[];
    };

/** Names a voter in a vote: a node by its collateral, txid in display order; a miner by its address. */
export const voterId = (voter: Voter): string =>
  voter.class === "fluxnode"
    ? `${toDisplayHex(voter.collateral.txid)}:${voter.collateral.index}`
    : voter.address;

/** Tenths of a vote. */
export function votingPower(rules: VotingRules, voter: Voter): number {
  if (voter.class === "fluxnode") return rules.nodeWeight[voter.tier];
  return rules.stakePerVote === undefined ? 0 : Number(voter.staked / rules.stakePerVote) * 10;
}

/** What is voted on, and when. */
export interface Proposal {
  readonly id: string;
  /** Unix seconds. Votes count from then until, but not at, the end of the period. */
  readonly openedAt: number;
}

/** Unix seconds; the voters are those of the chain's state then. */
export const closesAt = (rules: VotingRules, { openedAt }: Proposal): number =>
  openedAt + rules.periodSeconds;

/** What a vote can say. */
export type Choice = "yes" | "no";

/** One signed message. */
export interface Vote {
  readonly voter: string;
  readonly choice: Choice;
  /** Unix seconds, signed: a voter's latest vote counts. */
  readonly signedAt: number;
  /** 65 bytes over {@link voteMessage}. */
  readonly signature: Uint8Array;
}

/** The text a voter signs; the lab's own form, as the XDAO publishes none. A proposal's id is one line. */
export function voteMessage(
  { id }: Proposal,
  { voter, choice, signedAt }: Pick<Vote, "voter" | "choice" | "signedAt">,
): Uint8Array {
  assert(!id.includes("\n"), "a vote's lines cannot be taken for one another");
  return utf8ToBytes(`XDAO vote\n${id}\n${choice}\n${voter}\n${signedAt}`);
}

/** A vote that does not count, and why. */
export interface RejectedVote {
  readonly vote: Vote;
  readonly reason:
    | "unknownVoter"
    /** Signed before the proposal opened, or at its close or later. */
    | "outOfPeriod"
    /** By no key of the voter, or not over this vote. */
    | "badSignature"
    /** The voter signed another one later, or this one is a copy. */
    | "superseded"
    /** The voter signed yes and no in one second, and nothing later: neither counts. */
    | "contradictory";
}

/** Powers are tenths of a vote. */
export interface VotingResult {
  readonly passed: boolean;
  /** Why it did not pass; empty if it did. */
  readonly missed: readonly ("quorum" | "majority")[];
  readonly yes: number;
  readonly no: number;
  /** Power of all who may vote. */
  readonly total: number;
  readonly rejected: readonly RejectedVote[];
}

/**
 * Counts `votes` on a proposal against those who may vote at its close. The result does not depend on the order of either,
 * but for which of several copies of one vote is the one that counts.
 */
export function countVotes(
  rules: VotingRules,
  proposal: Proposal,
  voters: readonly Voter[],
  votes: readonly Vote[],
  ecdsa: EcdsaBackend,
): VotingResult {
  const byId = new Map(voters.map((voter) => [voterId(voter), voter]));
  const rejected: RejectedVote[] = [];
  const latest = new Map<string, Ballot>();
  for (const vote of votes) {
    const reason = checkVote(rules, proposal, byId.get(vote.voter), vote, ecdsa);
    if (reason !== undefined) rejected.push({ vote, reason });
    else latest.set(vote.voter, withVote(latest.get(vote.voter), vote, rejected));
  }
  const power = { yes: 0, no: 0 };
  for (const [id, { vote, against }] of latest) {
    if (against === undefined) power[vote.choice] += votingPower(rules, byId.get(id)!);
    else rejected.push({ vote, reason: "contradictory" }, { vote: against, reason: "contradictory" });
  }
  const total = [...byId.values()].reduce((sum, voter) => sum + votingPower(rules, voter), 0);
  const missed = missedConditions(rules, power.yes, power.no, total);
  return { passed: missed.length === 0, missed, ...power, total, rejected };
}

function checkVote(
  rules: VotingRules,
  proposal: Proposal,
  voter: Voter | undefined,
  vote: Vote,
  ecdsa: EcdsaBackend,
): "unknownVoter" | "outOfPeriod" | "badSignature" | undefined {
  if (voter === undefined) return "unknownVoter";
  const inPeriod = vote.signedAt >= proposal.openedAt && vote.signedAt < closesAt(rules, proposal);
  if (!inPeriod) return "outOfPeriod";
  const key = recoverMessageKey(ecdsa, voteMessage(proposal, vote), vote.signature);
  if (key === undefined) return "badSignature";
  const signer = keyId(key);
  return voter.keyIds.some((id) => equalBytes(id, signer)) ? undefined : "badSignature";
}

/** A voter's latest vote, and one of the same second that says the opposite. */
interface Ballot {
  readonly vote: Vote;
  readonly against: Vote | undefined;
}

/** The ballot after one more vote; what no longer counts goes to `rejected`. */
function withVote(ballot: Ballot | undefined, vote: Vote, rejected: RejectedVote[]): Ballot {
  if (ballot === undefined) return { vote, against: undefined };
  const { signedAt, choice } = ballot.vote;
  if (vote.signedAt > signedAt) {
    rejected.push({ vote: ballot.vote, reason: "superseded" });
    if (ballot.against !== undefined) rejected.push({ vote: ballot.against, reason: "superseded" });
    return { vote, against: undefined };
  }
  if (vote.signedAt < signedAt || vote.choice === choice || ballot.against !== undefined) {
    rejected.push({ vote, reason: "superseded" });
    return ballot;
  }
  return { vote: ballot.vote, against: vote };
}

function missedConditions(
  { quorum, majority }: VotingRules,
  yes: number,
  no: number,
  total: number,
): ("quorum" | "majority")[] {
  const missed: ("quorum" | "majority")[] = [];
  if (!exceeds(yes + no, total, quorum)) missed.push("quorum");
  if (!exceeds(yes, yes + no, majority)) missed.push("majority");
  return missed;
}

/** Whether `part` is more than `share` of `whole`; exact. */
const exceeds = (part: number, whole: number, [numerator, denominator]: Share): boolean =>
  part * denominator > whole * numerator;
