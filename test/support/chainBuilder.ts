import {
  BaseState,
  type Block,
  type BlockHeader,
  connectBlock,
  displayHash,
  type FluxnodeConfirm,
  type FluxnodeMove,
  type FluxnodeStart,
  heightPush,
  merkleTree,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  nobleEcdsa,
  type OrdinaryTransaction,
  type Outpoint,
  type Params,
  paymentsDueAfter,
  perTier,
  ponHeightReached,
  remainder,
  SAPLING_GROUP_ID,
  type StateDelta,
  scriptOfAddress,
  specialFundingAt,
  TIERS,
  type Transaction,
  type TxOutput,
  txid,
  upgradeActive,
  type Verdict,
} from "@fluxlab/core";

// Blocks made to order, for tests that care what blocks do and not who signed them.

const EMPTY_SAPLING_ROOT = displayHash("3e49b5f954aa9d3545bc6c37744661eea48d7c34e3000d82b7f0010c30f4c2fb");
const NO_BYTES = new Uint8Array(0);

/** An ordinary transaction of the format of its height. */
export function ordinaryTx(
  params: Params,
  height: number,
  parts: Partial<OrdinaryTransaction>,
): OrdinaryTransaction {
  const overwintered = upgradeActive(params.upgrades, "acadia", height);
  return {
    kind: "ordinary",
    overwintered,
    version: overwintered ? 4 : 1,
    versionGroupId: overwintered ? SAPLING_GROUP_ID : 0,
    inputs: [],
    outputs: [],
    lockTime: 0,
    expiryHeight: 0,
    shielded: NOTHING_SHIELDED,
    ...parts,
  };
}

/** A START of version 5. `key` (33 bytes) is owner and operator. */
export const startTx = (collateral: Outpoint, key: Uint8Array, sigTime: number): FluxnodeStart => ({
  kind: "fluxnodeStart",
  version: 5,
  fluxTxVersion: 0,
  collateral,
  collateralPubkey: key,
  pubkey: key,
  redeemScript: NO_BYTES,
  sigTime,
  sig: NO_BYTES,
  delegates: undefined,
});

export const confirmTx = (
  collateral: Outpoint,
  updateType: number,
  ip: string,
  sigTime: number,
): FluxnodeConfirm => ({
  kind: "fluxnodeConfirm",
  version: 5,
  collateral,
  sigTime,
  benchmarkTier: 3,
  benchmarkSigTime: sigTime,
  updateType,
  ip: Uint8Array.from(Buffer.from(ip)),
  sig: NO_BYTES,
  benchmarkSig: NO_BYTES,
});

/** A chain whose blocks are connected without looking at signatures and headers. */
export class ChainBuilder {
  readonly params: Params;
  readonly state: BaseState;
  readonly deltas: StateDelta[];
  /** Everything that happened to nodes so far. */
  readonly moves: Set<FluxnodeMove>;

  constructor(params: Params) {
    this.params = params;
    this.state = new BaseState();
    this.deltas = [];
    this.moves = new Set();
  }

  /** A block on the tip: its coinbase pays what is due, and `extra` outputs before that. */
  block(transactions: readonly Transaction[], extra: readonly TxOutput[] = []): Block {
    const { params, state } = this;
    const height = state.height + 1;
    const coinbase = ordinaryTx(params, height, {
      inputs: [
        {
          prevout: NULL_OUTPOINT,
          scriptSig: Uint8Array.of(...heightPush(height), 0, 0),
          sequence: 0xffff_ffff,
        },
      ],
      outputs: [...extra, ...this.#due(height)],
    });
    const all = [coinbase, ...transactions];
    const common = {
      previousHash: state.blockHash,
      merkleRoot: merkleTree(all.map(txid)).root,
      saplingRoot: EMPTY_SAPLING_ROOT,
      time: params.genesis.time + height,
      bits: 0x1f07ffff,
    };
    const header: BlockHeader = ponHeightReached(params.upgrades, height)
      ? { ...common, kind: "pon", version: 100, collateral: NULL_OUTPOINT, signature: NO_BYTES }
      : { ...common, kind: "pow", version: 4, nonce: new Uint8Array(32), solution: NO_BYTES };
    return { header, transactions: all };
  }

  #due(height: number): TxOutput[] {
    const { params, state } = this;
    const scriptOf = scriptOfAddress(params);
    const due = paymentsDueAfter(state, params);
    const left = remainder(
      params,
      height,
      perTier((tier) => due[tier] !== undefined),
    );
    return [
      { value: left, scriptPubKey: scriptOf(params.funds.devAddress) },
      ...TIERS.flatMap((tier) => due[tier] ?? []).map(({ amount, scriptPubKey }) => ({
        value: amount,
        scriptPubKey,
      })),
      ...specialFundingAt(params, height).map(({ amount, address }) => ({
        value: amount,
        scriptPubKey: scriptOf(address),
      })),
    ];
  }

  judge(block: Block): Verdict {
    return connectBlock(this.state, block, this.params, { ecdsa: nobleEcdsa, trust: "signatures" });
  }

  /** Connects a block that must be valid. */
  mine(transactions: readonly Transaction[] = [], extra: readonly TxOutput[] = []): StateDelta {
    return this.connect(this.block(transactions, extra));
  }

  /** Connects a block of others that must be valid. */
  connect(block: Block): StateDelta {
    const verdict = this.judge(block);
    if (verdict.verdict !== "connected") {
      throw new Error(
        `height ${this.state.height + 1}: ${JSON.stringify(verdict, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`,
      );
    }
    this.state.apply(verdict.delta);
    this.deltas.push(verdict.delta);
    for (const { move } of verdict.events) this.moves.add(move);
    return verdict.delta;
  }

  mineTo(height: number): void {
    while (this.state.height < height) this.mine();
  }
}
