import {
  BLOCK_SCRIPT_FLAGS,
  branchIdAt,
  type EcdsaBackend,
  keyId,
  mainnet,
  nobleEcdsa,
  type OrdinaryTransaction,
  type PlannedTransaction,
  payToKeyHash,
  planTransaction,
  SignatureHasher,
  type SpendableCoin,
  signTransaction,
  type TxOutput,
  verifyInput,
} from "@fluxlab/core";
import { fastEcdsa, nativeEcdsa } from "../support/ecdsa.ts";
import { testKey } from "../support/keys.ts";
import { scriptRows, scriptVerdict } from "../support/scriptVectors.ts";
import { vectorsPresent } from "../support/vectors.ts";

const HEIGHT = 2_100_000;
const INPUTS = 200;
const ROUNDS = 5;

interface Spend {
  readonly tx: OrdinaryTransaction;
  readonly spent: readonly TxOutput[];
}

/** A signed Sapling transaction of many P2PKH inputs, each by a key of its own. */
function manyInputs(): Spend {
  const keys = Array.from({ length: INPUTS }, (_, i) => testKey(`bench ${i}`));
  const coins: SpendableCoin[] = keys.map((key, index) => ({
    outpoint: { txid: new Uint8Array(32), index },
    output: { value: 1_000_000n, scriptPubKey: payToKeyHash(keyId(key.publicKey)) },
  }));
  const changeScript = coins[0]!.output.scriptPubKey;
  const payments = [{ value: 1_000_000n * BigInt(INPUTS) - 100_000n, scriptPubKey: changeScript }];
  const planned = planTransaction(
    { height: HEIGHT, payments, coins, changeScript },
    mainnet,
  ) as PlannedTransaction;
  const branchId = branchIdAt(mainnet.upgrades, HEIGHT);
  const signed = signTransaction(fastEcdsa, planned.tx, planned.coins, keys, branchId);
  if (signed.kind !== "signed") throw new Error("the bench signs with all keys");
  return { tx: signed.tx, spent: planned.coins.map(({ output }) => output) };
}

/** Least microseconds an operation over {@link ROUNDS} rounds, after one that warms up. */
function leastUs(operations: number, round: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= ROUNDS; i++) {
    const start = performance.now();
    round();
    if (i > 0) least = Math.min(least, ((performance.now() - start) * 1_000) / operations);
  }
  return least;
}

function verifyAll({ tx, spent }: Spend, ecdsa: EcdsaBackend): void {
  const hasher = new SignatureHasher(tx, branchIdAt(mainnet.upgrades, HEIGHT));
  for (const [i, output] of spent.entries()) {
    const error = verifyInput(hasher, i, output, BLOCK_SCRIPT_FLAGS, ecdsa);
    if (error !== undefined) throw new Error(`input ${i}: ${error}`);
  }
}

/** Everything but the curve: what is left of verification when signatures cost nothing. */
const noCurve: EcdsaBackend = { ...nobleEcdsa, verify: () => true };

const line = (name: string, us: number): void =>
  console.log(`${name.padEnd(44)} ${us.toFixed(1).padStart(8)} us  ${(1e6 / us).toFixed(0).padStart(7)} /s`);

/** Prints what verifying an input costs, by backend and as their ratio, and how fast scripts run. */
export function benchSignatures(): void {
  const spend = manyInputs();
  const perInput = (ecdsa: EcdsaBackend): number =>
    leastUs(spend.spent.length, () => verifyAll(spend, ecdsa));

  console.log(`signatures: one Sapling transaction of ${spend.spent.length} P2PKH inputs`);
  const noble = perInput(nobleEcdsa);
  line("verify an input, curve in TypeScript", noble);
  if (nativeEcdsa === undefined) console.log("verify an input, libsecp256k1: no addon here");
  else {
    const native = perInput(nativeEcdsa);
    line("verify an input, libsecp256k1", native);
    console.log(`${"TypeScript / libsecp256k1".padEnd(44)} ${(noble / native).toFixed(1).padStart(8)} x`);
  }
  line("verify an input but for the curve", perInput(noCurve));

  benchScriptVectors();
}

function benchScriptVectors(): void {
  if (!vectorsPresent) {
    console.log("script vectors: ../shared/vectors is not beside this checkout");
    return;
  }
  const rows = [...scriptRows("script_valid.json"), ...scriptRows("script_invalid.json")];
  const vectorUs = leastUs(rows.length, () => {
    for (const row of rows) scriptVerdict(row, fastEcdsa);
  });
  line(`script vectors (${rows.length}), text and all`, vectorUs);
}
