import { type Params, rulesId, TIERS } from "@fluxlab/core";
import {
  bestTip,
  convergenceSeconds,
  deepestReorganisation,
  measureSpread,
  type NetworkAccount,
} from "./account.ts";
import { type ChainLedger, chainLedger, type LedgerRow } from "./chainLedger.ts";

/** One thing that was compared. */
export interface Comparison {
  readonly what: string;
  /** "must": equal by the rules; "close": as far as the model is good. */
  readonly kind: "must" | "close";
  readonly agrees: boolean;
  readonly simulated: string;
  readonly real: string;
  /** Where it parts, or how far it is off; empty if there is nothing to say. */
  readonly remark: string;
}

/** A real value is close if it is within the simulated ones, widened by this factor at both ends. */
const WIDER = 2;

/**
 * Compares what a real network showed with simulations of it under several seeds: what must agree with each of them, what should
 * be close with all of them together. `quiet`: whether nothing was wrong with links and nodes at a time.
 */
export function compareAccounts(
  real: NetworkAccount,
  simulated: readonly NetworkAccount[],
  quiet: (time: number) => boolean,
): Comparison[] {
  const spread = measureSpread(real, quiet);
  const spreads = simulated.map((each) => measureSpread(each, quiet));
  return [
    ...checkersAgree(real, simulated),
    ...ruleSets(real).flatMap((params) => chainsAgree(real, simulated, params)),
    convergenceAgrees(real, simulated),
    close(
      "seconds until half of the nodes have a block",
      spread.halfSeconds,
      spreads.map((s) => s.halfSeconds),
      0.05,
    ),
    close(
      "seconds until all nodes have a block",
      spread.allSeconds,
      spreads.map((s) => s.allSeconds),
      0.1,
    ),
    close(
      "stale blocks, parts of all",
      spread.staleRate,
      spreads.map((s) => s.staleRate),
      0.03,
    ),
    close(
      "seconds between blocks",
      spread.blockSeconds,
      spreads.map((s) => s.blockSeconds),
      0,
    ),
    close(
      "seconds from the last fault to one chain",
      convergenceSeconds(real) ?? Number.NaN,
      simulated.map((each) => convergenceSeconds(each) ?? Number.NaN),
      2,
    ),
    close(
      "deepest reorganisation, blocks",
      deepestReorganisation(real),
      simulated.map(deepestReorganisation),
      2,
    ),
  ];
}

/** Rules that nodes keep to at the end, the newest first. */
function ruleSets({ params, witness }: NetworkAccount): Params[] {
  const kept = new Set(
    witness.tips.flatMap((tip, node) => (tip === undefined ? [] : [witness.rulesAt(node)!])),
  );
  return [params, ...[...kept].filter((each) => each !== params)].filter((each) => kept.has(each));
}

function checkersAgree(real: NetworkAccount, simulated: readonly NetworkAccount[]): Comparison[] {
  const said = (account: NetworkAccount) =>
    account.findings.length === 0
      ? "nothing"
      : account.findings.map(({ checker, message }) => `${checker}: ${message}`).join("; ");
  const bad = simulated.find(({ findings }) => findings.length > 0);
  return [
    {
      what: "what the checkers found",
      kind: "must",
      agrees: real.findings.length === 0 && bad === undefined,
      simulated: bad === undefined ? "nothing" : said(bad),
      real: said(real),
      remark: "",
    },
  ];
}

/** What the chain of each set of rules says, at every height that both have. */
function chainsAgree(
  real: NetworkAccount,
  simulated: readonly NetworkAccount[],
  params: Params,
): Comparison[] {
  const label = params === real.params ? "" : " under the old rules";
  const ledgers = simulated.map((each) => ledgerUnder(each, params));
  const own = ledgerUnder(real, params);
  const compared = (what: string, of: (row: LedgerRow) => string): Comparison => {
    const lengths = [own, ...ledgers].map((ledger) => ledger?.rows.length ?? 0);
    const parting = ledgers
      .map((ledger) => firstDifference(own, ledger, of))
      .find((each) => each !== undefined);
    const [first = 0, ...others] = lengths;
    return {
      what: what + label,
      kind: "must",
      agrees: parting === undefined && lengths.every((length) => length > 0),
      simulated: parting?.simulated ?? `${Math.min(...others)} heights and more`,
      real: parting?.real ?? `${first} heights`,
      remark:
        parting === undefined
          ? `equal at heights 1 to ${lengths.reduce((least, length) => Math.min(least, length))}`
          : `parts at height ${parting.height}`,
    };
  };
  const rules = [own, ...ledgers].map((ledger) => ledger?.broken);
  return [
    {
      what: `rules that chains break${label}`,
      kind: "must",
      agrees: rules.every((each) => each === undefined),
      simulated: brokenText(rules.slice(1).find((each) => each !== undefined)),
      real: brokenText(rules[0]),
      remark: `judged afresh by rules ${rulesId(params).slice(0, 12)}`,
    },
    compared("FluxNodes paid", ({ payees }) => TIERS.map((tier) => payees[tier] ?? "nobody").join(" ")),
    compared("lists of FluxNodes", ({ fluxnodes, confirmed }) => `${fluxnodes} (${countsText(confirmed)})`),
    compared("supply, satoshi", ({ supply }) => `${supply}`),
  ];
}

const countsText = (confirmed: LedgerRow["confirmed"]): string =>
  TIERS.map((tier) => `${confirmed[tier]} ${tier}`).join(", ");

const brokenText = (broken: ChainLedger["broken"]): string =>
  broken === undefined ? "none" : `${broken.rule} at height ${broken.height}`;

function ledgerUnder(account: NetworkAccount, params: Params): ChainLedger | undefined {
  const id = rulesId(params);
  const same = ruleSets(account).find((each) => rulesId(each) === id);
  const tip = same === undefined ? undefined : bestTip(account, same);
  return tip === undefined ? undefined : chainLedger(tip, params);
}

function firstDifference(
  real: ChainLedger | undefined,
  simulated: ChainLedger | undefined,
  of: (row: LedgerRow) => string,
): { readonly height: number; readonly real: string; readonly simulated: string } | undefined {
  const [left, right] = [real?.rows ?? [], simulated?.rows ?? []];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [a, b] = [of(left[i]!), of(right[i]!)];
    if (a !== b) return { height: left[i]!.height, real: a, simulated: b };
  }
  return undefined;
}

/** The chains that there are at the end, whatever is on its way: one a set of rules, or as many as parted for good. */
function convergenceAgrees(real: NetworkAccount, simulated: readonly NetworkAccount[]): Comparison {
  const of = (account: NetworkAccount): string =>
    convergenceSeconds(account) === undefined ? "not on one chain" : "on one chain";
  const apart = simulated.find((each) => of(each) !== of(real));
  return {
    what: "whether nodes of equal rules came together after the last fault",
    kind: "must",
    agrees: apart === undefined,
    simulated: of(apart ?? simulated[0]!),
    real: of(real),
    remark: "",
  };
}

/** `slack`: a difference that means nothing, whatever the values. */
function close(what: string, real: number, simulated: readonly number[], slack: number): Comparison {
  const known = simulated.filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const nothing = known.length === 0 || Number.isNaN(real);
  const agrees = nothing
    ? (known.length === 0) === Number.isNaN(real)
    : real >= low / WIDER - slack && real <= high * WIDER + slack;
  return {
    what,
    kind: "close",
    agrees,
    simulated: known.length === 0 ? "-" : `${figure(low)} to ${figure(high)}`,
    real: Number.isNaN(real) ? "-" : figure(real),
    remark: agrees || nothing ? "" : `the model is off: ${real < low ? "too high" : "too low"}`,
  };
}

const figure = (value: number): string => `${Math.round(value * 1_000) / 1_000}`;
