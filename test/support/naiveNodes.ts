import type { Outpoint, Tier } from "@fluxlab/core";

// The life of FluxNodes as 03 section 5 of the protocol description tells it, every rule asked of every node in every block.

/** Heights at which the rules of nodes change. */
export interface Eras {
  readonly flux: number;
  readonly halving: number;
  readonly pon: number;
  readonly paymentStart: number;
}

export interface NaiveNode {
  readonly outpoint: Outpoint;
  /** The collateral's amount, satoshi; it stays the same. */
  readonly collateralAmount: bigint;
  tier: Tier | undefined;
  list: "none" | "started" | "dos" | "confirmed";
  spent: boolean;
  added: number;
  confirmed: number;
  lastConfirmed: number;
  lastPaid: number;
  ip: string;
}

export interface NodeAction {
  readonly type: "start" | "confirm" | "update" | "spend";
  readonly node: NaiveNode;
  /** Of an update. */
  readonly ip: string;
}

export class NaiveNodes {
  readonly nodes: readonly NaiveNode[];
  readonly #eras: Eras;
  readonly #tierAt: (height: number, amount: bigint) => Tier | undefined;
  /** First height at which a tier takes its new amount alone. */
  readonly #transitionEnd: Readonly<Record<Tier, number>>;
  readonly #transitionsEnforced: readonly [from: number, before: number];

  constructor(
    collaterals: readonly (readonly [Outpoint, bigint])[],
    eras: Eras,
    tierAt: (height: number, amount: bigint) => Tier | undefined,
    transitionEnd: Readonly<Record<Tier, number>>,
    transitionsEnforced: readonly [number, number],
  ) {
    this.#eras = eras;
    this.#tierAt = tierAt;
    this.#transitionEnd = transitionEnd;
    this.#transitionsEnforced = transitionsEnforced;
    this.nodes = collaterals.map(([outpoint, collateralAmount]) => ({
      outpoint,
      collateralAmount,
      tier: undefined,
      list: "none",
      spent: false,
      added: 0,
      confirmed: 0,
      lastConfirmed: 0,
      lastPaid: 0,
      ip: "",
    }));
  }

  /** Whether block `height` may hold the action by itself. */
  allows(action: NodeAction, height: number): boolean {
    const { node } = action;
    if (node.spent) return false;
    if (action.type === "spend") return true;
    if (this.#tierAt(height, node.collateralAmount) === undefined) return false;
    if (action.type === "start") return node.list === "none";
    if (action.type === "confirm") return node.list === "started";
    if (node.list !== "confirmed") return false;
    const distance = height - node.lastConfirmed;
    const { flux, halving, pon } = this.#eras;
    const least = height >= pon ? 500 : height >= halving ? 120 : 40;
    return distance > least || (height >= flux && action.ip !== node.ip && distance >= 5);
  }

  /** Confirmed nodes of a tier, sorted from scratch. */
  queue(tier: Tier): NaiveNode[] {
    const bytes = ({ outpoint }: NaiveNode) => Buffer.from(outpoint.txid);
    return this.nodes
      .filter((node) => node.list === "confirmed" && node.tier === tier)
      .sort(
        (a, b) =>
          (a.lastPaid || a.confirmed) - (b.lastPaid || b.confirmed) ||
          Math.sign(a.lastPaid) - Math.sign(b.lastPaid) ||
          bytes(a).compare(bytes(b)) ||
          a.outpoint.index - b.outpoint.index,
      );
  }

  /** Applies block `height`, whose actions are all allowed and about different nodes. */
  apply(actions: readonly NodeAction[], height: number): void {
    const { flux, halving, pon, paymentStart } = this.#eras;
    const payees = (["cumulus", "nimbus", "stratus"] as const).flatMap((tier) => this.queue(tier)[0] ?? []);
    const actionOf = new Map(actions.map((action) => [action.node, action]));
    for (const node of this.nodes) {
      const before = { ...node };
      const action = actionOf.get(node);
      if (action?.type === "start") {
        const tier = this.#tierAt(height, node.collateralAmount);
        Object.assign(node, {
          list: "started",
          tier,
          added: height,
          confirmed: 0,
          lastConfirmed: 0,
          lastPaid: 0,
          ip: "",
        });
      }
      if (before.list === "started") {
        if (action?.type === "confirm")
          Object.assign(node, { list: "confirmed", confirmed: height, lastConfirmed: height });
        else if (before.added === height - (height >= pon ? 240 : 60)) node.list = "dos";
      }
      if (before.list === "dos") {
        const released = height >= pon ? before.added <= height - 720 : before.added === height - 180;
        if (released) node.list = "none";
      }
      if (action?.type === "spend") node.spent = true;
      if (before.list !== "confirmed") continue;
      if (action?.type === "update") Object.assign(node, { lastConfirmed: height, ip: action.ip });
      else {
        const expiry = height >= pon ? 640 : height >= halving ? 160 : height >= flux ? 80 : 60;
        if (before.lastConfirmed < height - expiry) node.list = "none";
      }
      if (action?.type === "spend") node.list = "none";
      const [from, end] = this.#transitionsEnforced;
      const outdated =
        height >= this.#transitionEnd[node.tier!] &&
        this.#tierAt(height, node.collateralAmount) === undefined;
      if (height >= from && height < end && outdated) node.list = "none";
    }
    if (height < paymentStart) return;
    for (const payee of payees) if (payee.list === "confirmed") payee.lastPaid = height;
  }
}
