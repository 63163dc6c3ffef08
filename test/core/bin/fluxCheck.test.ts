import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkFile } from "../../../core/host/check/checkFile.ts";
import type { Kind } from "../../../core/host/check/kind.ts";
import { KINDS } from "../../../core/host/check/kinds.ts";
import { InputError } from "../../../core/host/commandLine.ts";
import { readVectors } from "../../support/committedVectors.ts";
import { type Ended, runProgram, temporaryFolder } from "../../support/program.ts";
import { listVectors, vectorPath } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const check = (...args: string[]): Promise<Ended> => runProgram("core/bin/flux-check.ts", ...args);

/** A file of these cases, gone after the test. */
function file(name: string, content: unknown): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const kindsOf = (name: string): readonly Kind[] =>
  name === "auto" ? KINDS : KINDS.filter((kind) => kind.name === name);

const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1)!;

/** Recordings in which there is no block. */
const NO_BLOCKS = /fluxnode-|mempool-|p2p-|rpc-|README|invalidateblock/;

describe("every vector beside the checkout passes", () => {
  const cases: [kind: string, files: () => string[], passed: number][] = [
    ["script", () => ["script_valid.json", "script_invalid.json"], 291 + 219],
    ["sighash", () => ["sighash.json"], 250],
    ["tx", () => ["tx_valid.json", "tx_invalid.json"], 19 + 31],
    [
      "base58",
      () => ["base58_encode_decode.json", "base58_keys_valid.json", "base58_keys_invalid.json"],
      112,
    ],
    ["keys", () => ["keys_and_signatures.json"], 12],
    ["fluxnode-tx", () => ["fluxnode-txs.json", "fluxnode-txs-public.json"], 15 + 8],
    ["payouts", () => ["fluxnode-payouts.json"], 118],
    ["queue", () => ["fluxnode-payouts.json"], 6],
    ["subsidy", () => ["subsidy.json"], 81 + 22 + 12 + 24],
    ["difficulty", () => ["difficulty.json"], 193],
    ["equihash", () => ["equihash.json"], 3 + 2 + 6 + 41 + 3 + 10],
    ["block", () => ["blocks.json", ...recordings()], 5_961],
  ];

  const recordings = (): string[] =>
    listVectors("labnet")
      .filter((name) => !NO_BLOCKS.test(name))
      .map((name) => `labnet/${name}`);

  for (const [kind, files, passed] of cases) {
    vectorTest(kind, async () => {
      const { code, stdout, stderr } = await check(kind, ...files().map(vectorPath));
      expect(stdout).not.toContain("FAIL");
      expect(lastLine(stdout)).toBe(`${passed} passed, 0 failed`);
      expect(stderr).toBe("");
      expect(code).toBe(0);
    });
  }

  vectorTest("and is told by its shape which format it is of", async () => {
    const files = cases.slice(0, -1).flatMap(([, files]) => files());
    const { code, stdout } = await check("auto", ...[...new Set(files)].map(vectorPath));
    const passed = cases.slice(0, -1).reduce((sum, [, , each]) => sum + each, 0);
    expect(lastLine(stdout)).toBe(`${passed} passed, 0 failed`);
    expect(code).toBe(0);
  });
});

describe("a wrong expectation ends with code 1 and says what was expected and what came out", () => {
  test("in a group of numbers, beside right ones", async () => {
    const { main } = readVectors<{ main: { height: number; subsidy: number }[] }>("subsidy.json");
    const [first, ...rest] = main;
    const path = file("mine.json", { main: [{ ...first, subsidy: 7 }, ...rest] });
    const { code, stdout, stderr } = await check("subsidy", path);
    expect(stdout).toBe(
      `FAIL subsidy ${path} main[0]: expected subsidy 7, got subsidy ${first!.subsidy}\n` +
        `${path} (subsidy): ${rest.length} passed, 1 failed\n${rest.length} passed, 1 failed\n`,
    );
    expect(stderr).toBe("");
    expect(code).toBe(1);
  });

  const ZERO_KEY = "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn";
  const TX = `0100000001${"11".repeat(32)}0000000000ffffffff0100000000000000000000000000`;
  const cases: [kind: string, name: string, content: unknown, message: string][] = [
    [
      "script",
      "valid.json",
      [["1", "NOT", "", "no"]],
      "[0]: expected valid, got invalid (evalFalse: Script evaluated",
    ],
    ["script", "invalid.json", [["1", "NOP", "P2SH"]], "[0]: expected invalid, got valid"],
    [
      "tx",
      "valid.json",
      [[[["11".repeat(32), 0, "0"]], TX, "P2SH"]],
      "expected valid, got invalid (input 0: evalFalse)",
    ],
    ["tx", "valid.json", [[[], TX, ""]], "got invalid (input 0 spends an output that the row does not list)"],
    ["tx", "valid.json", [[[], TX.slice(2), ""]], "got invalid (inputs at byte 4: end of data)"],
    ["base58", "a.json", [["61", "2h"]], '[0]: expected text "2h", hex "61", got text "2g", hex "62"'],
    [
      "base58",
      "b.json",
      [["t1T8yaLVhNqxA5KJcmiqqFN88e8DNp2PBfF"]],
      "expected nothing, got address of mainnet",
    ],
    [
      "sighash",
      "a.json",
      [[TX, "", 0, 1, 0, "00".repeat(32)]],
      `expected hash "${"00".repeat(32)}", got hash "`,
    ],
    [
      "sighash",
      "b.json",
      [[TX.slice(0, 50), "", 0, 1, 0, "00".repeat(32)]],
      "got no transaction: inputs at byte 4: end of data",
    ],
    [
      "keys",
      "a.json",
      { p2sh_multisig: { redeem_script: "51", script_pubkey: "", address_main: "", keys: [] } },
      "expected redeem_script",
    ],
    [
      "queue",
      "a.json",
      {
        queueOrder: [
          { nodes: [{ txid: "00".repeat(32), vout: 0, confirmedHeight: 1, lastPaidHeight: 0 }], order: [1] },
        ],
      },
      "got an error: queueOrder[0].order[0]: expected a whole number",
    ],
    [
      "queue",
      "b.json",
      { queueOrder: [{ nodes: [], order: [] }] },
      "got an error: queueOrder[0].nodes: expected at least one node, got a list of 0",
    ],
    [
      "payouts",
      "a.json",
      { confirmExpiration: [{ network: "main", height: 1, blocks: 61 }] },
      "expected blocks 61, got blocks 60",
    ],
    [
      "block",
      "a.json",
      [{ hash: "00".repeat(32), hex: "00" }],
      "expected a block, got header.version at byte 0: end of data",
    ],
    [
      "fluxnode-tx",
      "a.json",
      [{ signed_message: "", raw_hex: "0500000007" }],
      "expected a FluxNode transaction, got a transaction of kind fluxnodeUnknown",
    ],
    [
      "keys",
      "b.json",
      { deterministic_signatures: { cases: [{ wif: ZERO_KEY.slice(1) }] } },
      ".wif: no key of the main network",
    ],
    // Rows that are not of the format.
    [
      "script",
      "valid.json",
      [["1", "SPEND", ""]],
      "[0][1]: \"SPEND\" is no number, 0x hex, 'text' or name of an opcode",
    ],
    ["script", "valid.json", [["1", "1", "SEGWIT"]], '[0][2]: "SEGWIT" is no script flag'],
    ["script", "valid.json", [["1", "1"]], "[0]: expected a list of at least 3, got a list of 2"],
    [
      "sighash",
      "a.json",
      [[TX, "", 1, 1, 0, "00".repeat(32)]],
      "[0][2]: expected a whole number from 0 to 0, got 1",
    ],
    ["base58", "a.json", [["61", "2g"], ["62"]], "[1]: expected a list of 2, as in row 0, got a list of 1"],
    [
      "subsidy",
      "a.json",
      { main: [{ height: -1 }] },
      "main[0].height: expected a whole number from 0 to 2147483647, got -1",
    ],
    [
      "equihash",
      "a.json",
      { hashOutputs: [{ n: 126, k: 4, input: "", nonce: "" }] },
      "hashOutputs[0].n: expected n and k of one of (200, 9) (144, 5) (96, 5) (125, 4) (48, 5), got 126",
    ],
    [
      "equihash",
      "a.json",
      { solutions: [{ n: 48, k: 5, input: "", nonce: "00", solution: "00", valid: true }] },
      'expected verdict "valid", got verdict "length"',
    ],
    [
      "payouts",
      "a.json",
      { windows: [{ network: "moon", height: 1 }] },
      'windows[0].network: expected one of main, test, regtest, regtest-nu, got "moon"',
    ],
  ];

  test.each(cases)("%s %s: %j", (kind, name, content, message) => {
    const [result] = checkFile(file(name, content), kindsOf(kind));
    const said = result!.failures.map(
      ({ case: place, expected, got }) => `${place}: expected ${expected}, got ${got}`,
    );
    expect(said.join("\n")).toContain(message);
  });
});

describe("what cannot be checked ends with code 2 and a message that names the file and the place", () => {
  const cases: [kind: string, name: string, content: unknown, message: RegExp][] = [
    ["script", "valid.json", "[", /valid\.json: not JSON: Unexpected end/],
    ["block", "chain.jsonl", '{"hash":1}\n{', /chain\.jsonl: line 2: not JSON/],
    ["script", "valid.json", {}, /as script: the file: expected a list, got an object/],
    ["script", "valid.json", [["only a comment"]], /as script: the file: expected cases, got none/],
    [
      "script",
      "mine.json",
      [["1", "1", ""]],
      /expected a name with "valid" or "invalid" in it, or --expect, got "mine.json"/,
    ],
    ["subsidy", "a.json", { moon: [{}] }, /expected groups called main, .*, got one called "moon"/],
    ["subsidy", "a.json", { main: 3 }, /expected cases, got none/],
    ["payouts", "a.json", { payouts: { a: 1 } }, /payouts: expected a list, got an object/],
    ["keys", "a.json", { message_signatures: [] }, /message_signatures: expected an object, got a list of 0/],
    ["base58", "a.json", [[1, 2, 3, 4]], /expected rows \[hex, text\]/],
    ["fluxnode-tx", "a.json", [], /expected cases, got none/],
    ["block", "a.json", "3", /as block: the file: expected an object, got 3/],
    ["auto", "a.json", [[{}]], /of none of the formats script, sighash,/],
    ["block", "deep.json", "[".repeat(10_000), /deep\.json: not JSON/],
  ];

  test.each(cases)("%s %s: %j", (kind, name, content, message) => {
    const path = file(name, content);
    const checking = () => checkFile(path, kindsOf(kind));
    expect(checking).toThrow(InputError);
    expect(checking).toThrow(message);
  });

  test("a file that is not there and one that is no JSON, beside one that is good", async () => {
    const good = file("valid.json", [["1", "1", ""]]);
    const bad = file("valid.json", "[");
    const { code, stdout, stderr } = await check("script", "/nowhere/valid.json", bad, good);
    expect(stderr).toBe(
      `/nowhere/valid.json: there is no such file\n${bad}: not JSON: Unexpected end of JSON input\n`,
    );
    expect(lastLine(stdout)).toBe("1 passed, 0 failed");
    expect(code).toBe(2);
  });

  test("an unknown kind", async () => {
    const { code, stderr } = await check("scripts", "a.json");
    expect(stderr).toMatch(/'scripts' is invalid for argument 'kind'. Allowed choices are auto, script/);
    expect(code).toBe(2);
  });
});

test("--expect decides for a file whose name does not", async () => {
  const path = file("mine.json", [["1", "NOT", ""]]);
  expect((await check("script", path, "--expect", "invalid")).code).toBe(0);
});

test("--json says the same", async () => {
  const path = file("mine.json", { main: [{ height: 1, maxIssued: 1 }] });
  const { code, stdout } = await check("subsidy", path, "/nowhere.json", "--json");
  const outcome = JSON.parse(stdout);
  expect(outcome).toMatchObject({ passed: 0, failed: 1, problems: ["/nowhere.json: there is no such file"] });
  expect(outcome.files[0]).toMatchObject({ file: path, kind: "subsidy", failures: [{ case: "main[0]" }] });
  expect(code).toBe(2);
});

test("--help names every kind", async () => {
  const { code, stdout } = await check("--help");
  for (const word of ["script", "sighash", "fluxnode-tx", "queue", "Exit codes:", "--expect"]) {
    expect(stdout).toContain(word);
  }
  expect(code).toBe(0);
});
