import {
  type Block,
  blockHash,
  buildScript,
  displayHash,
  FINAL_SEQUENCE,
  merkleTree,
  modelledSolution,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  type OrdinaryTransaction,
  type Params,
  type PowHeader,
  toDisplayHex,
  txid,
  ZERO_HASH,
} from "@fluxlab/core";

/** A network and the block it begins with. */
export interface LabNetwork {
  readonly params: Params;
  readonly genesis: Block;
}

/** Its one output is worth nothing, and no state has it. */
export const genesisCoinbase: OrdinaryTransaction = {
  kind: "ordinary",
  overwintered: false,
  version: 1,
  versionGroupId: 0,
  inputs: [
    {
      prevout: NULL_OUTPOINT,
      // "Flux Lab" in ASCII.
      scriptSig: buildScript(Uint8Array.of(0x46, 0x6c, 0x75, 0x78, 0x20, 0x4c, 0x61, 0x62)),
      sequence: FINAL_SEQUENCE,
    },
  ],
  outputs: [{ value: 0n, scriptPubKey: new Uint8Array() }],
  lockTime: 0,
  expiryHeight: 0,
  shielded: NOTHING_SHIELDED,
};

/** A height that no run reaches. fluxd's own "never", -1, is one that proof of node has passed (src/main.cpp, heights compared as they are). */
const NEVER = 0x7fff_ffff;

function withoutUnplannedPon(upgrades: Params["upgrades"]): Params["upgrades"] {
  return upgrades.pon.height >= 0 ? upgrades : { ...upgrades, pon: { ...upgrades.pon, height: NEVER } };
}

/** Rules of `base` for a laboratory network, where proof of work is modelled and no chain is known beforehand. */
export const modelledRules = (base: Params): Params => ({
  ...base,
  kind: "lab",
  proof: "modelled",
  upgrades: withoutUnplannedPon(base.upgrades),
  checkpoints: {},
  minimumChainWork: ZERO_HASH_TEXT,
});

const ZERO_HASH_TEXT = "0".repeat(64);

/**
 * A laboratory network by the rules of `base`, with a genesis block of its own at a time of one's own (Unix seconds), where
 * proof of work is modelled.
 */
export function labNetwork(base: Params, time: number): LabNetwork {
  const lab = modelledRules(base);
  const merkleRoot = merkleTree([txid(genesisCoinbase)]).root;
  const header: PowHeader = {
    kind: "pow",
    version: base.genesis.version,
    previousHash: ZERO_HASH,
    merkleRoot,
    saplingRoot: ZERO_HASH,
    time,
    bits: base.genesis.bits,
    nonce: displayHash(base.genesis.nonce),
    solution: modelledSolution(0, lab),
  };
  const genesis = {
    ...base.genesis,
    hash: toDisplayHex(blockHash(header)),
    time,
    merkleRoot: toDisplayHex(merkleRoot),
  };
  return {
    params: { ...lab, genesis },
    genesis: { header, transactions: [genesisCoinbase] },
  };
}
