import {
  type EcdsaBackend,
  equalBytes,
  Mempool,
  medianTimePast,
  ParseError,
  type PoolEntry,
  type PoolTip,
  parse,
  Random,
  readTransaction,
  toDisplayHex,
  txid,
} from "@fluxlab/core";
import type { Field } from "../../field.ts";
import { type Json, jsonText } from "../../json.ts";
import { agree, type Case, cannotTell, type Outcome } from "../kind.ts";
import type { RecordedChains } from "./recordedChains.ts";
import { sendRawTransaction } from "./sendRawTransaction.ts";

// Batches of transactions that were offered one after the other to a daemon whose pool was empty.

/** The name of cases that offer nothing and set the clock. */
const CLOCK_CHANGE = "setmocktime";

/** The offers of a batch and what the pool holds in the end, to be checked in this order. */
export function batchCases(batch: Field, chains: RecordedChains, ecdsa: EcdsaBackend): Case[] {
  const name = batch.get("name").text();
  const run = new BatchRun(batch, chains, new Mempool(chains.params, ecdsa, Random.root(name)));
  let now = batch.get("mockTime").u32();
  const offers: Case[] = [];
  for (const each of batch.get("cases").items()) {
    const own = each.get("name").text();
    if (own === CLOCK_CHANGE) now = each.get("mockTime").u32();
    else {
      const time = now;
      offers.push({ name: `${each.path} ${name}, ${own}`, check: () => run.offer(each, time) });
    }
  }
  const end = batch.get("finalMempool");
  return [...offers, { name: `${end.path} ${name}`, check: () => run.checkEnd(end) }];
}

class BatchRun {
  readonly #batch: Field;
  readonly #chains: RecordedChains;
  readonly #mempool: Mempool;
  /** Ids of what the daemon's own wallet had put in: the bytes are not known, and nothing spends them. */
  readonly #initial: readonly string[];
  /** Why the pool may hold less than the daemon's, once a transaction could not be judged. */
  #undecided: string | undefined;

  constructor(batch: Field, chains: RecordedChains, mempool: Mempool) {
    this.#batch = batch;
    this.#chains = chains;
    this.#mempool = mempool;
    const initial = batch.find("initialMempool")?.items() ?? [];
    this.#initial = initial.map((id) => toDisplayHex(id.hash()));
  }

  /** Checks the next offer, at Unix time `now`. @throws FormatError */
  offer(each: Field, now: number): Outcome {
    const bytes = each.get("hex").bytes();
    const highFees = each.find("allowHighFees")?.flag() ?? false;
    const { pool } = this.#mempool;
    const tip = this.#tip();
    const answer = sendRawTransaction(bytes, highFees, this.#mempool, tip, now, this.#chains.params);
    const said = saidAnswer(each.get("result"));
    if ("unverified" in answer) {
      this.#undecided = `a proof is not verified here (${answer.unverified})`;
      return cannotTell(jsonText(Object.values(said)[0] ?? null), this.#undecided);
    }
    const tx = parse(bytes, readTransaction);
    const held = !(tx instanceof ParseError) && pool.get(txid(tx)) !== undefined;
    return this.#unlessUndecided(
      agree(
        {
          ...said,
          inMempoolAfter: each.find("inMempoolAfter")?.flag(),
          mempoolSize: each.find("mempoolSize")?.u32(),
        },
        { ...answer, inMempoolAfter: held, mempoolSize: pool.size + this.#initial.length },
      ),
    );
  }

  /** Checks what the pool holds. @throws FormatError */
  checkEnd(ids: Field): Outcome {
    const entries = [...this.#mempool.pool.entries()];
    const held = [...entries.map((entry) => toDisplayHex(entry.txid)), ...this.#initial];
    const recorded = ids.items().map((id) => toDisplayHex(id.hash()));
    const verbose = this.#batch.find("finalMempoolVerbose");
    return this.#unlessUndecided(
      agree(
        { txids: recorded.sort(), ...this.#saidEntries(verbose) },
        { txids: held.sort(), ...foundEntries(entries, verbose) },
      ),
    );
  }

  #tip(): PoolTip {
    const hash = this.#batch.get("tipHash");
    const row = this.#chains.connectedRow(hash);
    const { tree } = this.#chains.sharedFor(hash);
    const state = this.#chains.stateAfter(hash);
    const height = this.#batch.find("tipHeight");
    if (height !== undefined && height.height() !== state.height)
      height.fail(`${state.height}, the height of tipHash`);
    return { state, medianTime: medianTimePast(tree.history(row)) };
  }

  #saidEntries(verbose: Field | undefined): Facts {
    if (verbose === undefined) return {};
    const ids = verbose.keys().filter((id) => !this.#initial.includes(id));
    return Object.assign({}, ...ids.map((id) => saidEntry(id, verbose.get(id))));
  }

  /** What differs after a transaction that could not be judged may differ because of it. */
  #unlessUndecided(outcome: Outcome): Outcome {
    if (outcome.passed || this.#undecided === undefined) return outcome;
    return cannotTell(outcome.expected, `${outcome.got}, and of an earlier one ${this.#undecided}`);
  }
}

type Facts = Readonly<Record<string, Json | undefined>>;

/** A txid, or an error with code and message. */
function saidAnswer(result: Field): Facts {
  const error = result.find("error");
  if (error === undefined) return { txid: toDisplayHex(result.get("txid").hash()) };
  return { error: { code: error.get("code").i32(), message: error.get("message").text() } };
}

const saidEntry = (id: string, entry: Field): Facts => ({
  [`${id}.size`]: entry.find("size")?.u32(),
  [`${id}.fee`]: number(entry.find("fee")),
  [`${id}.time`]: entry.find("time")?.u32(),
  [`${id}.height`]: entry.find("height")?.height(),
  [`${id}.startingpriority`]: number(entry.find("startingpriority")),
  [`${id}.currentpriority`]: number(entry.find("currentpriority")),
  [`${id}.depends`]: entry
    .find("depends")
    ?.items()
    .map((parent) => toDisplayHex(parent.hash()))
    .sort(),
});

const foundEntries = (entries: readonly PoolEntry[], verbose: Field | undefined): Facts =>
  Object.assign(
    {},
    ...entries.map((entry) => {
      const id = toDisplayHex(entry.txid);
      const said = verbose?.find(id);
      const parents = entries.filter(({ txid }) => spends(entry, txid)).map(({ txid }) => toDisplayHex(txid));
      return {
        [`${id}.size`]: entry.bytes,
        [`${id}.fee`]: Number(entry.fee) / 1e8,
        [`${id}.time`]: entry.time,
        [`${id}.height`]: entry.height,
        [`${id}.startingpriority`]: unlessPrinted(entry.priority, said?.find("startingpriority")),
        // The chain has not moved since.
        [`${id}.currentpriority`]: unlessPrinted(entry.priority, said?.find("currentpriority")),
        [`${id}.depends`]: parents.sort(),
      };
    }),
  );

const spends = ({ tx }: PoolEntry, id: Uint8Array): boolean =>
  tx.kind === "ordinary" && tx.inputs.some(({ prevout }) => equalBytes(prevout.txid, id));

/** What printing a priority may change of it, as a share. Source: fluxd src/univalue UniValue::setFloat, 16 digits. */
const PRINTED = 1e-15;

/** The value, or what was printed of it if that is as close as printing comes. */
function unlessPrinted(value: number, said: Field | undefined): number {
  const printed = number(said);
  return printed !== undefined && Math.abs(value - printed) <= Math.abs(printed) * PRINTED ? printed : value;
}

/** A number of any size, with or without a fraction. */
function number(field: Field | undefined): number | undefined {
  if (field === undefined) return undefined;
  const { value } = field;
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : field.fail("a number");
}
