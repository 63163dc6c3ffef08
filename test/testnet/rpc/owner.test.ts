import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseNodeConf } from "@fluxlab/testnet/rpc";
import { describe, expect, onTestFinished, test } from "vitest";
import { wasmEquihash } from "../../support/equihash.ts";
import { sharedChainOf } from "../../support/labChain.ts";
import { genesisOf, labParams } from "../../support/miningLab.ts";
import { RpcNode } from "../../support/rpcNode.ts";

/** Delegates come with proof of node, for which a lab needs nodes: it is only about to begin. */
const FIRST_PON = 602;
const params = labParams({ proof: "modelled" }, { pon: FIRST_PON });

function newNode(): { readonly node: RpcNode; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-owner-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const genesis = genesisOf(params);
  const shared = sharedChainOf(genesis, "nothing", params, wasmEquihash);
  const folders = { dataFolder: folder, exportFolder: folder };
  return { node: new RpcNode(shared, genesis.header.time + 1_000_000, { maxTipAge: 1e9 }, folders), folder };
}

interface Started {
  readonly overall: string;
  readonly detail: readonly Record<string, unknown>[];
}

describe("the owner of FluxNodes", () => {
  test("starts those of fluxnode.conf whose collaterals are in the wallet, and hears why others do not", async () => {
    const { node, folder } = newNode();
    const key = await node.ask<string>("createfluxnodekey");
    expect(await node.ask("listfluxnodeconf")).toEqual([]);
    await node.ask("generate", 40);
    const coins: { txid: string; vout: number }[] = [];
    for (let i = 0; i < 2; i++) {
      const txid = await node.ask<string>("sendtoaddress", await node.ask("getnewaddress"), 1_000);
      await node.ask("generate", 1);
      const outputs = await node.ask<{ vout: { n: number; value: number }[] }>("getrawtransaction", txid, 1);
      coins.push({ txid, vout: outputs.vout.find(({ value }) => value === 1_000)!.n });
    }
    const conf = (entries: readonly string[]) =>
      writeFileSync(join(folder, "fluxnode.conf"), ["# mine", ...entries, ""].join("\n"));
    const entry = (alias: string, { txid, vout }: { txid: string; vout: number }) =>
      `${alias} 10.0.0.1:16126 ${key} ${txid} ${vout}`;
    conf([entry("one", coins[0]!), entry("foreign", { txid: "11".repeat(32), vout: 0 })]);
    const early = await node.ask<Started>("startfluxnode", "all", "false");
    expect(early.overall).toBe("Successfully started 0 fluxnodes, failed to start 2, total 2");
    expect(early.detail.map(({ errorMessage }) => errorMessage)).toEqual([
      expect.stringContaining("Fluxnode hasn't met confirmation requirement"),
      "Could not find collateral in wallet",
    ]);

    await node.ask("generate", 110);
    const both = await node.ask<Started>("startfluxnode", "all", "false");
    expect(both.overall).toBe("Successfully started 1 fluxnodes, failed to start 1, total 2");
    expect(both.detail[0]).toMatchObject({
      alias: "one",
      transaction_commited: "successful",
      errorMessage: "",
    });
    const again = await node.ask<Started>("startdeterministicfluxnode", "one", "false");
    expect(again.detail[0]).toMatchObject({
      reason: "Mempool already has a fluxnode transaction using this outpoint",
    });
    await node.ask("generate", 1);
    expect(await node.ask("getstartlist")).toMatchObject([
      { collateral: `COutPoint(${coins[0]!.txid}, ${coins[0]!.vout})` },
    ]);
    expect(await node.ask("listfluxnodeconf")).toMatchObject([
      { alias: "one", status: "STARTED", tier: "CUMULUS" },
      { alias: "foreign", status: "OFFLINE", tier: "UNKNOWN" },
    ]);
    expect(await node.ask("startfluxnode", "alias", "false", "none")).toMatchObject({
      detail: [{ error: "could not find alias in config. Verify with listfluxnodeconf." }],
    });
  });

  test("names delegates in a START", async () => {
    const { node, folder } = newNode();
    const key = await node.ask<string>("createfluxnodekey");
    await node.ask("generate", 40);
    const txid = await node.ask<string>("sendtoaddress", await node.ask("getnewaddress"), 1_000);
    await node.ask("generate", 1);
    const { vout } = await node.ask<{ vout: { n: number; value: number }[] }>("getrawtransaction", txid, 1);
    const index = vout.find(({ value }) => value === 1_000)!.n;
    writeFileSync(join(folder, "zelnode.conf"), `one 10.0.0.1:16126 ${key} ${txid} ${index}\n`);
    await node.ask("generate", FIRST_PON - 1 - (await node.ask<number>("getblockcount")));
    const { public_key_compressed: delegate, public_key_uncompressed: long } =
      await node.ask<Record<string, string>>("createdelegatekeypair");
    const refused = (keys: readonly (string | undefined)[]) =>
      node.ask("startfluxnodewithdelegates", "one", keys, "false");
    expect(await refused([long])).toMatchObject({ error: "Public key at index 0 must be compressed" });
    expect(await refused([delegate, delegate])).toMatchObject({ error: "Duplicate public key at index 1" });
    const started = await node.ask<{ txid: string }>(
      "startfluxnodewithdelegates",
      "one",
      [delegate],
      "false",
    );
    expect(started).toMatchObject({ result: "success", delegates_count: 1, delegates: [delegate] });
    expect(await node.ask("getrawmempool")).toEqual([started.txid]);
    expect(await node.ask("getrawtransaction", started.txid)).toContain(delegate);
  });

  test("has the lines of the file that cannot be read named, and the keys in them not shown", () => {
    const id = "11".repeat(32);
    expect(parseNodeConf(`# x\n\n a 1.2.3.4:5 KEY ${id} 3\n`, "f")).toMatchObject([
      { alias: "a", address: "1.2.3.4:5", nodeKey: "KEY", collateral: { index: 3 } },
    ]);
    for (const line of ["a", "a 1.2.3.4 KEY x 1", `a h:1 KEY ${id}`, `a h:1 KEY ${id} x`, "a h:1 KEY 12 1"])
      expect(() => parseNodeConf(`\n${line}`, "f")).toThrow(/^f:2: expected [^K]*$/);
  });
});

test("a wallet is dumped as text and taken in again by another, labels included", async () => {
  const [a, b, c] = [newNode(), newNode(), newNode()];
  const key = await c.node.ask<string>("dumpprivkey", await c.node.ask("getnewaddress"));
  const address = await a.node.ask<string>("importprivkey", key, "müde %s");
  const plain = await a.node.ask<string>("getnewaddress");
  const file = await a.node.ask<string>("dumpwallet", "dump");
  expect(file).toBe(join(a.folder, "dump"));
  await expect(a.node.ask("dumpwallet", "dump")).rejects.toThrow("Cannot overwrite existing file");
  await expect(a.node.ask("dumpwallet", "../dump")).rejects.toThrow("only alphanumeric characters");
  const text = readFileSync(file, "utf8");
  expect(text).toContain(`${await a.node.ask("dumpprivkey", plain)} `);
  expect(text).toContain(`label=m%c3%bcde%20%25s # addr=${address}`);
  await b.node.ask("importwallet", file);
  expect(await b.node.ask("dumpprivkey", address)).toBe(await a.node.ask("dumpprivkey", address));
  expect(await b.node.ask("getaccount", address)).toBe("müde %s");
  await expect(b.node.ask("importwallet", "/nowhere")).rejects.toThrow("Cannot open wallet dump file");
});
