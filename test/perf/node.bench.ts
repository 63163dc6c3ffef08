import { type Block, blockHash, DEFAULT_NODE_SETTINGS, regtest, SharedChain } from "@fluxlab/core";
import { ChainBuilder } from "../support/chainBuilder.ts";
import { fastEcdsa } from "../support/ecdsa.ts";
import { withUpgrades } from "../support/networks.ts";
import { NodeNetwork } from "../support/nodeNetwork.ts";

const NODES = 1_000;
const OUTBOUND = 8;
const BLOCKS = 30;
const WARM_UP = 5;

/** Numbers that look random and are the same in every run. */
function* draws(): Generator<number> {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 8;
  }
}
void blockHash;
void DEFAULT_NODE_SETTINGS;
void SharedChain;
void ChainBuilder;
void fastEcdsa;
void NodeNetwork;
void withUpgrades;
void regtest;

export type { Block };
export { BLOCKS, draws, NODES, OUTBOUND, WARM_UP };
