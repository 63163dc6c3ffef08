import { branchIdAt, DISABLED, type NetworkKind, toDisplayHex, UPGRADES, type Upgrade } from "@fluxlab/core";
import { hexWord, type Json, JsonMembers, type JsonObject, JsonReal } from "@fluxlab/core/host";
import type { CommandContext } from "../command.ts";
import { poolJson } from "./blockResult.ts";
import { chainWork, difficulty } from "./headerFacts.ts";
import { nextWorkBits } from "./networkRate.ts";

// Source: fluxd src/rpc/blockchain.cpp getblockchaininfo, src/consensus/upgrades.cpp NetworkUpgradeInfo.

const UPGRADE_TEXTS: Partial<Record<Upgrade, readonly [name: string, info: string]>> = {
  acadia: ["Acadia", "The Zelcash Acadia Update"],
  kamiooka: ["Kamiooka", "Zel Kamiooka Upgrade, PoW change to ZelHash and update for ZelNodes"],
  kamata: ["Kamata", "Zel Kamata Upgrade, Deterministic ZelNodes and ZelFlux"],
  flux: ["Flux", "Flux Upgrade, Multiple chains"],
  halving: ["Halving", "Flux Halving"],
  p2shNodes: ["P2SHNodes", "Multisig Node Upgrade"],
  pon: ["PON", "Proof of Node activation"],
};

/** By branch id, of which several upgrades share one: names repeat. */
function upgradesJson({ api }: CommandContext): JsonMembers {
  const { upgrades } = api.params;
  const { tipHeight } = api.node.chain;
  return new JsonMembers(
    UPGRADES.flatMap((upgrade) => {
      const texts = UPGRADE_TEXTS[upgrade];
      const { height, branchId } = upgrades[upgrade];
      if (texts === undefined || height === DISABLED) return [];
      const status = tipHeight >= height ? "active" : "pending";
      return [
        [hexWord(branchId), { name: texts[0], activationheight: height, status, info: texts[1] }] as const,
      ];
    }),
  );
}

/** Blocks of a version that make it the rule, that make older ones invalid, and of how many. Source: fluxd src/chainparams.cpp. */
const MAJORITIES: Record<NetworkKind, readonly [enforce: number, reject: number, window: number]> = {
  main: [750, 950, 4000],
  test: [51, 75, 400],
  regtest: [750, 950, 1000],
  lab: [750, 950, 1000],
};

function softForksJson({ api }: CommandContext): Json {
  const { tree } = api.node.chain.shared;
  const [enforce, reject, window] = MAJORITIES[api.params.kind];
  const versions: number[] = [];
  for (let row = api.node.chain.tip; versions.length < window; row = tree.parent(row)) {
    versions.push(tree.header(row).version);
    if (tree.height(row) === 0) break;
  }
  const majority = (version: number, required: number): JsonObject => {
    const found = versions.filter((each) => each >= version).length;
    return { status: found >= required, found, required, window };
  };
  const forks = [
    ["bip34", 2],
    ["bip66", 3],
    ["bip65", 4],
  ] as const;
  return forks.map(([id, version]) => ({
    id,
    version,
    enforce: majority(version, enforce),
    reject: majority(version, reject),
  }));
}

/** The part of the chain that is here, as far as the clock tells: a block each spacing since the tip is missing. */
function progress({ api }: CommandContext): number {
  const { chain } = api.node;
  const behind = api.now() - chain.shared.tree.time(chain.tip);
  const spacing =
    chain.tipHeight >= api.params.upgrades.pon.height
      ? api.params.pon.targetSpacing
      : api.params.pow.targetSpacing;
  const missing = Math.max(0, Math.floor(behind / spacing) - 1);
  return (chain.tipHeight + 1) / (chain.tipHeight + 1 + missing);
}

export function blockchainInfo(context: CommandContext): JsonObject {
  const { api } = context;
  const { chain } = api.node;
  const { params } = api;
  const { supply, sproutTree } = chain.state();
  const pruneHeight = api.pruneHeight();
  return {
    chain: params.kind,
    blocks: chain.tipHeight,
    headers: chain.shared.tree.height(chain.bestHeader),
    bestblockhash: toDisplayHex(chain.tipHash),
    difficulty: difficulty(nextWorkBits(api), params),
    verificationprogress: new JsonReal(progress(context)),
    chainwork: chainWork(chain, chain.tip),
    pruned: pruneHeight !== undefined,
    size_on_disk: api.sizeOnDisk(),
    commitments: sproutTree.size,
    valuePools: [poolJson("sprout", supply.sprout), poolJson("sapling", 0n)],
    softforks: softForksJson(context),
    upgrades: upgradesJson(context),
    consensus: {
      chaintip: hexWord(branchIdAt(params.upgrades, chain.tipHeight)),
      nextblock: hexWord(branchIdAt(params.upgrades, chain.tipHeight + 1)),
    },
    ...(pruneHeight === undefined ? {} : { pruneheight: pruneHeight }),
  };
}
