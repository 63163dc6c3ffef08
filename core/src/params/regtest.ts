import { flux } from "../primitives/money.ts";
import type { Params } from "./params.ts";
import { DISABLED } from "./upgrades.ts";

/** One machine, no peers. All upgrades are disabled, yet PON, at height -1, rules every block by the raw comparison (upgrades.ts). Source: fluxd src/chainparams.cpp, CRegTestParams. */
export const regtest: Params = {
  name: "regtest",
  kind: "regtest",
  currencyUnits: "REG",
  bip44CoinType: 1,
  messageStart: "aae83f5f",
  p2pPort: 26_126,
  rpcPort: 26_124,
  dnsSeeds: [],
  addressPrefixes: {
    p2pkh: "1d25",
    p2sh: "1cba",
    wif: "ef",
    extendedPublic: "043587cf",
    extendedSecret: "04358394",
    sproutAddress: "16b6",
    sproutViewingKey: "a8ac0c",
    sproutSpendingKey: "ac08",
    saplingAddress: "zregtestsapling",
    saplingFullViewingKey: "zviewregtestsapling",
    saplingIncomingViewingKey: "zivkregtestsapling",
    saplingSpendingKey: "secret-extended-key-regtest",
  },
  genesis: {
    hash: "01998760a88dc2b5715f69d2f18c1d90e0b604612242d9099eaff3048dd1e0ce",
    time: 1_296_688_602,
    bits: 0x200f0f0f,
    nonce: "0000000000000000000000000000000000000000000000000000000000000016",
    version: 4,
    merkleRoot: "94c7aed6b2c67f1718006684bfc3b92081a2f19d59075691b189160d6f3aa13a",
  },
  upgrades: {
    base: { height: 0, branchId: 0x00000000, protocolVersion: 170_002 },
    testDummy: { height: DISABLED, branchId: 0x74736554, protocolVersion: 170_002 },
    lwma: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_002 },
    equihash144: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_002 },
    acadia: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_006 },
    kamiooka: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_012 },
    kamata: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_016 },
    flux: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_017 },
    halving: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_018 },
    p2shNodes: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_019 },
    pon: { height: DISABLED, branchId: 0x76b809bb, protocolVersion: 170_020 },
  },
  pow: {
    limit: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
    targetSpacing: 120,
    digishieldWindow: 17,
    digishieldMaxAdjustDown: 0,
    digishieldMaxAdjustUp: 0,
    minDifficultyAfterHeight: 0,
    lwmaWindow: 60,
    equihashFadeLength: 11,
    equihash: [
      { n: 48, k: 5 },
      { n: 48, k: 5 },
      { n: 125, k: 4 },
    ],
  },
  pon: {
    limit: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
    startLimit: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    targetSpacing: 30,
    difficultyWindow: 60,
    initialSubsidy: flux(14n),
    reductionInterval: 100,
    maxReductions: 10,
  },
  subsidy: { slowStartInterval: 0, halvingInterval: 150 },
  fluxnodes: {
    paymentStartHeight: 100,
    transitions: {
      cumulus: { begin: 0, end: 1_000 },
      nimbus: { begin: 0, end: 1_000 },
      stratus: { begin: 0, end: 100 },
    },
    benchmarkKeys: [
      {
        validFrom: 0,
        publicKey:
          "04cf3c34f01486bbb34c1a7ca11c2ddb1b3d98698c3f37d54452ff91a8cd5e92a6910ce5fc2cc7ad63547454a965df53ff5be740d4ef4ac89848c2bafd1e40e6b7",
      },
      {
        validFrom: 1_617_508_800,
        publicKey:
          "045d54130187b4c4bba25004bf615881c2d79b16950a59114df27dc9858d8e531fda4f3a27aa95ceb2bcc87ddd734be40a6808422655e5350fa9417874556b7342",
      },
    ],
    foundationKeys: [
      {
        validFrom: 0,
        publicKey:
          "04276f105ff36a670a56e75c2462cff05a4a7864756e6e1af01022e32752d6fe57b1e13cab4f2dbe3a6a51b4e0de83a5c4627345f5232151867850018c9a3c3a1d",
      },
    ],
  },
  emergency: {
    collateralTxid: "1111111111111111111111111111111111111111111111111111111111111111",
    minSignatures: 1,
    publicKeys: [
      "029a1c55fa7e69dd99087f7ca799797052ae21327b94159e60b8cc5704eb188583",
      "023c806b01f35a18b42b08f23f5c7e8490801a7da8fd6f6e77708d9f26f22c423e",
      "02615c78e21078c21a63cb21cc4d29eaa148d97c3dcbe7be5d9d4dda4e969bb05a",
      "033d301dc7ef7ab653da36da1285063ea9be1448d601e3c9f99185476b9d4ae1d1",
    ],
  },
  funds: {
    exchange: { height: 10, amount: flux(3_000_000n), address: "tmRucHD85zgSigtA4sJJBDbPkMUJDcw5XDE" },
    foundation: { height: 10, amount: flux(2_500_000n), address: "t2DFGpj2tciojsGKKrGVwQ92hUwAxWQQgJ9" },
    swapPool: {
      startHeight: 10,
      interval: 10,
      count: 5,
      amount: flux(2_100_000n),
      address: "t2Dsexh4v5g2dpL2LLCsR1p9TshMm63jSBM",
    },
    devAddress: "t2GoxS2SRmLQDnTyWePHjKD3izvFsKUAjrH",
  },
  proof: "real",
  checkProofTargets: false,
  coinbaseMustBeShielded: false,
  requireStandard: false,
  mineBlocksOnDemand: true,
  miningRequiresPeers: false,
  minimumChainWork: "0000000000000000000000000000000000000000000000000000000000000000",
  checkpoints: {
    0: "01998760a88dc2b5715f69d2f18c1d90e0b604612242d9099eaff3048dd1e0ce",
  },
  maxReorgDepth: 40,
  coinbaseMaturity: 100,
  pruneAfterHeight: 1_000,
};
