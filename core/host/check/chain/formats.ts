import type { EcdsaBackend } from "@fluxlab/core";
import type { Field } from "../../field.ts";
import type { Case } from "../kind.ts";
import { callCases } from "./callsAlongChain.ts";
import { ChainReplay } from "./chainLines.ts";
import { checkRpc, rpcMethods } from "./fluxnodeRpc.ts";
import { StateLines } from "./fluxnodeStates.ts";
import { checkForkAtDepth } from "./forkAtDepth.ts";
import { InvalidBlocks } from "./invalidBlocks.ts";
import { batchCases } from "./mempoolCases.ts";
import type { RecordedChains } from "./recordedChains.ts";
import { reorganisationCases } from "./reorganisations.ts";

/** What cases are checked with. */
interface Context {
  readonly chains: RecordedChains;
  readonly ecdsa: EcdsaBackend;
  /** Reorganisations of all files that lead back to a chain. */
  readonly forks: readonly Field[];
}

/** A format of the recordings: see ../shared/vectors/labnet/README.md. */
export interface Format {
  readonly name: string;
  /** What its files hold, for people. */
  readonly about: string;
  /** Whether a file looks like one, by its rows: its lines, its elements, or the one value it is. */
  recognises(rows: readonly Field[]): boolean;
  /** Hashes of blocks that a chain file has to have for this file to be checked. */
  bases(rows: readonly Field[]): Field[];
  /** To be checked in this order. @throws InputError if the file as a whole is not of the format */
  cases(rows: readonly Field[], context: Context): Case[];
}

const has = (row: Field | undefined, ...keys: readonly string[]): boolean =>
  row?.isObject() === true && keys.every((key) => row.find(key) !== undefined);

const hasBlock = (row: Field | undefined): boolean => has(row, "hex") || has(row, "hexGz");

const found = (rows: readonly Field[], key: string): Field[] =>
  rows.flatMap((row) => (row.isObject() ? (row.find(key) ?? []) : []));

const shown = (value: Field | undefined): string =>
  typeof value?.value === "string" || typeof value?.value === "number" ? ` ${value.value}` : "";

const atHeight = (row: Field): string =>
  row.isObject() && row.find("height") !== undefined ? ` height${shown(row.find("height"))}` : "";

export const chainFormat: Format = {
  name: "chain",
  about:
    "a block a line from genesis on: height, hash, hex; time, bits, chainwork, mediantime, subsidy, coinbase",
  recognises: ([first]) => has(first, "hash", "height") && hasBlock(first) && !has(first, "prevHash"),
  bases: () => [],
  cases(rows, { chains }) {
    const replay = new ChainReplay(chains);
    return rows.map((row) => ({ name: `${row.path}${atHeight(row)}`, check: () => replay.check(row) }));
  },
};

const statesFormat: Format = {
  name: "states",
  about: "a line with nodes, then a line a height: hash, confirmed, started, dos, winners",
  recognises: ([first]) => has(first, "nodes"),
  bases: ([, ...lines]) => found(lines, "hash"),
  cases([head, ...lines], { chains }) {
    const states = new StateLines(head!, chains);
    return lines.map((line) => ({ name: `${line.path}${atHeight(line)}`, check: () => states.check(line) }));
  },
};

const rpcFormat: Format = {
  name: "fluxnode-rpc",
  about: "a line a height: hash, tipTime, rpc with what FluxNode methods answer",
  recognises: ([first]) => has(first, "rpc", "hash", "height"),
  bases: (lines) => found(lines, "hash"),
  cases: (lines, { chains }) =>
    lines.flatMap((line) =>
      rpcMethods(line).map((method) => ({
        name: `${line.path}${atHeight(line)} ${method}`,
        check: () => checkRpc(line, method, chains),
      })),
    ),
};

/** The cases of a file that is one, or has several. */
const casesIn = (rows: readonly Field[]): Field[] =>
  rows.flatMap((row) => (has(row, "cases") ? row.get("cases").items() : row));

const isBranches = (each: Field): boolean => has(each, "blocks", "forkHash");
const isAtDepth = (each: Field): boolean => has(each, "tipHash", "result") && hasBlock(each);
const isCalls = (each: Field): boolean => has(each, "atHash", "steps");

export const reorgFormat: Format = {
  name: "reorg",
  about:
    "branches with forkHash, blocks, orders or steps; blocks at a depth; calls along a chain; one, or several as cases",
  recognises: (rows) =>
    rows.length === 1 &&
    !has(rows[0], "tipHash", "cases") &&
    casesIn(rows).some((each) => isBranches(each) || isAtDepth(each) || isCalls(each)),
  bases: (rows) => {
    const cases = casesIn(rows);
    return [
      ...found(cases.filter(isBranches), "forkHash"),
      ...found(cases.filter(isAtDepth), "tipHash"),
      ...found(cases.filter(isCalls), "atHash"),
    ];
  },
  cases(rows, { chains, forks }) {
    const cases = casesIn(rows);
    const other = cases.find((each) => !(isBranches(each) || isAtDepth(each) || isCalls(each)));
    other?.fail(
      'a case with "forkHash" and "blocks", with "tipHash", "hex" and "result", or with "atHash" and "steps"',
    );
    return [
      ...cases.filter(isBranches).flatMap((each) => reorganisationCases(each, chains)),
      ...cases.filter(isAtDepth).map((each) => ({
        name: `${each.path}${shown(each.find("name"))}`,
        check: () => checkForkAtDepth(each, chains),
      })),
      ...callCases(cases.filter(isCalls), forks, chains),
    ];
  },
};

/** Branches of a file whose better one is part of a chain: the node that was recorded went through them. */
export const forksOnto = (rows: readonly Field[], isOnChain: (hash: Field) => boolean): Field[] =>
  casesIn(rows).filter((each) => {
    const tip = isBranches(each) && has(each, "orders") ? each.find("finalTip") : undefined;
    return tip !== undefined && isOnChain(tip);
  });

/** Blocks of all branches of a file. */
export const blocksOfBranches = (rows: readonly Field[]): Field[] =>
  casesIn(rows)
    .filter(isBranches)
    .flatMap((each) => {
      const blocks = each.get("blocks");
      return blocks.keys().map((id) => blocks.get(id));
    });

/** Tips that calls lead to: blocks of a chain or of a reorganisation. */
export const tipsOfCalls = (rows: readonly Field[]): Field[] =>
  casesIn(rows)
    .filter(isCalls)
    .flatMap((each) => found(each.get("steps").items(), "tip"));

const invalidFormat: Format = {
  name: "invalid-blocks",
  about: "a list of blocks that were refused: prevHash, height, hash, hex or hexGz, mockTime, result",
  recognises: ([first]) =>
    hasBlock(first) && (has(first, "prevHash", "result") || has(first, "prevHash", "rpcError")),
  bases: (rows) => found(rows, "prevHash"),
  cases(rows, { chains }) {
    const blocks = new InvalidBlocks(chains);
    return rows.map((row) => ({
      name: `${row.path}${row.isObject() ? shown(row.find("name")) : ""}${atHeight(row)}`,
      check: () => blocks.check(row),
    }));
  },
};

const mempoolFormat: Format = {
  name: "mempool",
  about: "a list of batches of transactions offered to an empty pool: tipHash, mockTime, cases, finalMempool",
  recognises: ([first]) => has(first, "tipHash", "cases"),
  bases: (rows) => found(rows, "tipHash"),
  cases: (rows, { chains, ecdsa }) => rows.flatMap((batch) => batchCases(batch, chains, ecdsa)),
};

/** Every format, in the order in which files are checked: what others stand on comes first. */
export const FORMATS: readonly Format[] = [
  chainFormat,
  statesFormat,
  rpcFormat,
  reorgFormat,
  invalidFormat,
  mempoolFormat,
];
