import {
  ABSENT,
  blockBytes,
  type Outpoint,
  parseDisplayHash,
  type TxOutput,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  Writer,
  writeHeader,
  writeOutput,
} from "@fluxlab/core";
import { FluxAmount, type Json, jsonText, scriptPubKeyJson } from "@fluxlab/core/host";
import type { CommandContext } from "./command.ts";
import { findTransaction } from "./commands/rawTransactions.ts";
import { blockOf, blockResult, headerResult } from "./results/blockResult.ts";
import { blockchainInfo } from "./results/chainInfo.ts";
import { mempoolEntryJson, poolInfo } from "./results/poolResult.ts";
import { expandedTransaction } from "./results/transactionResult.ts";
import { RpcError } from "./rpcError.ts";

// Reading over plain GET, without a password. Source: fluxd src/rest.cpp.

/** An answer to GET. */
export interface RestReply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** What a path asks for: the parts between slashes, and how to write the answer. */
interface RestRequest {
  readonly parts: readonly string[];
  readonly format: string;
}

/** An answer in the forms it has. */
interface Forms {
  readonly json?: () => Json;
  readonly bytes?: () => Uint8Array;
}

/** What is wrong with a request. */
class RestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const badRequest = (text: string): RestError => new RestError(400, text);
const notFound = (text: string): RestError => new RestError(404, `${text} not found`);

const MAX_HEADERS = 2_000;
const MAX_OUTPOINTS = 15;

function hashOf(text: string): Uint8Array {
  const hash = parseDisplayHash(text);
  if (hash === undefined) throw badRequest(`Invalid hash: ${text}`);
  return hash;
}

function transaction({ parts }: RestRequest, context: CommandContext): Forms {
  const [text = ""] = parts;
  const tx = findTransaction(hashOf(text), context);
  if (tx === undefined) throw notFound(text);
  return {
    bytes: () => transactionBytes(tx),
    // Here the bytes are asked for as bytes.
    json: () => ({ ...expandedTransaction(tx, context), hex: undefined }),
  };
}

function block({ parts }: RestRequest, context: CommandContext): Forms {
  const decoded = parts[0] !== "notxdetails";
  const text = parts.at(-1) ?? "";
  const { chain } = context.api.node;
  const row = chain.shared.tree.find(hashOf(text));
  if (row === ABSENT || !chain.knows(row)) throw notFound(text);
  if (!chain.hasBlock(row)) throw new RestError(404, `${text} not available (not downloaded)`);
  const found = blockOf(context, row);
  return { bytes: () => blockBytes(found), json: () => blockResult(context, row, found, decoded) };
}

/** Headers of the best chain from a block on. */
function headers({ parts }: RestRequest, context: CommandContext): Forms {
  const [countText = "", text = ""] = parts;
  if (parts.length !== 2)
    throw badRequest("No header count specified. Use /rest/headers/<count>/<hash>.<ext>.");
  const count = Number(countText);
  if (!/^\d+$/.test(countText) || count < 1 || count > MAX_HEADERS) {
    throw badRequest(`Header count out of range: ${countText}`);
  }
  const { chain } = context.api.node;
  const { tree } = chain.shared;
  const first = tree.find(hashOf(text));
  const rows: number[] = [];
  if (first !== ABSENT && chain.isActive(first)) {
    const height = tree.height(first);
    const last = Math.min(height + count - 1, chain.tipHeight);
    for (let at = height; at <= last; at++) rows.push(tree.ancestor(chain.tip, at));
  }
  const bytes = (): Uint8Array => {
    const writer = new Writer();
    for (const row of rows) writeHeader(writer, tree.header(row));
    return writer.copy();
  };
  return { bytes, json: () => rows.map((row) => headerResult(context.api, row)) };
}

function mempool({ parts }: RestRequest, context: CommandContext): Forms {
  const [what = ""] = parts;
  if (what === "info") return { json: () => poolInfo(context.api) };
  if (what !== "contents") throw notFound(`mempool/${what}`);
  const entries = [...context.api.node.mempool.pool.entries()];
  return {
    json: () =>
      Object.fromEntries(
        entries.map((entry) => [toDisplayHex(entry.txid), mempoolEntryJson(entry, context)]),
      ),
  };
}

/** What stands for the height of what is in no block. Source: fluxd src/txmempool.h MEMPOOL_HEIGHT. */
const MEMPOOL_HEIGHT = 0x7fff_ffff;

interface FoundCoin {
  readonly version: number;
  readonly height: number;
  readonly output: TxOutput;
}

/** fluxd finds nothing unless it is to look at the pool too, and neither do we. */
function unspent({ parts }: RestRequest, context: CommandContext): Forms {
  const withPool = parts[0] === "checkmempool";
  const outpoints = parts.slice(withPool ? 1 : 0).map(readOutpointText);
  if (outpoints.length === 0) throw badRequest("Error: empty request");
  if (outpoints.length > MAX_OUTPOINTS) {
    throw badRequest(`Error: max outpoints exceeded (max: ${MAX_OUTPOINTS}, tried: ${outpoints.length})`);
  }
  const found = outpoints.map((outpoint) => (withPool ? findCoin(outpoint, context) : undefined));
  const coins = found.filter((coin) => coin !== undefined);
  const { chain } = context.api.node;
  return {
    json: () => ({
      chainHeight: chain.tipHeight,
      chaintipHash: toDisplayHex(chain.tipHash),
      bitmap: found.map((coin) => (coin === undefined ? "0" : "1")).join(""),
      utxos: coins.map(({ version, height, output }) => ({
        txvers: version,
        height,
        value: new FluxAmount(output.value),
        scriptPubKey: scriptPubKeyJson(output.scriptPubKey, context.api.params),
      })),
    }),
    bytes: () => {
      const bits = new Uint8Array(Math.ceil(found.length / 8));
      for (const [i, coin] of found.entries()) if (coin !== undefined) bits[i >> 3]! |= 1 << (i & 7);
      const writer = new Writer();
      writer.u32(chain.tipHeight);
      writer.bytes(chain.tipHash);
      writer.varBytes(bits);
      writer.vector(coins, (to, { version, height, output }) => {
        to.u32(version);
        to.u32(height);
        writeOutput(to, output);
      });
      return writer.copy();
    },
  };
}

function readOutpointText(text: string): Outpoint {
  const [id = "", index = ""] = text.split("-");
  const txid = parseDisplayHash(id);
  if (txid === undefined || !/^\d{1,10}$/.test(index)) throw badRequest("Parse error");
  return { txid, index: Number(index) };
}

function findCoin(outpoint: Outpoint, { api, index }: CommandContext): FoundCoin | undefined {
  const { chain, mempool: pool } = api.node;
  if (pool.pool.spender(outpoint) !== undefined) return undefined;
  const pooled = pool.pool.get(outpoint.txid)?.tx;
  const output = pooled?.kind === "ordinary" ? pooled.outputs[outpoint.index] : undefined;
  if (pooled !== undefined && output !== undefined)
    return { version: pooled.version, height: MEMPOOL_HEIGHT, output };
  const coin = chain.state().coin(outpoint);
  if (coin === undefined) return undefined;
  return { version: index.transaction(outpoint.txid)?.tx.version ?? 0, height: coin.height, output: coin };
}

type Reader = (request: RestRequest, context: CommandContext) => Forms;

const READERS: Readonly<Record<string, Reader>> = {
  tx: transaction,
  block,
  headers,
  mempool,
  getutxos: unspent,
  chaininfo: (_request, context) => ({ json: () => blockchainInfo(context) }),
};

const plain = (status: number, text: string): RestReply => ({
  status,
  type: "text/plain",
  body: `${text}\r\n`,
});

/** Answers a path, which begins with "/rest/". */
export function answerRest(path: string, context: CommandContext): RestReply {
  const [, , name = "", ...rest] = path.split("/");
  const last = rest.pop() ?? name;
  const [whole, part = "", format = ""] = /^(.*)\.(\w+)$/.exec(last) ?? [last, last];
  const reader = READERS[rest.length === 0 && last === name ? part : name];
  if (reader === undefined || whole === "") return { status: 404, type: "text/html", body: "" };
  try {
    const { json, bytes } = reader({ parts: last === name ? [] : [...rest, part], format }, context);
    if (format === "json" && json !== undefined) {
      return { status: 200, type: "application/json", body: `${jsonText(json())}\n` };
    }
    if (format === "hex" && bytes !== undefined)
      return { status: 200, type: "text/plain", body: `${toWireHex(bytes())}\n` };
    if (format === "bin" && bytes !== undefined) {
      return { status: 200, type: "application/octet-stream", body: bytes() };
    }
    const formats = [
      ...(bytes === undefined ? [] : [".bin", ".hex"]),
      ...(json === undefined ? [] : [".json"]),
    ];
    return plain(404, `output format not found (available: ${formats.join(", ")})`);
  } catch (error) {
    if (error instanceof RestError) return plain(error.status, error.message);
    if (error instanceof RpcError) return plain(404, error.message); // pruned
    throw error;
  }
}
