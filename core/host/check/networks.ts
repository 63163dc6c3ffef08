import { mainnet, type Params, regtest, testnet } from "@fluxlab/core";

/** Regtest with upgrades at heights of its own: "regtest-nu" in the files. */
const regtestWithUpgrades: Params = {
  ...regtest,
  upgrades: {
    ...regtest.upgrades,
    kamata: { ...regtest.upgrades.kamata, height: 110 },
    flux: { ...regtest.upgrades.flux, height: 120 },
    halving: { ...regtest.upgrades.halving, height: 130 },
    p2shNodes: { ...regtest.upgrades.p2shNodes, height: 140 },
    pon: { ...regtest.upgrades.pon, height: 200 },
  },
};

/** The networks that vector files name; see ../shared/vectors/README-fluxnodes.md. */
export const VECTOR_NETWORKS: Readonly<Record<string, Params>> = {
  main: mainnet,
  test: testnet,
  regtest,
  "regtest-nu": regtestWithUpgrades,
};
