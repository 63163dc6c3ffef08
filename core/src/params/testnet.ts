import { flux } from "../primitives/money.ts";
import type { Params } from "./params.ts";
import { DISABLED } from "./upgrades.ts";

/** The public test network: every era within its first 800 blocks. Source: fluxd src/chainparams.cpp, CTestNetParams. */
export const testnet: Params = {
  name: "test",
  kind: "test",
  currencyUnits: "TESTFLUX",
  bip44CoinType: 1,
  messageStart: "fa1af9bf",
  p2pPort: 26_125,
  rpcPort: 26_124,
  dnsSeeds: [
    "flux-testnet-seed.asoftwaresolution.com",
    "test.dnsseed.zel.network",
    "test.dnsseed.runonflux.io",
  ],
  addressPrefixes: {
    p2pkh: "1d25",
    p2sh: "1cba",
    wif: "ef",
    extendedPublic: "043587cf",
    extendedSecret: "04358394",
    sproutAddress: "16b6",
    sproutViewingKey: "a8ac0c",
    sproutSpendingKey: "ac08",
    saplingAddress: "ztestacadia",
    saplingFullViewingKey: "zviewtestacadia",
    saplingIncomingViewingKey: "zivktestacadia",
    saplingSpendingKey: "secret-extended-key-test",
  },
  genesis: {
    hash: "0042202a64a929fc25cc10e68615ddbe38007b1b40da08acd3f530f83c79b9d1",
    time: 1_582_228_940,
    bits: 0x2007ffff,
    nonce: "000000000000000000000000000000000000000000000000000000000000021c",
    version: 4,
    merkleRoot: "94c7aed6b2c67f1718006684bfc3b92081a2f19d59075691b189160d6f3aa13a",
  },
  upgrades: {
    base: { height: 0, branchId: 0x00000000, protocolVersion: 170_002 },
    testDummy: { height: DISABLED, branchId: 0x74736554, protocolVersion: 170_002 },
    lwma: { height: 70, branchId: 0x76b809bb, protocolVersion: 170_002 },
    equihash144: { height: 140, branchId: 0x76b809bb, protocolVersion: 170_002 },
    acadia: { height: 210, branchId: 0x76b809bb, protocolVersion: 170_007 },
    kamiooka: { height: 280, branchId: 0x76b809bb, protocolVersion: 170_012 },
    kamata: { height: 350, branchId: 0x76b809bb, protocolVersion: 170_016 },
    flux: { height: 420, branchId: 0x76b809bb, protocolVersion: 170_017 },
    halving: { height: 520, branchId: 0x76b809bb, protocolVersion: 170_018 },
    p2shNodes: { height: 600, branchId: 0x76b809bb, protocolVersion: 170_019 },
    pon: { height: 800, branchId: 0x76b809bb, protocolVersion: 170_020 },
  },
  pow: {
    limit: "0effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    targetSpacing: 60,
    digishieldWindow: 17,
    digishieldMaxAdjustDown: 32,
    digishieldMaxAdjustUp: 16,
    minDifficultyAfterHeight: 0,
    lwmaWindow: 60,
    equihashFadeLength: 10,
    equihash: [
      { n: 48, k: 5 },
      { n: 48, k: 5 },
      { n: 48, k: 5 },
    ],
  },
  pon: {
    limit: "0fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    startLimit: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    targetSpacing: 30,
    difficultyWindow: 60,
    initialSubsidy: flux(14n),
    reductionInterval: 525_600,
    maxReductions: 20,
  },
  subsidy: { slowStartInterval: 1, halvingInterval: 655_350 },
  fluxnodes: {
    paymentStartHeight: 350,
    transitions: {
      cumulus: { begin: 420, end: 520 },
      nimbus: { begin: 420, end: 520 },
      stratus: { begin: 420, end: 520 },
    },
    benchmarkKeys: [
      {
        validFrom: 0,
        publicKey:
          "04d422e01f5acff68504b92df96a9004cf61be432a20efe83fe8a94c1aa730fe7dece5d2e8298f2d5672d4e569c55d9f0a73268ef7b92990d8c014e828a7cc48dd",
      },
      {
        validFrom: 1_617_508_800,
        publicKey:
          "042023568fbcc4715c34d8596feaabf0683b3dfa7280b2f4df0436311a31086a73fdf507d63c3ec89455037ba738375d17b309c2cd226f173a5ef7841400cd09ec",
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
    minSignatures: 2,
    publicKeys: [
      "029a1c55fa7e69dd99087f7ca799797052ae21327b94159e60b8cc5704eb188583",
      "023c806b01f35a18b42b08f23f5c7e8490801a7da8fd6f6e77708d9f26f22c423e",
      "02615c78e21078c21a63cb21cc4d29eaa148d97c3dcbe7be5d9d4dda4e969bb05a",
      "033d301dc7ef7ab653da36da1285063ea9be1448d601e3c9f99185476b9d4ae1d1",
    ],
  },
  funds: {
    exchange: { height: 4_100, amount: flux(7_500_000n), address: "tmRucHD85zgSigtA4sJJBDbPkMUJDcw5XDE" },
    foundation: { height: 4_200, amount: flux(2_500_000n), address: "tmRucHD85zgSigtA4sJJBDbPkMUJDcw5XDE" },
    swapPool: {
      startHeight: 4_300,
      interval: 100,
      count: 10,
      amount: flux(2_200_000n),
      address: "tmRucHD85zgSigtA4sJJBDbPkMUJDcw5XDE",
    },
    devAddress: "t2GoxS2SRmLQDnTyWePHjKD3izvFsKUAjrH",
  },
  proof: "real",
  checkProofTargets: true,
  coinbaseMustBeShielded: true,
  requireStandard: true,
  mineBlocksOnDemand: false,
  miningRequiresPeers: false,
  minimumChainWork: "0000000000000000000000000000000000000000000000000000000000000000",
  checkpoints: {
    0: "0042202a64a929fc25cc10e68615ddbe38007b1b40da08acd3f530f83c79b9d1",
    320: "0237bf16aba912b0c68933809a7e7fe9553ddff1bc0782d2463fc5d161af1c46",
  },
  maxReorgDepth: 40,
  coinbaseMaturity: 100,
  pruneAfterHeight: 1_000,
};
