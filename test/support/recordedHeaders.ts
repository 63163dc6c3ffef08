import {
  type Block,
  type BlockHash,
  type BlockHeader,
  blockHash,
  type HeaderHistory,
  type HeaderVerifier,
  type Outpoint,
  ParseError,
  type ProducerKey,
  parse,
  plainEquihash,
  readBlock,
  toDisplayHex,
} from "@fluxlab/core";
import { fastEcdsa } from "./ecdsa.ts";
import { historyOf } from "./headers.ts";
import { caseBytes, listVectors, readJson, readJsonLines } from "./vectors.ts";

/** A block and what the daemon said of it. */
export interface RecordedHeader {
  readonly height: number;
  readonly hash: string;
  readonly time: number;
  readonly bits: string;
  readonly chainwork: string;
  /** Median of the block and its ten predecessors; regtest's file has none. */
  readonly mediantime?: number;
  readonly hex?: string;
  readonly hexGz?: string;
}

export interface DecodedBlock {
  readonly block: Block;
  readonly header: BlockHeader;
  readonly hash: BlockHash;
}

/** Undefined where the bytes are no block, which is what some recorded cases are about. */
export function decodeBlock(each: { hex?: string; hexGz?: string }): DecodedBlock | undefined {
  const block = parse(caseBytes(each), readBlock);
  if (block instanceof ParseError) return undefined;
  return { block, header: block.header, hash: blockHash(block.header) };
}

export function recordedBlock(each: { hex?: string; hexGz?: string }): DecodedBlock {
  const decoded = decodeBlock(each);
  if (decoded === undefined) throw new Error("the daemon took this block, and we cannot read it");
  return decoded;
}

export const CHAINS = {
  lab: "labnet/chain-a.jsonl",
  test: "labnet/testnet-chain.jsonl",
  regtest: "labnet/regtest-chain.jsonl",
} as const;

export const recordedHeaders = (file: string): RecordedHeader[] => readJsonLines<RecordedHeader>(file);

/** The recorded chain up to and with `height`. */
export const historyUpTo = (chain: readonly RecordedHeader[], height: number): HeaderHistory =>
  historyOf(chain.slice(0, height + 1).map(({ time, bits }) => ({ time, bits: Number.parseInt(bits, 16) })));

export const headerVerifier: HeaderVerifier = { equihash: plainEquihash, ecdsa: fastEcdsa };

/** Operating keys by collateral, from every START so far: the latest one is the node's, and no valid block lacks it. */
export class ProducerTable {
  readonly #keys = new Map<string, Uint8Array>();

  apply({ block }: DecodedBlock): void {
    for (const tx of block.transactions) {
      if (tx.kind === "fluxnodeStart") this.#keys.set(this.#name(tx.collateral), tx.pubkey);
    }
  }

  readonly keyOf: ProducerKey = (collateral) => this.#keys.get(this.#name(collateral));

  #name = ({ txid, index }: Outpoint): string => `${toDisplayHex(txid)}:${index}`;
}

/** Branches off the laboratory chain. */
export interface Reorg {
  readonly name: string;
  readonly forkHeight: number;
  readonly mockTime: number;
  readonly blocks: Readonly<Record<string, RecordedHeader>>;
  readonly orders: readonly { readonly order: readonly string[] }[];
  readonly finalTip: string;
}

export const reorgs = (): Reorg[] =>
  listVectors("labnet")
    .filter((file) => /^reorg-\d\d-/.test(file))
    .map((file) => readJson<Reorg>(`labnet/${file}`));

/** A block the daemon refused after `prevHash`, which was its tip. */
export interface Refused {
  readonly name: string;
  readonly height: number;
  readonly prevHash: string;
  readonly mockTime: number;
  readonly result: string | null;
  readonly hex?: string;
  readonly hexGz?: string;
}

/** Refused because of a header rule, and there alone. */
export const HEADER_REASONS: ReadonlySet<string> = new Set([
  "version-too-low",
  "bad-pon-sig-size",
  "high-hash",
  "invalid-solution",
  "time-too-new",
  "not-pon-block",
  "bad-pon-header",
  "bad-pon-diffbits",
  "premature-pon-block",
  "bad-diffbits",
  "time-too-old",
]);
