import { blockProof, type HeaderHistory, mainnet, nextBits, u256 } from "@fluxlab/core";
import {
  type Header,
  modelBlockProof,
  modelPonNextBits,
  modelPowNextBits,
} from "../support/bigintDifficulty.ts";

/** Headers retargeted in one round, enough of them before for every window. */
const HEADERS = 2_000;
const BEFORE = 70;
const ROUNDS = 5;

/** First heights on main from which {@link BEFORE} + {@link HEADERS} blocks have one rule. */
const ERAS = [
  { rule: "Digishield", from: 50_000 },
  { rule: "LWMA", from: 150_000 },
  { rule: "LWMA3", from: 400_000 },
  { rule: "PON", from: 2_100_000 },
];

/** Headers in typed columns, as a header tree keeps them. */
class Columns implements HeaderHistory {
  height: number;
  readonly #from: number;
  readonly #times = new Uint32Array(BEFORE + HEADERS);
  readonly #bits = new Uint32Array(BEFORE + HEADERS);

  constructor(from: number) {
    this.#from = from;
    this.height = from - 1;
  }

  push(time: number, bits: number): void {
    this.height++;
    this.#times[this.height - this.#from] = time;
    this.#bits[this.height - this.#from] = bits;
  }

  readonly time = (height: number): number => this.#times[height - this.#from]!;
  readonly bits = (height: number): number => this.#bits[height - this.#from]!;
}

/** A chain that follows the rules, with block times that keep the target moving. */
function chainFrom(from: number): Columns {
  const chain = new Columns(from);
  let time = 1_600_000_000;
  for (let i = 0; i < BEFORE + HEADERS; i++) {
    const bits = i < BEFORE ? 0x1e01_2345 : nextBits(chain, undefined, mainnet);
    chain.push(time, bits);
    time += 1 + ((i * 7_919) % 240);
  }
  return chain;
}

/** Least microseconds a header over {@link ROUNDS} rounds, after one that warms up. */
function leastUs(round: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= ROUNDS; i++) {
    const start = performance.now();
    round();
    if (i > 0) least = Math.min(least, ((performance.now() - start) * 1_000) / HEADERS);
  }
  return least;
}

const line = (name: string, ours: number, model: number): void =>
  console.log(
    `${name.padEnd(14)} ${ours.toFixed(2).padStart(7)} us ${(1e6 / ours).toFixed(0).padStart(9)} headers/s   ` +
      `bigint ${model.toFixed(2).padStart(7)} us   ${(model / ours).toFixed(1).padStart(5)} x`,
  );

/** Prints what a header's nBits and work cost in 32-bit limbs and in bigint, by rule, and their ratio. */
export function benchDifficulty(): void {
  console.log(
    `difficulty: ${HEADERS} headers on main by each rule, 32-bit limbs against the formulas in bigint`,
  );
  for (const { rule, from } of ERAS) benchRule(rule, from);
}

function benchRule(rule: string, from: number): void {
  const chain = chainFrom(from);
  const first = from + BEFORE;
  // One object for every height, as a tree would give; only its end moves.
  const view = { height: 0, time: chain.time, bits: chain.bits };
  const headers: Header[] = new Array<Header>(from).fill({ time: 0, bits: 0 }); // the model is indexed by height
  for (let height = from; height <= chain.height; height++) {
    headers[height] = { time: chain.time(height), bits: chain.bits(height) };
  }
  const model =
    rule === "PON"
      ? modelPonNextBits
      : (chain: Header[], tip: number) => modelPowNextBits(chain, tip, undefined, mainnet);
  const check = (height: number, bits: number): void => {
    if (bits !== chain.bits(height))
      throw new Error(`${rule} ${height}: both must give the chain's own target`);
  };
  const ours = leastUs(() => {
    for (let height = first; height <= chain.height; height++) {
      view.height = height - 1;
      check(height, nextBits(view, undefined, mainnet));
    }
  });
  const bigint = leastUs(() => {
    for (let height = first; height <= chain.height; height++)
      check(height, model(headers, height - 1, mainnet));
  });
  line(rule, ours, bigint);
  if (rule !== "LWMA3") return;

  const work = u256();
  const proofs = leastUs(() => {
    for (let height = first; height <= chain.height; height++) blockProof(work, 4, chain.bits(height));
  });
  let sum = 0n;
  const bigintProofs = leastUs(() => {
    for (let height = first; height <= chain.height; height++) sum += modelBlockProof(4, chain.bits(height));
  });
  if (sum === 0n) throw new Error("work is not zero");
  line("work", proofs, bigintProofs);
}
