import {
  type AssetLedger,
  type AssetOperation,
  type AssetParams,
  applyBlock,
  brokenInvariants,
  chainTerms,
  entitlementOn,
  findLock,
  flux,
  ledgerDigest,
  NATIVE_CHAIN,
  openEntitlements,
  openLedger,
  rollback,
  shortfall,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { recount, type Standing } from "../../../support/assetRecount.ts";
import { fewChains, HOLDERS, lockId } from "../../../support/assets.ts";
import { assertProperty } from "../../../support/property.ts";

// Random histories of four chains, every operation and reorganisations of any of them, against a recount from scratch.

const OWNERS = ["alice", "bob", "carol"] as const;
const CHAINS = 4;

interface Step {
  readonly type:
    | "mine"
    | "release"
    | "claim"
    | "lock"
    | "swap"
    | "relock"
    | "unlock"
    | "cancel"
    | "reserve"
    | "wait"
    | "reorg";
  readonly chain: number;
  readonly pick: number;
  readonly amount: "dust" | "some" | "all";
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(
    ...(["mine", "release", "claim", "lock", "lock", "swap", "swap", "relock", "unlock"] as const),
    ...(["unlock", "cancel", "reserve", "wait", "reorg", "reorg"] as const),
  ),
  chain: fc.nat(CHAINS - 1),
  pick: fc.nat(1_000),
  amount: fc.constantFrom("dust", "some", "some", "all"),
});

/** What the histories below have had in them: a property of histories in which nothing happens says nothing. */
const seen = new Set<string>();

/** A ledger with all the chain histories that made it. */
class World {
  ledger: AssetLedger;
  standing: Standing[] = [];
  /** Every lock ever tried: some are gone, some come back. */
  readonly locks: Extract<AssetOperation, { readonly type: "lock" }>[] = [];
  /** States no reorganisation has reached back before, by their tips. */
  checkpoints: { readonly digest: string; readonly tips: readonly number[] }[] = [];
  readonly #params: AssetParams;

  constructor(params: AssetParams) {
    this.#params = params;
    this.ledger = openLedger(params, { nativeEmitted: HOLDERS });
  }

  tip(chain: number): number {
    return this.ledger.chains[chain]!.tip;
  }

  block(chain: number, ...operations: readonly AssetOperation[]): void {
    const height = this.tip(chain) + 1;
    const worth = operations.map((operation) => this.#worth(operation));
    const { ledger, rejected } = applyBlock(this.ledger, { chain, height, operations });
    for (const [i, operation] of operations.entries()) {
      if (rejected.some((each) => each.operation === operation)) continue;
      this.#checkOnce(operation);
      this.standing.push({ operation, chain, height, worth: worth[i]! });
      seen.add(operation.type);
    }
    if (shortfall(ledger) < shortfall(this.ledger)) seen.add("healed by the lock");
    this.ledger = ledger;
  }

  reorganise(chain: number, height: number): void {
    const before = this.ledger;
    const rolled = rollback(before, chain, height);
    if ("reason" in rolled) throw new Error(rolled.reason);
    this.ledger = rolled.ledger;
    this.standing = this.standing.filter((each) => each.chain !== chain || each.height <= height);
    this.checkpoints = this.checkpoints.filter(({ tips }) => tips[chain]! <= height);
    for (const { type } of rolled.reports) seen.add(type);
    if (shortfall(this.ledger) < shortfall(before)) seen.add("healed by the target");
    const reported = rolled.reports.reduce((sum, { amount }) => sum + amount, 0n);
    expect(shortfall(this.ledger) - shortfall(before)).toBeLessThanOrEqual(reported);
    if (shortfall(this.ledger) > shortfall(before)) expect(rolled.reports).not.toEqual([]);
  }

  check(): void {
    const { terms, shortfall: counted } = recount(this.#params, HOLDERS, this.standing);
    expect(this.ledger.chains.map((_, chain) => chainTerms(this.ledger, chain))).toEqual(terms);
    expect(shortfall(this.ledger)).toBe(counted);
    const broken = brokenInvariants(this.ledger).filter(({ invariant }) => invariant !== "circulationCap");
    expect(broken).toEqual(counted === 0n ? [] : [{ invariant: "swapConservation", excess: counted }]);
    const circulating = terms.reduce((sum, each) => sum + each.circulating, 0n);
    expect(circulating).toBeLessThanOrEqual(flux(440_000_000n) + counted);
  }

  checkpoint(): void {
    const tips = this.ledger.chains.map(({ tip }) => tip);
    this.checkpoints.push({ digest: ledgerDigest(this.ledger), tips });
  }

  #worth(operation: AssetOperation): bigint {
    if (operation.type === "unlock" || operation.type === "cancel")
      return findLock(this.ledger, operation.source, operation.id)?.amount ?? 0n;
    if (operation.type !== "claim") return 0n;
    return operation.entitlements.reduce((sum, key) => {
      return sum + entitlementOn(this.ledger, this.ledger.entitlements.get(key)!, operation.chain);
    }, 0n);
  }

  /** Invariant 4, asked of the history: no unlock or claim but the first stands, and only of a lock deep enough. */
  #checkOnce(operation: AssetOperation): void {
    const before = this.standing.map((each) => each.operation);
    if (operation.type === "unlock") {
      expect(before).not.toContainEqual(operation);
      expect(before).not.toContainEqual({ ...operation, type: "cancel" });
      const lock = this.standing.find(
        ({ operation: { type, ...rest } }) => type === "lock" && "id" in rest && rest.id === operation.id,
      );
      const { confirmations } = this.#params.chains[operation.source]!;
      expect(this.tip(operation.source) - lock!.height + 1).toBeGreaterThanOrEqual(confirmations);
    }
    if (operation.type !== "claim") return;
    const claimed = before.flatMap((each) =>
      each.type === "claim" && each.chain === operation.chain ? each.entitlements : [],
    );
    expect(claimed.filter((key) => operation.entitlements.includes(key))).toEqual([]);
  }
}

function play(world: World, { type, chain, pick, amount }: Step): void {
  const owner = OWNERS[pick % OWNERS.length]!;
  const parallel = 1 + (pick % (CHAINS - 1));
  const known = world.locks[pick % Math.max(1, world.locks.length)];
  switch (type) {
    case "mine": {
      const role = (["mining", "fluxnodes", "none"] as const)[pick % 3]!;
      const earned = flux(BigInt(pick)) + BigInt(pick);
      world.block(
        NATIVE_CHAIN,
        { type: "accrueReward", payee: owner, amount: earned, role },
        { type: "accrueReward", payee: owner, amount: 7n, role: "fluxnodes" },
      );
      return;
    }
    case "release": {
      const balances = OWNERS.map((name, i) => ({ owner: name, amount: flux(1_000n) * BigInt(i) + 19n }));
      const height = world.tip(NATIVE_CHAIN) + (pick % 2);
      world.block(
        NATIVE_CHAIN,
        { type: "snapshot", chain: parallel, height, balances },
        { type: "releaseChain", chain: parallel },
      );
      return;
    }
    case "claim": {
      const entitlements = openEntitlements(world.ledger, owner, parallel, pick % 4, 1_000);
      world.block(NATIVE_CHAIN, { type: "claim", chain: parallel, owner, entitlements });
      return;
    }
    case "lock": {
      const { circulating } = chainTerms(world.ledger, chain);
      const amounts = { dust: 1n, some: circulating / 3n, all: circulating };
      const operation = {
        type: "lock",
        id: lockId(world.locks.length),
        source: chain,
        target: (chain + 1 + (pick % (CHAINS - 1))) % CHAINS,
        owner,
        amount: amounts[amount],
      } as const;
      world.locks.push(operation);
      world.block(chain, operation);
      return;
    }
    case "swap":
      play(world, { type: "lock", chain, pick, amount });
      play(world, { type: "wait", chain, pick: 3, amount });
      play(world, { type: "unlock", chain, pick: world.locks.length - 1, amount });
      return;
    case "relock":
      if (known !== undefined) world.block(known.source, known);
      return;
    case "unlock":
      if (known !== undefined)
        world.block(known.target, { type: "unlock", source: known.source, id: known.id });
      return;
    case "cancel":
      if (known !== undefined)
        world.block(known.source, { type: "cancel", source: known.source, id: known.id });
      return;
    case "reserve":
      world.block(chain, { type: "releaseReserve", chain, amount: BigInt(pick) });
      return;
    case "wait":
      for (let i = 0; i <= pick % 4; i++) world.block(chain);
      return;
    case "reorg":
      world.reorganise(chain, Math.max(0, world.tip(chain) - (pick % 8)));
      return;
  }
}

const history = fc.record({
  confirmations: fc.integer({ min: 1, max: 4 }),
  rewardModel: fc.constantFrom("wp1-table" as const, "wp2-equal" as const),
  steps: fc.array(step, { maxLength: 70, size: "max" }),
  order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: CHAINS }),
});

/** Chains open at once, so that short histories swap too. */
const OPENED: readonly Step[] = [0, 1, 2].flatMap((pick) => [
  { type: "release", chain: 0, pick: pick + 996, amount: "some" },
  { type: "claim", chain: 0, pick: pick * 4, amount: "some" },
]);

test("after every operation and reorganisation the ledger is a recount of what stands, and breaks only what it reports", () => {
  const check = fc.property(history, ({ confirmations, rewardModel, steps, order }) => {
    const world = new World({ ...fewChains(CHAINS, confirmations, 3), rewardModel });
    for (const each of [...OPENED, ...steps]) {
      play(world, each);
      world.check();
      world.checkpoint();
    }
    // Whatever no reorganisation has reached is found again by taking all chains back, in any order.
    for (const { digest, tips } of world.checkpoints.filter((_, i) => i % 7 === 0).toReversed()) {
      let { ledger } = world;
      for (const chain of order) {
        const rolled = rollback(ledger, chain, tips[chain]!);
        if ("reason" in rolled) throw new Error(rolled.reason);
        ledger = rolled.ledger;
      }
      expect(ledgerDigest(ledger)).toBe(digest);
    }
  });
  assertProperty(check, { numRuns: 150 });
  expect([...seen].sort()).toEqual([
    ...["ClaimReorged", "SourceReorged", "accrueReward", "cancel", "claim", "healed by the lock"],
    ...["healed by the target", "lock", "releaseChain", "releaseReserve", "snapshot", "unlock"],
  ]);
});

/** Blocks from a lock to its unlock in a "swap" step, both chains' waits included. */
const SWAP_CONFIRMATIONS = 5;

test("reorganisations shallower than the confirmations never leave anything short", () => {
  seen.clear();
  const check = fc.property(history, ({ rewardModel, steps }) => {
    const world = new World({ ...fewChains(CHAINS, SWAP_CONFIRMATIONS, 9), rewardModel });
    const highest = [0, 0, 0, 0];
    for (const each of [...OPENED, ...steps]) {
      const { chain } = each;
      if (each.type !== "reorg") play(world, each);
      // Claims wait for no confirmations, so the native chain stays; the others never go back further from their highest.
      else if (chain !== NATIVE_CHAIN) {
        const lowest = Math.max(0, highest[chain]! - SWAP_CONFIRMATIONS + 1);
        world.reorganise(chain, Math.max(lowest, world.tip(chain) - (each.pick % SWAP_CONFIRMATIONS)));
      }
      for (const at of highest.keys()) highest[at] = Math.max(highest[at]!, world.tip(at));
      world.check();
      expect(shortfall(world.ledger)).toBe(0n);
    }
  });
  assertProperty(check, { numRuns: 100 });
  expect(seen).toContain("unlock");
});
