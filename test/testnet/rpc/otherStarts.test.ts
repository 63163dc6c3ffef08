import { describe, expect, test } from "vitest";
import { wasmEquihash } from "../../support/equihash.ts";
import { sharedChainOf } from "../../support/labChain.ts";
import { genesisOf, labParams } from "../../support/miningLab.ts";
import { RpcNode } from "../../support/rpcNode.ts";

// STARTs that are not the owner's alone, on a network that makes blocks of proof of node on demand.

const FIRST_PON = 150;
const params = labParams(
  { proof: "modelled", kind: "regtest", checkProofTargets: false },
  { flux: 140, halving: 142, p2shNodes: 144, pon: FIRST_PON },
);
/** Blocks in which a START that nobody confirms is forgotten: 240, and 720 more of penalty. */
const FORGOTTEN_AFTER = 961;

interface Delegate {
  readonly private_key: string;
  readonly public_key_compressed: string;
  readonly public_key_uncompressed: string;
}

class Owners {
  readonly node: RpcNode;

  constructor() {
    const genesis = genesisOf(params);
    const shared = sharedChainOf(genesis, "nothing", params, wasmEquihash);
    this.node = new RpcNode(shared, genesis.header.time + 1_000_000, { maxTipAge: 1e9 });
  }

  ask<T = string>(method: string, ...args: readonly unknown[]): Promise<T> {
    return this.node.ask<T>(method, ...args);
  }

  /** Time passes with every block. */
  async pass(blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      this.node.ports.time += params.pon.targetSpacing * 1_000_000;
      await this.ask("generate", 1);
    }
  }

  /** A mature collateral that any two of three keys own. */
  async collateral() {
    await this.ask("generate", 40);
    const addresses = [];
    for (let i = 0; i < 3; i++) addresses.push(await this.ask("getnewaddress"));
    const keys: { pubkey: string }[] = [];
    for (const address of addresses) keys.push(await this.ask("validateaddress", address));
    const { address, redeemScript } = await this.ask<{ address: string; redeemScript: string }>(
      "createmultisig",
      ...[2, keys.map(({ pubkey }) => pubkey)],
    );
    const txid = await this.ask("sendtoaddress", address, 1_000);
    await this.ask("generate", 1);
    const { vout } = await this.ask<{ vout: { n: number; value: number }[] }>("getrawtransaction", txid, 1);
    const index = vout.find(({ value }) => value === 1_000)!.n;
    await this.ask("generate", FIRST_PON - (await this.ask<number>("getblockcount")));
    return { txid, index, redeemScript, address, nodeKey: keys[0]!.pubkey, owner: addresses[1]! };
  }
}

describe("a collateral that several own", () => {
  test("is started by one of them, and from then on by a delegate", async () => {
    const owners = new Owners();
    const { txid, index, redeemScript, address, nodeKey, owner } = await owners.collateral();
    const delegate = await owners.ask<Delegate>("createdelegatekeypair");
    const made = await owners.ask("createp2shstarttx", redeemScript, nodeKey, txid, index, [
      delegate.public_key_compressed,
    ]);
    const ownerKey = await owners.ask("dumpprivkey", owner);
    for (const signed of [
      await owners.ask("signp2shstarttx", made),
      await owners.ask("signp2shstarttx", made, ownerKey),
    ]) {
      expect(await owners.ask("decoderawtransaction", signed)).toMatchObject({
        redeemscript: expect.stringContaining("OP_CHECKMULTISIG"),
        using_delegates: true,
      });
    }
    await expect(owners.ask("signp2shstarttx", made, delegate.private_key)).rejects.toThrow(
      "-5: Signature Verify Failed",
    );
    await expect(owners.ask("sendp2shstarttx", made)).rejects.toThrow(/^-26: 16: /);
    const started = await owners.ask("sendp2shstarttx", await owners.ask("signp2shstarttx", made));
    expect(await owners.ask("getrawmempool")).toEqual([started]);
    const asDelegate = (key: string, ...more: readonly string[]) =>
      owners.ask<object>("startp2shasdelegate", txid, `${index}`, key, ...more);
    expect(await asDelegate(delegate.private_key)).toMatchObject({
      error: "Mempool already has a fluxnode transaction using this outpoint",
    });
    await owners.ask("generate", 1);
    expect(await asDelegate(delegate.private_key)).toMatchObject({
      error: "Fluxnode already started, waiting to be confirmed",
    });
    expect(await owners.ask("listfluxnodedelegates", txid, `${index}`)).toMatchObject({
      delegate_keys: [delegate.public_key_compressed],
    });

    await owners.pass(FORGOTTEN_AFTER);
    const stranger = await owners.ask<Delegate>("createdelegatekeypair");
    expect(await asDelegate(stranger.private_key)).toEqual({
      result: "failed",
      error: "This delegate key is not authorized for this collateral",
    });
    expect(await asDelegate("no key")).toMatchObject({ error: "Invalid private key" });
    expect(await asDelegate(delegate.private_key, "00")).toMatchObject({ error: "Invalid VPS public key" });
    // Neither the node's key nor the script is given: both are those of the START before.
    const again = await asDelegate(delegate.private_key);
    expect(again).toMatchObject({ result: "success", p2sh: address });
    await owners.ask("generate", 1);
    expect(await owners.ask("getstartlist")).toMatchObject([{ collateral: `COutPoint(${txid}, ${index})` }]);
  });

  test("is not started with what is wrong", async () => {
    const owners = new Owners();
    const { txid, index, redeemScript, nodeKey } = await owners.collateral();
    const { public_key_compressed: short, public_key_uncompressed: long } =
      await owners.ask<Delegate>("createdelegatekeypair");
    const create = (...args: readonly unknown[]) => owners.ask("createp2shstarttx", ...args);
    await expect(create(redeemScript, nodeKey, txid, index + 7)).rejects.toThrow(
      "-25: Coins not found in chain",
    );
    await expect(create(redeemScript.slice(2), nodeKey, txid, index)).rejects.toThrow(
      "-25: Address not matching Redeemscript hash",
    );
    await expect(create(redeemScript, "02", txid, index)).rejects.toThrow("-8: Invalid VPS public key");
    const withDelegates = (keys: readonly string[]) => create(redeemScript, nodeKey, txid, index, keys);
    await expect(withDelegates([short, long])).rejects.toThrow("at index 1 must be compressed");
    await expect(withDelegates([short, short])).rejects.toThrow("Duplicate delegate public key at index 1");
    await expect(withDelegates(["00"])).rejects.toThrow("Invalid delegate public key at index 0");
    await expect(withDelegates(Array(5).fill(short))).rejects.toThrow("Too many delegates. Maximum is 4");
    const { private_key } = await owners.ask<Delegate>("createdelegatekeypair");
    for (const method of ["startfluxnodeasdelegate", "startp2shasdelegate"]) {
      expect(await owners.ask(method, txid, `${index}`, private_key)).toEqual({
        result: "failed",
        error: "No delegates are authorized for this collateral",
      });
    }
    const payment = await owners.ask("createrawtransaction", [{ txid, vout: index }], {});
    await expect(owners.ask("signp2shstarttx", payment)).rejects.toThrow("-8: The transaction is no START");
  });
});
