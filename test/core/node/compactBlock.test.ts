import {
  type Block,
  compactBlock,
  type KnownTx,
  merkleTree,
  payloadBytes,
  readPayload,
  reconstruct,
  shortIdsOf,
  type Transaction,
  txid,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillPlaces } from "../../../core/src/node/compactBlock.ts";
import { anyTransaction } from "../../support/arbitraries.ts";
import { anyHeader } from "../../support/messages.ts";

/** Any transactions that differ, under a header that commits to them. */
const anyBlock: fc.Arbitrary<Block> = fc
  .tuple(
    anyHeader,
    fc.uniqueArray(anyTransaction, {
      minLength: 1,
      maxLength: 6,
      selector: (tx) => Buffer.from(txid(tx)).toString("hex"),
    }),
  )
  .map(([header, transactions]) => ({
    header: { ...header, merkleRoot: merkleTree(transactions.map(txid)).root },
    transactions,
  }));

const nonce = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const known = (transactions: readonly Transaction[]): KnownTx[] =>
  transactions.map((tx) => ({ id: txid(tx), tx }));

/** What the message makes with these transactions at hand; it must make something. */
function partial(message: ReturnType<typeof compactBlock>, pool: readonly KnownTx[]) {
  const result = reconstruct(message, pool);
  if (result.state !== "partial") throw new Error(result.state);
  return result.block;
}

describe("compact blocks", () => {
  test("become the block again from any part of its transactions, over the wire", () => {
    fc.assert(
      fc.property(anyBlock, nonce, fc.array(fc.boolean()), anyTransaction, (block, salt, has, stranger) => {
        const sent = compactBlock(block, salt);
        const message = readPayload("cmpctblock", payloadBytes(sent)) as typeof sent;
        expect(message).toEqual(sent);
        const pool = block.transactions.filter((_, i) => has[i] === true);
        const half = partial(message, known([stranger, ...pool, ...pool]));
        const missing = half.missing.map((index) => block.transactions[index]!);
        expect(half.missing).not.toContain(0);
        expect(half.complete(missing)).toEqual(block);
      }),
    );
  });

  test("ask for exactly what is not there", () => {
    fc.assert(
      fc.property(anyBlock, nonce, (block, salt) => {
        const message = compactBlock(block, salt);
        const others = block.transactions.slice(1);
        expect(partial(message, []).missing).toEqual(others.map((_, i) => i + 1));
        expect(partial(message, known(others)).missing).toEqual([]);
      }),
    );
  });

  test("do not come about from the wrong transactions or too few", () => {
    fc.assert(
      fc.property(anyBlock, nonce, anyTransaction, (block, salt, stranger) => {
        fc.pre(block.transactions.length > 1);
        const half = partial(compactBlock(block, salt), []);
        const rest = block.transactions.slice(1);
        expect(half.complete(rest.slice(1))).toBeUndefined();
        expect(half.complete([...rest, stranger])).toBeUndefined();
        fc.pre(!block.transactions.some((tx) => Buffer.compare(txid(tx), txid(stranger)) === 0));
        expect(half.complete([stranger, ...rest.slice(1)])).toBeUndefined();
      }),
    );
  });

  const [block] = fc.sample(anyBlock, { numRuns: 1, seed: 4 });
  const { transactions, header } = block!;
  const message = compactBlock(block!, 7n);

  test("short ids have 48 bits and depend on header and nonce", () => {
    const id = txid(transactions[0]!);
    const short = shortIdsOf(header, 7n)(id);
    expect(short).toBeLessThan(2 ** 48);
    expect(shortIdsOf(header, 8n)(id)).not.toBe(short);
    expect(shortIdsOf({ ...header, time: header.time ^ 1 }, 7n)(id)).not.toBe(short);
  });

  test("are invalid without transactions, with more than 20000, or with a place that nothing fills", () => {
    const state = (changes: Partial<typeof message>) => reconstruct({ ...message, ...changes }, []).state;
    const tx = transactions[0]!;
    expect(state({ shortIds: [], prefilled: [] })).toBe("invalid");
    expect(state({ shortIds: Array.from({ length: 20_000 }, (_, i) => i) })).toBe("invalid");
    expect(state({ shortIds: Array.from({ length: 19_999 }, (_, i) => i) })).toBe("partial");
    expect(state({ shortIds: [1], prefilled: [{ index: 2, tx }] })).toBe("invalid");
    expect(state({ shortIds: [1], prefilled: [{ index: 1, tx }] })).toBe("partial");
    expect(state({ shortIds: [1, 1] })).toBe("ambiguous");
  });

  test("leave a place empty that two transactions at hand would fit, and take one that comes twice", () => {
    const [a, b] = [{ ...transactions[0]! }, { ...transactions[0]! }];
    const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)];
    const filled = (...pool: KnownTx[]) => {
      const places: (Transaction | undefined)[] = [undefined];
      fillPlaces(places, new Map([[5, 0]]), () => 5, pool);
      return places[0];
    };
    expect(filled({ id: first, tx: a })).toBe(a);
    expect(filled({ id: first, tx: a }, { id: first, tx: b })).toBe(a);
    expect(filled({ id: first, tx: a }, { id: second, tx: b })).toBeUndefined();
  });
});
