import {
  compareQueuePositions,
  confirmExpiryBlocks,
  dosRelease,
  expiresByTransition,
  NEW_COLLATERAL,
  OLD_COLLATERAL,
  type Params,
  startExpiryBlocks,
  TIERS,
  tierPaymentsEnforced,
  tierShare,
  updateDistance,
} from "@fluxlab/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { RunDigest } from "../../sim/src/kernel/digest.ts";
import type { Economy } from "../../sim/src/world/economy.ts";
import { OFFLINE } from "../../sim/src/world/operatorRows.ts";
import { EVENT, EVENT_ROW } from "../../sim/src/world/operators.ts";

// The economy as anyone would write it first: every node an object, every rule asked of every node in every block, every
// update played, every queue sorted from scratch. It is told what operators did, and finds out the rest for itself.

/** Everything an {@link Economy} reports while it runs. */
export class Trace extends RunDigest {
  readonly events: { kind: number; height: number; row: number }[] = [];
  readonly payees = new Map<number, number[]>();

  override row(a: number, b: number, c: number, d: number): void {
    super.row(a, b, c, d);
    if (a < EVENT_ROW) this.payees.set(a, [b, c, d]);
    else if (a < 0xc000_0000) this.events.push({ kind: a - EVENT_ROW, height: b, row: c });
  }
}

interface Node {
  status: "absent" | "started" | "dos" | "confirmed";
  tier: number;
  old: boolean;
  serial: number;
  started: number;
  confirmed: number;
  lastConfirmed: number;
  lastPaid: number;
  onlineSince: number;
  delay: number;
  earned: bigint;
}

/** What the chain itself decides, as {@link Trace.events} would tell it. */
const CHAIN_EVENTS: readonly number[] = [EVENT.startExpiry, EVENT.dosRelease, EVENT.expire, EVENT.transition];

export class NaiveEconomy {
  readonly nodes = new Map<number, Node>();
  readonly payees = new Map<number, number[]>();
  /** "height kind row" of what the chain decided. */
  readonly decided: string[] = [];
  updates = 0;
  readonly #params: Params;
  readonly #seed: string;

  /** Begins as `economy`, which has not played a block yet, begins. */
  constructor(economy: Economy) {
    this.#params = economy.plan.params;
    this.#seed = economy.plan.seed;
    const { nodes } = economy.operators;
    const { rows } = nodes;
    for (let row = 0; row < rows.length; row++) {
      const record = nodes.record(row);
      this.nodes.set(row, {
        status: record?.status === "confirmed" ? "confirmed" : "absent",
        tier: rows.tier[row]!,
        old: rows.oldCollateral[row] === 1,
        serial: 0,
        started: 0,
        confirmed: record?.confirmedHeight ?? 0,
        lastConfirmed: record?.lastConfirmedHeight ?? 0,
        lastPaid: record?.lastPaidHeight ?? 0,
        onlineSince: rows.onlineSince[row]!,
        delay: rows.updateDelay[row]!,
        earned: 0n,
      });
    }
  }

  /** Plays block `height` with what operators did in it; `after` is the economy, asked only for a newcomer's nature. */
  play(height: number, doings: readonly { kind: number; row: number }[], after: Economy): void {
    const payees = TIERS.map((_, tier) => this.#head(tier, height));
    this.payees.set(height, payees);
    const confirmedBefore = new Set(
      [...this.nodes].filter(([, node]) => node.status === "confirmed").map(([row]) => row),
    );
    const did = (kind: number) => doings.filter((doing) => doing.kind === kind).map(({ row }) => row);

    for (const row of did(EVENT.start)) this.#start(row, height, after);
    const confirming = new Set(did(EVENT.confirm));
    for (const [row, node] of this.nodes) {
      const runOut =
        node.status === "started" && node.started === height - startExpiryBlocks(this.#params, height);
      if (runOut && !confirming.has(row)) this.#decide(height, EVENT.startExpiry, row, node, "dos");
    }
    const { blocks, match } = dosRelease(this.#params, height);
    for (const [row, node] of this.nodes) {
      const due = match === "exact" ? node.started === height - blocks : node.started <= height - blocks;
      if (node.status === "dos" && due) this.#decide(height, EVENT.dosRelease, row, node, "absent");
    }
    for (const row of confirming) {
      const node = this.nodes.get(row)!;
      Object.assign(node, {
        status: "confirmed",
        confirmed: height,
        lastConfirmed: height,
        lastPaid: 0,
        onlineSince: height,
      });
    }
    for (const row of did(EVENT.offline)) this.nodes.get(row)!.onlineSince = OFFLINE;
    for (const row of did(EVENT.online)) {
      const node = this.nodes.get(row)!;
      if (node.status === "confirmed") node.onlineSince = height;
    }
    for (const row of confirmedBefore) this.#update(this.nodes.get(row)!, height);
    // Spent and out of time in one block: gone once, for being spent (03 section 5.4).
    const spent = new Set([...did(EVENT.leave), ...did(EVENT.migrate)]);
    for (const row of confirmedBefore) if (!spent.has(row)) this.#expire(row, height);
    for (const row of spent) {
      const node = this.nodes.get(row)!;
      if (node.status === "confirmed") node.status = "absent";
    }
    for (const row of did(EVENT.migrate)) this.nodes.get(row)!.old = false;

    payees.forEach((row, tier) => {
      const node = this.nodes.get(row);
      if (node === undefined) return;
      node.earned += tierShare(this.#params, height, TIERS[tier]!);
      if (node.status === "confirmed") node.lastPaid = height;
    });
  }

  #head(tier: number, height: number): number {
    if (!tierPaymentsEnforced(this.#params, height)) return -1;
    const queue = [...this.nodes].filter(([, node]) => node.status === "confirmed" && node.tier === tier);
    const positions = queue.map(([row, { confirmed, lastPaid, serial }]) => ({
      row,
      outpoint: { txid: sha256(utf8ToBytes(`${this.#seed}/collateral/${row}/${serial}`)), index: 0 },
      confirmedHeight: confirmed,
      lastPaidHeight: lastPaid,
    }));
    return positions.sort(compareQueuePositions)[0]?.row ?? -1;
  }

  #start(row: number, height: number, after: Economy): void {
    const { rows } = after.operators.nodes;
    const known = this.nodes.get(row);
    const old = rows.oldCollateral[row] === 1;
    const serial = rows.collateralSerial[row]!;
    const nature = { tier: rows.tier[row]!, delay: rows.updateDelay[row]!, old, serial };
    const blank = {
      confirmed: 0,
      lastConfirmed: 0,
      lastPaid: 0,
      onlineSince: OFFLINE,
      earned: known?.earned ?? 0n,
    };
    this.nodes.set(row, { ...blank, ...nature, status: "started", started: height });
  }

  /** fluxd's operator: looks at each tip, one block ahead of the block that carries its transaction. */
  #update(node: Node, height: number): void {
    const online = node.onlineSince !== OFFLINE && height >= node.onlineSince;
    if (!online || height - node.lastConfirmed <= updateDistance(this.#params, height) + 1 + node.delay)
      return;
    node.lastConfirmed = height;
    this.updates++;
  }

  #expire(row: number, height: number): void {
    const node = this.nodes.get(row)!;
    const tier = TIERS[node.tier]!;
    const amount = node.old ? OLD_COLLATERAL[tier] : NEW_COLLATERAL[tier];
    if (node.lastConfirmed < height - confirmExpiryBlocks(this.#params, height)) {
      this.#decide(height, EVENT.expire, row, node, "absent");
    } else if (expiresByTransition(this.#params, height, tier, amount)) {
      this.#decide(height, EVENT.transition, row, node, "absent");
    }
  }

  #decide(height: number, kind: number, row: number, node: Node, status: Node["status"]): void {
    node.status = status;
    this.decided.push(`${height} ${kind} ${row}`);
  }
}

/** What the chain decided according to a trace, in the form and order of {@link NaiveEconomy.decided}. */
export const chainDecisions = (trace: Trace): string[] =>
  trace.events
    .filter(({ kind }) => CHAIN_EVENTS.includes(kind))
    .map(({ kind, height, row }) => `${height} ${kind} ${row}`);
