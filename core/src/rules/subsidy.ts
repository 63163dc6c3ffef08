import type { Params } from "../params/params.ts";
import { ponHeightReached } from "../params/upgrades.ts";
import { flux, type Satoshi } from "../primitives/money.ts";
import { specialFunding } from "./funds.ts";

/** Subsidy of block 1, which carries the premine. Source: fluxd src/main.cpp GetBlockSubsidy. */
const PREMINE = flux(13_020_000n);

/** Subsidy after slow start and before the first halving. */
const BASE_SUBSIDY = flux(150n);

/** The third and later halvings are suppressed: the subsidy stays at a quarter until proof of node. */
const LAST_HALVING = 2;

/** fluxd stops shifting here and pays nothing; reached only where proof of node starts very late. */
const SUBSIDY_ENDS_AT_HALVING = 64;

/**
 * What the coinbase of block `height` may create besides fees and special funding.
 * Source: fluxd src/main.cpp GetBlockSubsidy.
 */
export function blockSubsidy(params: Params, height: number): Satoshi {
  if (ponHeightReached(params.upgrades, height)) return ponSubsidy(params, height);
  if (height === 1) return PREMINE;
  const { slowStartInterval } = params.subsidy;
  if (height < slowStartInterval) return slowStartSubsidy(slowStartInterval, height);
  const halved = halvings(params, height);
  if (halved >= SUBSIDY_ENDS_AT_HALVING) return 0n as Satoshi;
  return (BASE_SUBSIDY >> BigInt(Math.min(halved, LAST_HALVING))) as Satoshi;
}

/** Ramps up in equal steps; the step of the middle height is skipped, so the second half runs one step ahead. */
function slowStartSubsidy(interval: number, height: number): Satoshi {
  const step = BASE_SUBSIDY / BigInt(interval);
  const steps = height < Math.floor(interval / 2) ? height : height + 1;
  return (step * BigInt(steps)) as Satoshi;
}

/** Halvings due by `height`, counted from the middle of slow start and not yet capped. */
function halvings(params: Params, height: number): number {
  const { slowStartInterval, halvingInterval } = params.subsidy;
  return Math.floor((height - Math.floor(slowStartInterval / 2)) / halvingInterval);
}

/** A tenth less, rounded down, at each reduction; constant for ever after the last one. */
function ponSubsidy(params: Params, height: number): Satoshi {
  let subsidy: bigint = params.pon.initialSubsidy;
  for (let i = ponReductions(params, height); i > 0; i--) subsidy = (subsidy * 9n) / 10n;
  return subsidy as Satoshi;
}

function ponReductions(params: Params, height: number): number {
  const { reductionInterval, maxReductions } = params.pon;
  return Math.min(Math.floor((height - params.upgrades.pon.height) / reductionInterval), maxReductions);
}

/**
 * The last height of the run of equal subsidies that contains `height`, or Infinity for the run that never ends.
 * Lets a caller that walks heights compute the subsidy once a run instead of once a block.
 */
export function subsidyRunEnd(params: Params, height: number): number {
  const { slowStartInterval, halvingInterval } = params.subsidy;
  const { reductionInterval, maxReductions } = params.pon;
  const ponHeight = params.upgrades.pon.height;
  if (ponHeightReached(params.upgrades, height)) {
    const reductions = ponReductions(params, height);
    if (reductions === maxReductions) return Number.POSITIVE_INFINITY;
    return ponHeight + (reductions + 1) * reductionInterval - 1;
  }
  // Single heights: genesis, the premine, every step of slow start.
  if (height < Math.max(2, slowStartInterval)) return height;
  const lastOfPow = ponHeight - 1; // not reached yet, so it lies ahead
  const halved = halvings(params, height);
  if (halved >= SUBSIDY_ENDS_AT_HALVING) return lastOfPow;
  const nextChange = halved < LAST_HALVING ? halved + 1 : SUBSIDY_ENDS_AT_HALVING;
  return Math.min(Math.floor(slowStartInterval / 2) + nextChange * halvingInterval - 1, lastOfPow);
}

/**
 * Most satoshi that coinbases of blocks 0..`height` may have created, special funding included; 0 below height 0.
 * Blocks may claim less, and those of heights 1 and 2 are not limited (fluxd src/main.cpp ConnectBlock).
 * Unlike a single amount this may exceed MAX_MONEY: nothing in consensus bounds the supply.
 */
export function maxIssued(params: Params, height: number): bigint {
  let issued = 0n;
  for (let first = 0; first <= height; ) {
    const last = Math.min(subsidyRunEnd(params, first), height);
    issued += blockSubsidy(params, first) * BigInt(last - first + 1);
    first = last + 1;
  }
  for (const funding of specialFunding(params)) if (funding.height <= height) issued += funding.amount;
  return issued;
}

/**
 * First height at which {@link maxIssued} exceeds `cap`, or undefined if that never happens.
 * Binary search: issuance never falls.
 */
export function heightPassing(params: Params, cap: bigint): number | undefined {
  let above = 1;
  while (maxIssued(params, above) <= cap) {
    if (above === HEIGHT_LIMIT) return undefined;
    above = Math.min(above * 2, HEIGHT_LIMIT);
  }
  let below = -1;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (maxIssued(params, middle) > cap) above = middle;
    else below = middle;
  }
  return above;
}

/** fluxd keeps heights in a signed 32-bit integer. */
const HEIGHT_LIMIT = 0x7fff_ffff;
