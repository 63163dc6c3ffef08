import {
  type FluxnodeRecord,
  type Params,
  paymentsDue,
  type StateContents,
  scriptAddress,
  TIER_CODE,
  TIERS,
  type Tier,
  toDisplayHex,
} from "@fluxlab/core";
import type { Field } from "../../field.ts";
import type { Json } from "../../json.ts";

// The lists of FluxNodes after a block, in the orders in which the recordings have them.

/** A list that is not a queue: recordings have it in the order of the collaterals' text. */
export type Listed = "started" | "dos";

type Rows = Readonly<Record<string, Json | undefined>>;

/** A collateral as recordings write it. */
export const collateralText = ({ outpoint }: FluxnodeRecord): string =>
  `${toDisplayHex(outpoint.txid)}:${outpoint.index}`;

/** Nodes that are started or in the DoS list, by the text of their collateral. */
export const listedNodes = (state: StateContents, list: Listed): FluxnodeRecord[] =>
  [...state.fluxnodes()]
    .filter(({ status }) => status === list)
    .map((node): [string, FluxnodeRecord] => [collateralText(node), node])
    .sort(byCollateral)
    .map(([, node]) => node);

/** Confirmed nodes as they are paid, tier by tier. */
export const confirmedNodes = (state: StateContents): FluxnodeRecord[] =>
  TIERS.flatMap((tier) => [...state.queue(tier)]);

const byCollateral = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number =>
  a < b ? -1 : a > b ? 1 : 0;

/** The rows of a list by name and number, and how many they are: what differs is then named. */
export const numbered = (list: string, rows: readonly Json[]): Rows => ({
  [`${list}.length`]: rows.length,
  ...Object.fromEntries(rows.map((row, i) => [`${list}[${i}]`, row])),
});

/** Recorded rows [collateral, …] of a list whose order says nothing. */
export const saidList = (list: Listed, rows: readonly (readonly [string, ...Json[]])[]): Rows =>
  numbered(list, rows.toSorted(byCollateral));

/** The same list of a state; `rest` is what follows the collateral. */
export const foundList = (
  list: Listed,
  state: StateContents,
  rest: (node: FluxnodeRecord) => readonly Json[],
): Rows =>
  numbered(
    list,
    listedNodes(state, list).map((node) => [collateralText(node), ...rest(node)]),
  );

/** The ip of a node as the daemon prints it. */
export const ipText = ({ ip }: FluxnodeRecord): string => Buffer.from(ip).toString();

/** All of a record in one row: [collateral, tier, added, confirmed, lastConfirmed, lastPaid, ip]. */
export const stateRow = (node: FluxnodeRecord): [string, ...Json[]] => [
  collateralText(node),
  TIER_CODE[node.identity.tier],
  node.identity.addedHeight,
  node.confirmedHeight,
  node.lastConfirmedHeight,
  node.lastPaidHeight,
  ipText(node),
];

/** The three lists of a state recorded as such rows. */
export function saidState(recorded: Field): Rows {
  const rows = (list: string) =>
    recorded
      .get(list)
      .items()
      .map((row): [string, ...Json[]] => [
        row.at(0).text(),
        ...[1, 2, 3, 4, 5].map((i) => row.at(i).height()),
        row.at(6).text(),
      ]);
  return {
    ...numbered("confirmed", rows("confirmed")),
    ...saidList("started", rows("started")),
    ...saidList("dos", rows("dos")),
  };
}

/** The same of a state. */
export function foundState(state: StateContents): Rows {
  const rest = (node: FluxnodeRecord): Json[] => stateRow(node).slice(1);
  return {
    ...numbered("confirmed", confirmedNodes(state).map(stateRow)),
    ...foundList("started", state, rest),
    ...foundList("dos", state, rest),
  };
}

/**
 * Where a node is paid; undefined for a foundation node whose collateral is gone. Asked as if it were the first of its tier,
 * whether or not tiers are paid yet.
 */
export function paymentAddress(
  node: FluxnodeRecord,
  state: StateContents,
  params: Params,
): string | undefined {
  const { tier } = node.identity;
  const due = paymentsDue(
    (asked) => (asked === tier ? node : undefined),
    ({ outpoint }) => state.coin(outpoint),
    state.height + 1,
    params,
  )[tier];
  return due && scriptAddress(due.scriptPubKey, params);
}

/** The next payee of a tier, and where it is paid; undefined if nobody is, be it that the first in line cannot be. */
export function nextPayee(
  state: StateContents,
  tier: Tier,
  params: Params,
): { readonly node: FluxnodeRecord; readonly address: string } | undefined {
  const node = state.queueHead(tier);
  const address = node && paymentAddress(node, state, params);
  return node === undefined || address === undefined ? undefined : { node, address };
}
