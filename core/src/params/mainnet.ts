import { flux } from "../primitives/money.ts";
import type { Params } from "./params.ts";
import { DISABLED } from "./upgrades.ts";

/** The public network. Source: fluxd src/chainparams.cpp, CMainParams. */
export const mainnet: Params = {
  name: "main",
  kind: "main",
  currencyUnits: "ZEL",
  bip44CoinType: 19_167,
  messageStart: "24e92764",
  p2pPort: 16_125,
  rpcPort: 16_124,
  dnsSeeds: ["dnsseed.asoftwaresolution.com", "dnsseed.zel.network", "dnsseed.runonflux.io"],
  addressPrefixes: {
    p2pkh: "1cb8",
    p2sh: "1cbd",
    wif: "80",
    extendedPublic: "0488b21e",
    extendedSecret: "0488ade4",
    sproutAddress: "169a",
    sproutViewingKey: "a8abd3",
    sproutSpendingKey: "ab36",
    saplingAddress: "za",
    saplingFullViewingKey: "zviewa",
    saplingIncomingViewingKey: "zivka",
    saplingSpendingKey: "secret-extended-key-main",
  },
  genesis: {
    hash: "00052461a5006c2e3b74ce48992a08695607912d5604c3eb8da25749b0900444",
    time: 1_516_980_000,
    bits: 0x1f07ffff,
    nonce: "0000000000000000000000000000000000000000000000000000000000001a8c",
    version: 4,
    merkleRoot: "94c7aed6b2c67f1718006684bfc3b92081a2f19d59075691b189160d6f3aa13a",
  },
  upgrades: {
    base: { height: 0, branchId: 0x00000000, protocolVersion: 170_002 },
    testDummy: { height: DISABLED, branchId: 0x74736554, protocolVersion: 170_002 },
    lwma: { height: 125_000, branchId: 0x76b809bb, protocolVersion: 170_002 },
    equihash144: { height: 125_100, branchId: 0x76b809bb, protocolVersion: 170_002 },
    acadia: { height: 250_000, branchId: 0x76b809bb, protocolVersion: 170_007 },
    kamiooka: { height: 372_500, branchId: 0x76b809bb, protocolVersion: 170_012 },
    kamata: { height: 558_000, branchId: 0x76b809bb, protocolVersion: 170_016 },
    flux: { height: 835_554, branchId: 0x76b809bb, protocolVersion: 170_017 },
    halving: { height: 1_076_532, branchId: 0x76b809bb, protocolVersion: 170_018 },
    p2shNodes: { height: 1_549_500, branchId: 0x76b809bb, protocolVersion: 170_019 },
    pon: { height: 2_020_000, branchId: 0x76b809bb, protocolVersion: 170_020 },
  },
  pow: {
    limit: "0007ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    targetSpacing: 120,
    digishieldWindow: 17,
    digishieldMaxAdjustDown: 32,
    digishieldMaxAdjustUp: 16,
    minDifficultyAfterHeight: undefined,
    lwmaWindow: 60,
    equihashFadeLength: 11,
    equihash: [
      { n: 200, k: 9 },
      { n: 144, k: 5 },
      { n: 125, k: 4 },
    ],
  },
  pon: {
    limit: "0fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    startLimit: "000bffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    targetSpacing: 30,
    difficultyWindow: 30,
    initialSubsidy: flux(14n),
    reductionInterval: 1_051_200,
    maxReductions: 20,
  },
  subsidy: { slowStartInterval: 5_000, halvingInterval: 655_350 },
  fluxnodes: {
    paymentStartHeight: 560_000,
    transitions: {
      cumulus: { begin: 1_076_532, end: 1_086_612 },
      nimbus: { begin: 1_081_572, end: 1_092_372 },
      stratus: { begin: 1_087_332, end: 1_097_412 },
    },
    benchmarkKeys: [
      {
        validFrom: 0,
        publicKey:
          "042e79d7dd1483996157df6b16c831be2b14b31c69944ea2a585c63b5101af1f9517ba392cee5b1f45a62e9d936488429374535a2f76870bfa8eea6667b13eb39e",
      },
      {
        validFrom: 1_618_113_600,
        publicKey:
          "04517413e51fa9b2e94f200b254cca69beb86f2d74bf66ca53854ba66bc376dde9b52e9b4403731d9a4f3e8edd9687f1e1824b688fe26454bd9fb823a3307b4682",
      },
      {
        validFrom: 1_647_262_800,
        publicKey:
          "0480dff65aa9d4b4c4234e4723a5e7c5bf527ca683b53aa26a7225cc5eb16e6e79f9629eb5f96c12b173de7a20e9823b2d36575759f3490864922f7ed04e171fad",
      },
      {
        validFrom: 1_706_209_200,
        publicKey:
          "0437d58236a849ebe0e6558c1517e1f5c56749e04a2f7a7daedd4ef7c9fb6a773f32a33fe5ddad88b9af3ff496ee5ce79ce245c258bafa4e8d287baa3d54c6c65f",
      },
      {
        validFrom: 1_743_534_000,
        publicKey:
          "04e54965119e89861f80135b13f56c3b5cc55ad2b916d9705052fc91d2894f9cb19151a8d61c6e9ea4812075dd32f06fde5965589ffa1517ab1bd2ddbc66a39f42",
      },
    ],
    foundationKeys: [
      {
        validFrom: 0,
        publicKey:
          "04ab11edbb8a15f7cc2628a4a2c18cea095d250f8c9a2924cbd581b8d8fb3a8b91e39e5febddb7ffc60f20dfd352a40aa4f061aa60a9ace26d43e1b7a18aea4162",
      },
    ],
  },
  emergency: {
    collateralTxid: "1111111111111111111111111111111111111111111111111111111111111111",
    minSignatures: 2,
    publicKeys: [
      "025ee73f72d6996f94fe6ec9fac3f9ba6dcb947ed46dfbda530fc73ff99c667a4e",
      "026f4281124d10eb90589831bac405d715ad79051ac5243d21c322d2abf2fd81e2",
      "03083d65c2f57cfe4d1c34eb575bd9d836f5111dd0de86405d48211bf42ea30403",
      "03674c29f348124e998fd838228a3ff050ca26fe0c13ad98698585cbbf796b461e",
    ],
  },
  funds: {
    exchange: { height: 836_274, amount: flux(7_500_000n), address: "t3PMbbA5YBMrjSD3dD16SSdXKuKovwmj6tS" },
    foundation: { height: 836_994, amount: flux(2_500_000n), address: "t3XjYMBvwxnXVv9jqg4CgokZ3f7kAoXPQL8" },
    swapPool: {
      startHeight: 837_714,
      interval: 21_600,
      count: 10,
      amount: flux(22_000_000n),
      address: "t3ThbWogDoAjGuS6DEnmN1GWJBRbVjSUK4T",
    },
    devAddress: "t3hPu1YDeGUCp8m7BQCnnNUmRMJBa5RadyA",
  },
  coinbaseMustBeShielded: true,
  requireStandard: true,
  mineBlocksOnDemand: false,
  miningRequiresPeers: true,
  minimumChainWork: "000000000000000000000000000000000000000000000000000021f5d5da5d73",
  checkpoints: {
    0: "00052461a5006c2e3b74ce48992a08695607912d5604c3eb8da25749b0900444",
    5500: "0000000e7724f8bace09dd762657169c10622af4a6a8e959152cd00b9119848e",
    35000: "000000004646dd797644b9c67aff320961e95c311b4f26985424b720d09fcaa5",
    70000: "00000001edcf7768ed39fac55414e53a78d077b1b41fccdaf9307d7bc219626a",
    94071: "00000005ec83876bc5288badf0971ae83ac7c6a286851f7b22a75a03e73b401a",
    277649: "00000004a53f9271d05071a052b3738b46663f3335d14b6aea965a3cb70c0cc8",
    400000: "000000390342f0e52443ad79b43e5d85b78bf519667aeb3aa980d76caeda0369",
    530000: "0000004b4459ec6904e8116d178c357b0f25a7d45c5c5836ce3714791f1ed124",
    600000: "000000dea4478401e6ab95f6d05ade810115411e95e75fab9fd94a44df4b1e1d",
    700000: "0000000845ef03939225cc592773fd7aef54b5232fc42790c46ef6f11ee3e8d4",
    800000: "000000451b73f495b2f6ad38bd89d15495551fc15c2078ad7af3d54d06422cc6",
    900000: "000001e1ad2bb5e3cabb09559b6e65b871bf1d2a51bcc141ce45fc4cbd1d9cd8",
    1000000: "0000001a80e7f30d21fb14116cd01d51e1fad8ac84cc960896f4691a57368a47",
    1040000: "00000007f3b465bd4b0e161e43c05a3d946144330e33ea3a91cb952e6ef86b7d",
    1040577: "000000071fe89682ac260bc0a49621344eb28ae01659c9e7ce86e3762e45f52d",
    1042126: "0000000295e4663178fd9e533787e74206645910a2bfb61938db5f67796eaad0",
    1060000: "0000000fd721d8d381c4b24a4f78fc036955d7a0f98d2765b8c7badad8b66c1b",
    1442798: "0000000cc561fecb2ecfd22ba7af09450ca8cf270f407ce8b948195ff2aa0d13",
    1518503: "0000000dba41dc84c52a3933af49d316fff49a76b49d42bd5b6d20c4e451a0ef",
    1791720: "0000000abc7bd62a213e0dab43c9c01220b031a568fdfb5c2ef89e6b30054bdc",
    2020500: "af2a1bd59c61f64860b4b45bd65358743fda40d8420564b58c39df45be7da97c",
    2021000: "d2dcec473e809575e30ec2c0f400758120f5121b8268f90cdb8a7dbefe285b0d",
    2021500: "fa98471f31ffc1366330bababc090ad5cb6bd23c25bb3b61d1e1ed07a77d6126",
    2022000: "40a060546a56eb7fab0fd33ab3e6de834ff0d5273847d4f231a9addecfc44f61",
    2029000: "4856dc788a973db4cc537465c9ef80288e1eb065898993d72371b1ee48c248b4",
  },
  maxReorgDepth: 40,
  coinbaseMaturity: 100,
  pruneAfterHeight: 100_000,
};
