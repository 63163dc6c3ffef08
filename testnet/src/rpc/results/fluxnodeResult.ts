import {
  type FluxnodeRecord,
  formatFlux,
  isIpv4,
  isRoutable,
  type Outpoint,
  type Params,
  parseIp,
  payeeScript,
  type StateView,
  scriptAddress,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import type { JsonObject } from "@fluxlab/core/host";
import type { CommandContext } from "../command.ts";

// FluxNodes as lists show them. Source: fluxd src/rpc/fluxnode.cpp.

/** With the whole id of the transaction. Source: fluxd COutPoint::ToFullString. */
export const collateralText = ({ txid, index }: Outpoint): string =>
  `COutPoint(${toDisplayHex(txid)}, ${index})`;

export const ipOf = ({ ip }: FluxnodeRecord): string => Buffer.from(ip).toString("utf8");

/**
 * Which network a bare IP or onion name is of; "" for anything else, addresses that nobody elsewhere can reach among them.
 * Source: fluxd src/netbase.cpp CNetAddr::GetNetwork.
 */
export function hostNetwork(host: string): "ipv4" | "ipv6" | "onion" | "" {
  if (/^[a-z2-7]{16}\.onion$/i.test(host)) return "onion";
  const ip = parseIp(host);
  if (ip === undefined || !isRoutable(ip)) return "";
  return isIpv4(ip) ? "ipv4" : "ipv6";
}

/** Which network an ip text is of, with or without a port. */
function networkName(ip: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(ip)?.[1];
  return hostNetwork(bracketed ?? (ip.split(":").length === 2 ? ip.slice(0, ip.indexOf(":")) : ip));
}

/** Whom payments to the node go; "" where that is read from a collateral that is gone. */
export function paymentAddress(record: FluxnodeRecord, state: StateView, params: Params): string {
  const script = payeeScript(record, () => state.coin(record.outpoint), params);
  return script === undefined ? "" : (scriptAddress(script, params) ?? "");
}

/** The time of the block at a height, as text; a node that was never paid was paid by genesis, at height 0. */
const timeAt = (height: number, { api, index }: CommandContext): string =>
  `${api.node.chain.shared.tree.time(index.rowAt(height)!)}`;

/** At least two decimals. Source: fluxd src/utilmoneystr.cpp FormatMoney. */
function moneyText(satoshi: bigint): string {
  const [whole = "", fraction = ""] = formatFlux(satoshi).split(".");
  return `${whole}.${fraction.replace(/0+$/, "").padEnd(2, "0")}`;
}

/** What lists and winners share. */
const heightsJson = ({
  identity,
  confirmedHeight,
  lastConfirmedHeight,
  lastPaidHeight,
}: FluxnodeRecord): JsonObject => ({
  added_height: identity.addedHeight,
  confirmed_height: confirmedHeight,
  last_confirmed_height: lastConfirmedHeight,
  last_paid_height: lastPaidHeight,
  tier: identity.tier.toUpperCase(),
});

/** A node as viewdeterministicfluxnodelist shows it, but for its rank. */
export function nodeJson(record: FluxnodeRecord, state: StateView, context: CommandContext): JsonObject {
  const { outpoint, identity, lastPaidHeight } = record;
  const ip = ipOf(record);
  return {
    collateral: collateralText(outpoint),
    txhash: toDisplayHex(outpoint.txid),
    outidx: `${outpoint.index}`,
    ip,
    network: networkName(ip),
    ...heightsJson(record),
    payment_address: paymentAddress(record, state, context.api.params),
    pubkey: toWireHex(identity.pubkey),
    activesince: timeAt(identity.addedHeight, context),
    lastpaid: timeAt(lastPaidHeight, context),
    amount: moneyText(identity.collateralAmount),
  };
}

/** The payee of a tier's next block. */
export const winnerJson = (record: FluxnodeRecord, state: StateView, params: Params): JsonObject => ({
  collateral: collateralText(record.outpoint),
  ip: ipOf(record),
  ...heightsJson(record),
  payment_address: paymentAddress(record, state, params),
});

/** A node of the start or DoS list; `left`: blocks until it leaves the list, under the name that the list has for it. */
export const waitingJson = (
  record: FluxnodeRecord,
  left: readonly [name: string, blocks: number],
  state: StateView,
  params: Params,
): JsonObject => ({
  collateral: collateralText(record.outpoint),
  added_height: record.identity.addedHeight,
  payment_address: paymentAddress(record, state, params),
  [left[0]]: left[1],
  amount: moneyText(record.identity.collateralAmount),
});
