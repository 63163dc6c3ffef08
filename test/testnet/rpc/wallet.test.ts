import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { regtest } from "@fluxlab/core";
import { Wallet, WalletFile } from "@fluxlab/testnet/rpc";
import { afterEach, describe, expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { wasmEquihash } from "../../support/equihash.ts";
import { sharedChainOf } from "../../support/labChain.ts";
import { genesisOf, labParams } from "../../support/miningLab.ts";
import { RpcNode } from "../../support/rpcNode.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** On a network whose puzzle is small and whose coinbases are soon spent. */
function newNode(): RpcNode {
  const params = labParams({ checkProofTargets: false });
  const genesis = genesisOf(params);
  return new RpcNode(
    sharedChainOf(genesis, "nothing", params, wasmEquihash),
    genesis.header.time + 1_000_000,
  );
}

describe("paying", () => {
  test("many at once, the fee taken from one of them", async () => {
    const node = newNode();
    await node.ask("generate", 15);
    const [a, b] = [await node.ask<string>("getnewaddress"), await node.ask<string>("getnewaddress")];
    const txid = await node.ask<string>("sendmany", "", { [a]: 1.5, [b]: "2.25" }, 1, "", [b]);
    await node.ask("generate", 1);
    const coins = await node.ask<{ address: string; amount: number; txid: string }[]>("listunspent", 1, 1, [
      a,
      b,
    ]);
    const got = new Map(coins.map(({ address, amount }) => [address, amount]));
    expect(coins.every((coin) => coin.txid === txid)).toBe(true);
    expect(got.get(a)).toBe(1.5);
    expect(got.get(b)).toBeLessThan(2.25);
    expect(got.get(b)).toBeGreaterThan(2.249);
    const book = await node.ask<string[]>("getaddressesbyaccount", "");
    expect(book.toSorted()).toEqual([a, b].toSorted()); // and not where change went
  });

  test.each([
    ["an address of another network", ["t1W8fNRcNvVTgFKaPEHYr9gFQMBCBSHGgxS", 1], "-5: Invalid Flux address"],
    ["more than there is", [undefined, 100_000], "-6: Insufficient funds"],
    ["nine decimals", [undefined, "0.000000001"], "-3: Invalid amount"],
    ["less than nothing", [undefined, -1], "-3: Amount out of range"],
    ["nothing", [undefined, 0], "-3: Invalid amount for send"],
  ])("%s is refused", async (_, [to, amount], message) => {
    const node = newNode();
    const address = to ?? (await node.ask<string>("getnewaddress"));
    await expect(node.ask("sendtoaddress", address, amount)).rejects.toThrow(message);
  });

  test("a raw transaction is made, funded, signed and sent", async () => {
    const node = newNode();
    await node.ask("generate", 15);
    const address = await node.ask<string>("getnewaddress");
    const raw = await node.ask<string>("createrawtransaction", [], { [address]: 0.5 });
    const { hex } = await node.ask<{ hex: string }>("fundrawtransaction", raw);
    const signed = await node.ask<{ hex: string; complete: boolean }>("signrawtransaction", hex);
    expect(signed.complete).toBe(true);
    const txid = await node.ask<string>("sendrawtransaction", signed.hex);
    expect(await node.ask("sendrawtransaction", signed.hex)).toBe(txid);
    await node.ask("generate", 1);
    await expect(node.ask("sendrawtransaction", signed.hex)).rejects.toThrow(
      "-27: transaction already in block chain",
    );
    expect(await node.ask("validateaddress", address)).toMatchObject({ ismine: true, iscompressed: true });
  });
});

describe("keys", () => {
  test("go from one wallet to another, and sign", async () => {
    const [from, to] = [newNode(), newNode()];
    const address = await from.ask<string>("getnewaddress");
    await to.ask("importprivkey", await from.ask("dumpprivkey", address), "mine");
    const signature = await to.ask<string>("signmessage", address, "hello");
    expect(await from.ask("verifymessage", address, signature, "hello")).toBe(true);
    expect(await from.ask("verifymessage", address, signature, "hell")).toBe(false);
    expect(await to.ask("getaccount", address)).toBe("mine");
  });

  test("are sealed by a passphrase, and opened for a time", async () => {
    const node = newNode();
    const address = await node.ask<string>("getnewaddress");
    const key = await node.ask<string>("dumpprivkey", address);
    await node.ask("encryptwallet", "open sesame");
    await expect(node.ask("dumpprivkey", address)).rejects.toThrow("-13");
    await expect(node.ask("walletpassphrase", "wrong", 60)).rejects.toThrow("-14");
    await node.ask("walletpassphrase", "open sesame", 60);
    expect(await node.ask("dumpprivkey", address)).toBe(key);
    node.ports.time += 61_000_000;
    await expect(node.ask("signmessage", address, "x")).rejects.toThrow("-13");
    await node.ask("walletpassphrasechange", "open sesame", "other");
    await expect(node.ask("walletpassphrase", "open sesame", 60)).rejects.toThrow("-14");
    await node.ask("walletpassphrase", "other", 60);
    await node.ask("walletlock");
    await expect(node.ask("signmessage", address, "x")).rejects.toThrow("-13");
  });

  test("no secret of an encrypted wallet is in its file", () => {
    const folder = mkdtempSync(join(tmpdir(), "flux-lab-wallet-"));
    folders.push(folder);
    const path = join(folder, "wallet.json");
    const settings = { params: regtest, ecdsa: fastEcdsa, now: () => 1, keyPoolTarget: 3, scryptCost: 16 };
    const wallet = new Wallet(new WalletFile(path), settings);
    const secrets = wallet.keys().map(({ secretKey }) => Buffer.from(secretKey).toString("hex"));
    const plain = readFileSync(path, "utf8");
    expect(secrets.every((secret) => plain.includes(secret))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    wallet.encrypt("a passphrase");
    const sealed = readFileSync(path, "utf8");
    expect(secrets.some((secret) => sealed.includes(secret))).toBe(false);
    expect(existsSync(`${path}.tmp`)).toBe(false);
    const again = new Wallet(new WalletFile(path), settings);
    expect(again.locked).toBe(true);
    again.unlock("a passphrase", 60);
    expect(again.keys().map(({ secretKey }) => Buffer.from(secretKey).toString("hex"))).toEqual(secrets);
  });

  test("a damaged file is named", () => {
    const folder = mkdtempSync(join(tmpdir(), "flux-lab-wallet-"));
    folders.push(folder);
    const path = join(folder, "wallet.json");
    writeFileSync(path, '{"format":1,');
    expect(() => new WalletFile(path).load()).toThrow(`${path}: not a wallet`);
  });
});

test("what is not offered says why", async () => {
  const node = newNode();
  await expect(node.ask("z_sendmany")).rejects.toThrow(
    "-32601: Method not offered by this node: shielded payments",
  );
  await expect(node.ask("nosuchthing")).rejects.toThrow("-32601: Method not found");
  expect(await node.ask<string>("help")).toContain("== Blockchain ==");
  expect(await node.ask<string>("help", "getblock")).toContain('getblock "hash|height"');
});
