import {
  type FluxnodeRecord,
  type Params,
  parseFlux,
  type StateContents,
  TIER_CODE,
  TIERS,
} from "@fluxlab/core";
import { InputError } from "../../commandLine.ts";
import type { Field } from "../../field.ts";
import type { Json } from "../../json.ts";
import { agree, type Outcome } from "../kind.ts";
import {
  collateralText,
  confirmedNodes,
  foundList,
  ipText,
  nextPayee,
  numbered,
  paymentAddress,
  saidList,
} from "./fluxnodeLists.ts";
import type { RecordedChains } from "./recordedChains.ts";

// Lists and next payees after every block. Rows point into one table: [number of the node, heights…, ip].

type Rows = Readonly<Record<string, Json | undefined>>;

/** What the table says of a node: [collateral, tier, amount, address]. No list of the daemon gave a tier it left open. */
type Identity = readonly [string, number | null, bigint, string];

/** Lines of states over the table in the file's first line. */
export class StateLines {
  readonly #table: readonly Identity[];
  readonly #byCollateral: ReadonlyMap<string, Identity>;
  readonly #chains: RecordedChains;

  /** @throws FormatError if the table is not one */
  constructor(head: Field, chains: RecordedChains) {
    this.#chains = chains;
    this.#table = head.get("nodes").items().map(identityOf);
    this.#byCollateral = new Map(this.#table.map((node) => [node[0], node]));
  }

  /** Holds a line against the state after its block. @throws FormatError */
  check(line: Field): Outcome {
    const hash = line.get("hash");
    const state = this.#chains.stateAfter(hash);
    const { params } = this.#chains;
    return agree(
      { height: line.get("height").height(), ...this.#saidLists(line), ...this.#saidWinners(line) },
      { height: state.height, ...this.#foundLists(state), ...foundWinners(line, state, params) },
    );
  }

  #node(number: Field): Identity {
    return this.#table[number.integer(0, this.#table.length - 1)]!;
  }

  #saidLists(line: Field): Rows {
    const rows = (list: string, heights: number, end: (row: Field) => Json[]) =>
      line
        .get(list)
        .items()
        .map((row): [string, ...Json[]] => [
          ...this.#node(row.at(0)),
          ...Array.from({ length: heights }, (_, i) => row.at(i + 1).height()),
          ...end(row),
        ]);
    return {
      ...numbered(
        "confirmed",
        rows("confirmed", 4, (row) => [row.at(5).text()]),
      ),
      ...saidList(
        "started",
        rows("started", 1, () => []),
      ),
      ...saidList(
        "dos",
        rows("dos", 1, () => []),
      ),
    };
  }

  #foundLists(state: StateContents): Rows {
    const { params } = this.#chains;
    const identity = (node: FluxnodeRecord): Json[] => {
      const [, tier, , address] = this.#byCollateral.get(collateralText(node)) ?? [];
      return [
        tier === null ? null : TIER_CODE[node.identity.tier],
        node.identity.collateralAmount,
        // Of a foundation node whose collateral is gone only the table still knows the address.
        paymentAddress(node, state, params) ?? address ?? "",
        node.identity.addedHeight,
      ];
    };
    const confirmed = confirmedNodes(state).map((node): Json[] => [
      collateralText(node),
      ...identity(node),
      node.confirmedHeight,
      node.lastConfirmedHeight,
      node.lastPaidHeight,
      ipText(node),
    ]);
    return {
      ...numbered("confirmed", confirmed),
      ...foundList("started", state, identity),
      ...foundList("dos", state, identity),
    };
  }

  #saidWinners(line: Field): Rows {
    const winners = line.get("winners");
    return byTier((tier) => {
      const winner = winners.find(tier);
      if (winner === undefined) return null;
      const [collateral] = this.#node(winner.at(0));
      return isReplayed(line) ? [collateral] : [collateral, winner.at(1).text()];
    });
  }
}

function identityOf(node: Field): Identity {
  const tier = node.get("tier");
  return [
    node.get("collateral").text(),
    tier.value === null ? null : tier.integer(1, TIERS.length),
    node.get("amount").parsed(satoshi),
    node.get("payment_address").text(),
  ];
}

function satoshi(text: string): bigint {
  const amount = parseFlux(text);
  if (amount === undefined) throw new InputError(`"${text.slice(0, 60)}" is no amount of FLUX`);
  return amount;
}

/** Not told by the daemon: such lines name the first in line of each tier, whether or not it can be paid. */
const isReplayed = (line: Field): boolean => line.find("source") !== undefined;

const foundWinners = (line: Field, state: StateContents, params: Params): Rows =>
  byTier((tier) => {
    if (isReplayed(line)) {
      const first = state.queueHead(tier);
      return first === undefined ? null : [collateralText(first)];
    }
    const payee = nextPayee(state, tier, params);
    return payee === undefined ? null : [collateralText(payee.node), payee.address];
  });

const byTier = (of: (tier: (typeof TIERS)[number]) => Json): Rows =>
  Object.fromEntries(TIERS.map((tier) => [`winners.${tier}`, of(tier)]));
