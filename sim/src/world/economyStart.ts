import {
  assert,
  type BlockHeader,
  blockHash,
  type Coin,
  type FluxnodeRecord,
  headersLookedAt,
  merkleTree,
  modelledSolution,
  type Outpoint,
  type Params,
  SproutTree,
  sha256d,
  TIERS,
  targetSpacing,
  txid,
  ZERO_HASH,
} from "@fluxlab/core";
import type { Economy } from "./economy.ts";
import type { LabFluxnode } from "./labFluxnode.ts";
import { genesisCoinbase } from "./labGenesis.ts";
import { anyoneCanSpend } from "./modelledMining.ts";
import { OFFLINE } from "./operatorRows.ts";
import { adopt, adoptedCoin, adoptedRecord, type WorldStart } from "./worldStart.ts";

/**
 * The chain as an economy has left it, for full nodes to go on from: its FluxNodes with all their heights, a coin for every
 * collateral and one for everybody else's money, and as many headers as rules look back on, at the target spacing. There never
 * were blocks, so the last one holds nothing. Operators whose nodes are down stay away.
 *
 * @param params the economy's rules, for a laboratory network
 * @param seconds when the world begins, Unix
 */
export function startAfterEconomy(economy: Economy, params: Params, seconds: number): WorldStart {
  const { operators, chain } = economy;
  const { rows } = operators.nodes;
  const present = Array.from({ length: rows.length }, (_, row) => row).filter((row) => rows.left[row] === 0);
  const adopted = adopt(
    present.map((row) => ({ tier: TIERS[rows.tier[row]!]!, collateral: rows.collateral[row]!, ip: NO_IP })),
  );
  const rowOf = new Map(present.map((row) => [rows.key[row]!, row]));
  const owned = Array.from(adopted.byCollateral, ([key, operator]) => ({ row: rowOf.get(key)!, operator }));
  const coins = coinsOf(economy, owned);
  const records = owned.flatMap(({ row, operator }) => recordOf(economy, row, operator));
  const headers = modelledHeaders(chain.height, params, seconds);
  const header = headers.at(-1)!;
  return {
    chain: {
      headers,
      block: { header, transactions: [genesisCoinbase] },
      state: {
        height: chain.height,
        blockHash: blockHash(header),
        supply: { transparent: chain.supply, sprout: 0n },
        sproutTree: SproutTree.EMPTY,
        sproutTreeAt: () => undefined,
        coins: () => coins,
        fluxnodes: () => records,
        allDelegates: () => [],
        sproutNullifiers: () => [],
        sproutAnchors: () => [],
      },
    },
    params,
    fluxnodes: adopted.fluxnodes,
    idle: new Set(owned.flatMap(({ row }, i) => (isDown(economy, row) ? [i] : []))),
    seconds,
  };
}

const NO_IP = new Uint8Array(0);

/** An operator of the economy, and who he is in the laboratory. */
interface Owned {
  readonly row: number;
  readonly operator: LabFluxnode;
}

/** A collateral each, and the rest of the supply in one coin. */
function coinsOf(
  { operators: { nodes }, chain }: Economy,
  owned: readonly Owned[],
): (readonly [Outpoint, Coin])[] {
  let rest = chain.supply;
  const collaterals = owned.map(({ row, operator }): readonly [Outpoint, Coin] => {
    const value = nodes.collateral(row);
    const height = nodes.rows.collateralHeight[row]!;
    rest -= value;
    const coin = { value, height, coinbase: false, scriptPubKey: anyoneCanSpend };
    return [operator.collateral, adoptedCoin(coin, operator)];
  });
  assert(rest >= 0n, "operators lock no more than there is");
  return [
    ...collaterals,
    [EVERYBODY_ELSE, { value: rest, height: 1, coinbase: false, scriptPubKey: anyoneCanSpend }],
  ];
}

/** What the chain knows of a node, its solved UPDATEs included. */
function recordOf({ operators: { nodes } }: Economy, row: number, operator: LabFluxnode): FluxnodeRecord[] {
  const record = nodes.record(row);
  if (record === undefined) return [];
  const lastConfirmedHeight = record.status === "confirmed" ? nodes.lastConfirmed(row) : 0;
  return [adoptedRecord({ ...record, lastConfirmedHeight }, operator)];
}

const isDown = ({ operators: { nodes } }: Economy, row: number): boolean =>
  nodes.record(row)?.status === "confirmed" && nodes.rows.onlineSince[row] === OFFLINE;

/** The coin of those who run no FluxNode. */
const EVERYBODY_ELSE: Outpoint = {
  txid: sha256d(Uint8Array.from("flux lab economy", (letter) => letter.charCodeAt(0))),
  index: 0,
};

/** The last headers of a chain that came at the target spacing, at the easiest target, up to `height`. */
function modelledHeaders(height: number, params: Params, seconds: number): BlockHeader[] {
  const merkleRoot = merkleTree([txid(genesisCoinbase)]).root;
  const count = Math.min(headersLookedAt(params), height + 1);
  const spacing = targetSpacing(params, height);
  const headers: BlockHeader[] = [];
  for (let at = height - count + 1; at <= height; at++) {
    const previous = headers.at(-1);
    headers.push({
      kind: "pow",
      version: params.genesis.version,
      previousHash: previous === undefined ? ZERO_HASH : blockHash(previous),
      merkleRoot,
      saplingRoot: ZERO_HASH,
      time: seconds - (height - at + 1) * spacing,
      bits: params.genesis.bits,
      nonce: ZERO_HASH,
      solution: modelledSolution(at, params),
    });
  }
  return headers;
}
