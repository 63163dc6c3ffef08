import {
  dosRelease,
  type FluxnodeRecord,
  type HeaderHistory,
  NEW_COLLATERAL,
  type Params,
  type PerTier,
  parseFlux,
  type StateContents,
  startExpiryBlocks,
  TIERS,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import type { Field } from "../../field.ts";
import type { Json } from "../../json.ts";
import { agree, type Outcome } from "../kind.ts";
import {
  confirmedNodes,
  ipText,
  type Listed,
  listedNodes,
  nextPayee,
  paymentAddress,
} from "./fluxnodeLists.ts";
import type { RecordedChains } from "./recordedChains.ts";

// What the daemon's RPC says of FluxNodes after a block. Source: fluxd src/rpc/fluxnode.cpp.

type Entry = { readonly [key: string]: Json };

/** A state, the rules it came of, and the headers that led there. */
interface Asked {
  readonly state: StateContents;
  readonly params: Params;
  readonly headers: HeaderHistory;
}

const TIER_NAME: PerTier<string> = { cumulus: "CUMULUS", nimbus: "NIMBUS", stratus: "STRATUS" };
/** Names of the tiers in older counts, which fluxd still gives. */
const FORMER_NAME: PerTier<string> = { cumulus: "basic", nimbus: "super", stratus: "bamf" };

/** Source: fluxd src/primitives/transaction.cpp COutPoint::ToString. */
const outpointText = ({ outpoint }: FluxnodeRecord): string =>
  `COutPoint(${toDisplayHex(outpoint.txid)}, ${outpoint.index})`;

/** What every answer about a node begins with; a node that cannot be paid has an empty address. */
const nodeEntry = (node: FluxnodeRecord, { state, params }: Asked): Entry => ({
  collateral: outpointText(node),
  added_height: node.identity.addedHeight,
  payment_address: paymentAddress(node, state, params) ?? "",
});

const confirmedEntry = (node: FluxnodeRecord, asked: Asked): Entry => ({
  ...nodeEntry(node, asked),
  ip: ipText(node),
  confirmed_height: node.confirmedHeight,
  last_confirmed_height: node.lastConfirmedHeight,
  last_paid_height: node.lastPaidHeight,
  tier: TIER_NAME[node.identity.tier],
});

const ranked = (asked: Asked): Entry[] =>
  TIERS.flatMap((tier) =>
    Array.from(asked.state.queue(tier), (node, rank) => ({
      ...confirmedEntry(node, asked),
      txhash: toDisplayHex(node.outpoint.txid),
      outidx: `${node.outpoint.index}`,
      pubkey: toWireHex(node.identity.pubkey),
      activesince: `${asked.headers.time(node.identity.addedHeight)}`,
      lastpaid: `${asked.headers.time(node.lastPaidHeight)}`,
      amount: node.identity.collateralAmount,
      rank,
    })),
  );

/** `window`: blocks after its START for which a node stays in the list, as of the tip. */
const waiting = (list: Listed, key: string, window: number, asked: Asked): Entry[] =>
  listedNodes(asked.state, list).map((node) => ({
    ...nodeEntry(node, asked),
    [key]: node.identity.addedHeight + window - asked.state.height,
    amount: node.identity.collateralAmount,
  }));

function winners(asked: Asked): Entry {
  const entries = TIERS.flatMap((tier) => {
    const payee = nextPayee(asked.state, tier, asked.params);
    return payee === undefined ? [] : [[`${TIER_NAME[tier]} Winner`, confirmedEntry(payee.node, asked)]];
  });
  return Object.fromEntries(entries);
}

function counts({ state }: Asked): Entry {
  const nodes = confirmedNodes(state);
  const perTier = TIERS.flatMap((tier) => {
    const count = nodes.filter(({ identity }) => identity.tier === tier).length;
    return [
      [`${FORMER_NAME[tier]}-enabled`, count],
      [`${tier}-enabled`, count],
    ];
  });
  return { total: nodes.length, stable: nodes.length, ...Object.fromEntries(perTier) };
}

/** Confirmed nodes by whether their collateral is of the amounts before or after the transitions. */
function migration({ state }: Asked): Entry[] {
  const nodes = confirmedNodes(state);
  return ["old", "new"].map((which) => {
    const counted = nodes.filter(
      ({ identity: { tier, collateralAmount } }) =>
        (collateralAmount === NEW_COLLATERAL[tier]) === (which === "new"),
    );
    const perTier = TIERS.map((tier) => [
      `${tier}-enabled-${which}`,
      counted.filter(({ identity }) => identity.tier === tier).length,
    ]);
    return { [`total-${which}`]: counted.length, ...Object.fromEntries(perTier) };
  });
}

/** What each method answers. */
const METHODS: Readonly<Record<string, (asked: Asked) => Entry | Entry[]>> = {
  viewdeterministicfluxnodelist: ranked,
  getstartlist: (asked) =>
    waiting("started", "expires_in", startExpiryBlocks(asked.params, asked.state.height), asked),
  getdoslist: (asked) =>
    waiting("dos", "eligible_in", dosRelease(asked.params, asked.state.height).blocks, asked),
  fluxnodecurrentwinner: winners,
  getfluxnodecount: counts,
  getmigrationcount: migration,
};

/** Members that tell how the text of an ip reads, of which no rule knows. */
const OF_ADDRESS_TEXT: ReadonlySet<string> = new Set(["network", "ipv4", "ipv6", "onion"]);

/** The lists that the daemon gives in no order that the chain fixes. */
const UNORDERED: ReadonlySet<string> = new Set(["getstartlist", "getdoslist"]);

/** Methods whose answers a line has. @throws FormatError if there is none, or one that is not known */
export function rpcMethods(line: Field): string[] {
  const rpc = line.get("rpc");
  const methods = rpc.keys();
  if (methods.length === 0) rpc.fail("answers");
  const other = methods.find((method) => !Object.hasOwn(METHODS, method));
  if (other !== undefined) rpc.get(other).fail(`an answer to one of ${Object.keys(METHODS).join(", ")}`);
  return methods;
}

/** Holds one answer of a line against the state after its block. @throws FormatError */
export function checkRpc(line: Field, method: string, chains: RecordedChains): Outcome {
  const hash = line.get("hash");
  const row = chains.connectedRow(hash);
  const { tree } = chains.sharedFor(hash);
  const state = chains.stateAfter(hash);
  const headers = tree.history(row);
  const answer = METHODS[method]!({ state, params: chains.params, headers });
  const said = readAnswer(line.get("rpc").get(method));
  const sorted = (value: Json): Json =>
    UNORDERED.has(method) && Array.isArray(value) ? value.toSorted(byCollateral) : value;
  return agree(
    {
      height: line.get("height").height(),
      tipTime: line.find("tipTime")?.u32(),
      ...flat(sorted(said), method),
    },
    { height: state.height, tipTime: headers.time(headers.height), ...flat(sorted(answer), method) },
  );
}

const byCollateral = (a: Json, b: Json): number => (collateralOf(a) < collateralOf(b) ? -1 : 1);

const collateralOf = (entry: Json): string => `${(entry as Entry)["collateral"]}`;

/** The answer, amounts as satoshi, less what is not compared. */
function readAnswer(field: Field): Json {
  if (field.isList()) return field.items().map(readAnswer);
  if (!field.isObject()) return readValue(field);
  const kept = field.keys().filter((key) => !OF_ADDRESS_TEXT.has(key));
  return Object.fromEntries(kept.map((key) => [key, readMember(field.get(key), key)]));
}

function readMember(field: Field, key: string): Json {
  if (key !== "amount") return readAnswer(field);
  return parseFlux(field.text()) ?? field.fail("an amount of FLUX");
}

function readValue(field: Field): Json {
  const { value } = field;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  return field.fail("a text or a number");
}

/** Every value by its path, and the length of every list: what differs is then named. */
function flat(value: Json, path: string): Readonly<Record<string, Json>> {
  if (typeof value !== "object" || value === null) return { [path]: value };
  const members = Object.entries(value).map(([key, member]) =>
    flat(member as Json, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`),
  );
  return Object.assign({ [`${path}.members`]: members.length }, ...members);
}
