import {
  AS_IT_IS,
  BaseState,
  equalBytes,
  FROM_USER,
  Mempool,
  medianTimePast,
  type Params,
  ParseError,
  type PoolEntry,
  type PoolTip,
  parse,
  Random,
  readTransaction,
  rejectMessage,
  toDisplayHex,
  txid,
  upgradeActive,
} from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { historyOf } from "../../support/headers.ts";
import { labnet } from "../../support/networks.ts";
import { moveTo, replay } from "../../support/replay.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

interface RecordedCase {
  readonly name: string;
  readonly hex: string;
  readonly allowHighFees: boolean;
  readonly result: Result;
  readonly inMempoolAfter: boolean;
  readonly mempoolSize: number;
}

type Result =
  | { readonly txid: string }
  | { readonly error: { readonly code: number; readonly message: string } };

interface ClockChange {
  readonly name: "setmocktime";
  readonly mockTime: number;
}

interface Batch {
  readonly name: string;
  readonly tipHeight: number;
  readonly tipHash: string;
  readonly mockTime: number;
  /** What the recorded daemon's own wallet had put in; the bytes are not known, and nothing spends it. */
  readonly initialMempool: readonly string[];
  readonly cases: readonly (RecordedCase | ClockChange)[];
  readonly finalMempool: readonly string[];
  readonly finalMempoolVerbose: Readonly<Record<string, RecordedEntry>>;
}

interface RecordedEntry {
  readonly size: number;
  readonly fee: number;
  readonly time: number;
  readonly height: number;
  readonly startingpriority: number;
  readonly depends: readonly string[];
}

const failed = (code: number, message: string): Result => ({ error: { code, message } });

/** What the daemon's `sendrawtransaction` answers. Source: fluxd src/rpc/rawtransaction.cpp. */
function sendRawTransaction(
  mempool: Mempool,
  tip: PoolTip,
  now: number,
  params: Params,
  { hex, allowHighFees }: RecordedCase,
): Result {
  const tx = parse(Buffer.from(hex, "hex"), readTransaction); // what follows it does not matter
  if (tx instanceof ParseError) return failed(-22, "TX decode failed");
  const id = txid(tx);
  const next = tip.state.height + 1;
  if (tx.kind === "ordinary" && tx.expiryHeight > 0 && upgradeActive(params.upgrades, "acadia", next)) {
    const { expiryHeight } = tx;
    if (next + 3 > expiryHeight) {
      const should = `should be at least ${next + 3} to avoid transaction expiring soon`;
      return failed(-26, `tx-expiring-soon: expiryheight is ${expiryHeight} but ${should}`);
    }
  }
  if (tip.state.unspentOutputs(id) > 0) return failed(-27, "transaction already in block chain");
  if (mempool.pool.get(id) !== undefined) return { txid: toDisplayHex(id) };
  const clock = { now, adjustedTime: now };
  const offer = mempool.accept(tx, tip, clock, allowHighFees ? AS_IT_IS : FROM_USER);
  if (offer.accepted) return { txid: toDisplayHex(id) };
  const { refusal } = offer;
  if (refusal.kind === "missingInputs") return failed(-25, "Missing inputs");
  if (refusal.kind === "absurdFee") {
    const { fee, limit } = refusal;
    const amounts = `${toDisplayHex(id)}, ${fee} > ${limit}`;
    return failed(-25, `AcceptToMemoryPool: absurdly high fees ${amounts}`);
  }
  const message = rejectMessage(refusal, false);
  return message === undefined ? failed(-25, "") : failed(-26, `${message.code}: ${message.reason}`);
}

const spends = ({ tx }: PoolEntry, id: Uint8Array): boolean =>
  tx.kind === "ordinary" && tx.inputs.some(({ prevout }) => equalBytes(prevout.txid, id));

vectorTest("the pool answers every recorded offer as the daemon did, and holds the same in the end", () => {
  const params = labnet();
  const steps = [...replay("labnet/chain-a.jsonl", params, { ecdsa: fastEcdsa, trust: "signatures" })];
  const headers = steps.map(({ block }) => block.header);
  const deltas = steps.map(({ connected }) => connected.delta);
  const state = new BaseState();
  let offers = 0;
  for (const batch of readJson<Batch[]>("labnet/mempool-cases.json")) {
    moveTo(state, deltas, batch.tipHeight);
    expect(toDisplayHex(state.blockHash)).toBe(batch.tipHash);
    const medianTime = medianTimePast(historyOf(headers.slice(0, batch.tipHeight + 1)));
    const tip = { state, medianTime };
    const mempool = new Mempool(params, fastEcdsa, Random.root(batch.name));
    let now = batch.mockTime;
    for (const each of batch.cases) {
      if ("mockTime" in each) {
        now = each.mockTime;
        continue;
      }
      const where = `${batch.name}, ${each.name}`;
      expect(sendRawTransaction(mempool, tip, now, params, each), where).toEqual(each.result);
      expect(mempool.pool.size + batch.initialMempool.length, where).toBe(each.mempoolSize);
      offers++;
    }
    const entries = [...mempool.pool.entries()];
    const ids = entries.map((entry) => toDisplayHex(entry.txid));
    expect([...ids, ...batch.initialMempool].sort(), batch.name).toEqual(batch.finalMempool.toSorted());
    for (const [i, entry] of entries.entries()) {
      const recorded = batch.finalMempoolVerbose[ids[i]!]!;
      expect([entry.bytes, entry.time, entry.height], ids[i]).toEqual([
        recorded.size,
        recorded.time,
        recorded.height,
      ]);
      expect(Number(entry.fee) / 1e8).toBe(recorded.fee);
      const { startingpriority } = recorded;
      expect(Math.abs(entry.priority - startingpriority)).toBeLessThanOrEqual(startingpriority * 1e-15);
      const parents = entries.filter(({ txid }) => spends(entry, txid)).map(({ txid }) => toDisplayHex(txid));
      expect(parents.sort()).toEqual(recorded.depends.toSorted());
    }
  }
  expect(offers).toBe(731);
});
