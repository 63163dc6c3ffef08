import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConf, parseZmq, readConf, splitArguments, translate } from "@fluxlab/testnet/host";
import { describe, expect, onTestFinished, test } from "vitest";

const line = (...argv: string[]) => splitArguments(argv).settings;
const conf = (text: string) => parseConf(text, "flux.conf");

describe("flux.conf", () => {
  test("has keys, values, comments and the line of each", () => {
    expect(conf("# mine\nrpcuser=a # not b\n\n rpcpassword = x=y \r\naddnode=h:1\naddnode=h:2")).toEqual([
      { name: "rpcuser", value: "a", where: "flux.conf:2" },
      { name: "rpcpassword", value: "x=y", where: "flux.conf:4" },
      { name: "addnode", value: "h:1", where: "flux.conf:5" },
      { name: "addnode", value: "h:2", where: "flux.conf:6" },
    ]);
    expect(() => conf("a=1\nlisten")).toThrow("flux.conf:2: expected key=value");
  });

  test("that a person named has to be there", () => {
    const folder = mkdtempSync(join(tmpdir(), "flux-lab-conf-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "flux.conf");
    expect(readConf(file, false)).toEqual([]);
    expect(() => readConf(file, true)).toThrow(`-conf=${file}: cannot be read (ENOENT)`);
    writeFileSync(file, "regtest=1");
    expect(translate([], readConf(file, true)).args).toEqual(["--network", "regtest"]);
  });
});

describe("options of fluxd", () => {
  test("have one dash; the rest is ours", () => {
    expect(splitArguments(["--network", "main", "-regtest", "-rpcport=5", "-1", "x"])).toEqual({
      ours: ["--network", "main", "-1", "x"],
      settings: [
        { name: "regtest", value: "", where: "-regtest" },
        { name: "rpcport", value: "5", where: "-rpcport" },
      ],
    });
  });

  test.each([
    [
      ["-port=1", "-bind=::1"],
      ["--listen", "[::1]:1"],
    ],
    [["-port=1", "-listen=0"], ["--no-listen"]],
    [["-nolisten"], ["--no-listen"]],
    [["-listen=1"], []],
    [["-rpcport=7"], ["--rpc", "127.0.0.1:7"]],
    [["-testnet"], ["--network", "test"]],
    [["-regtest=0"], []],
    [["-debug=net"], ["--log-level", "debug"]],
    [["-printtoconsole=0"], ["--log-file"]],
    [["-zmqpubhashblock=tcp://127.0.0.1:1"], ["--zmq", "hashblock=tcp://127.0.0.1:1"]],
    [
      ["-gen", "-genproclimit=2", "-prune=600"],
      ["--prune", "600", "--gen-threads", "2", "--gen"],
    ],
    [
      ["-bantime=5", "-bantime=6"],
      ["--ban-time", "6"],
    ],
  ])("%j are %j", (given, expected) => {
    expect(translate(line(...given), [])).toEqual({ args: expected, warnings: [] });
  });

  test("of the command line go before those of the file, of which the first counts; repeated ones are all taken", () => {
    const file = conf("rpcuser=f\nrpcuser=g\nbantime=1\nconnect=a\nlisten=0");
    const { args } = translate(line("-rpcuser=l", "-connect=b", "-listen=1"), file);
    expect(args).toEqual(["--connect", "b", "--rpc-user", "l", "--ban-time", "1", "--connect", "a"]);
    expect(translate([], file).args).toEqual([
      ...["--rpc-user", "f", "--ban-time", "1", "--connect", "a", "--no-listen"],
    ]);
  });

  test("that are unknown are told with their lines, as are those below a section and those without effect", () => {
    const { args, warnings } = translate(line("-frobnicate=2"), conf("[main]\nrpcuser=x\n"));
    expect(args).toEqual([]);
    expect(warnings).toEqual([
      "-frobnicate: unknown option frobnicate is ignored",
      "flux.conf:2: unknown option main.rpcuser is ignored",
    ]);
    expect(translate(line("-txindex=1"), []).warnings).toEqual(["-txindex: txindex changes nothing here"]);
    expect(() => translate(line("-regtest", "-testnet"), [])).toThrow("exclude each other");
  });
});

test("a topic has an address, and is one that is published", () => {
  expect(parseZmq("rawtx=tcp://127.0.0.1:1")).toEqual({ topic: "rawtx", address: "tcp://127.0.0.1:1" });
  expect(() => parseZmq("hashblock=28332")).toThrow('such as tcp://127.0.0.1:28332, got "28332"');
  expect(() => parseZmq("nothing=tcp://127.0.0.1:1")).toThrow("expected one of hashblock, hashtx, rawblock");
});
