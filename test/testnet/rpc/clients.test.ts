import {
  addressScript,
  encodeAddress,
  encodeWif,
  formatFlux,
  INITIAL_CONFIRM,
  type KeyPair,
  keyId,
  mainnet,
  parseDisplayHash,
  SAPLING_GROUP_ID,
  signBenchmark,
  signConfirm,
  TIER_CODE,
  tierShare,
  toDisplayHex,
  toWireHex,
  transactionBytes,
} from "@fluxlab/core";
import { RpcServer } from "@fluxlab/testnet/rpc";
import fluxSdk from "@runonflux/flux-sdk";
import utxoLib from "@runonflux/utxo-lib";
import { afterEach, expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { wasmEquihash } from "../../support/equihash.ts";
import { testKey } from "../../support/keys.ts";
import { sharedChainOf } from "../../support/labChain.ts";
import { BENCHMARK_KEY, genesisOf, labParams } from "../../support/miningLab.ts";
import { RpcNode } from "../../support/rpcNode.ts";

// The libraries that wallets of Flux are made with, at work over HTTP: a payment and the START of a FluxNode are built by them,
// mined, and the node is paid in its turn.

const COLLATERAL = 1_000;
const FEE = 10_000;
/** Blocks cost time to solve: FluxNodes come early. */
const EARLY_ERAS = { lwma: 2, equihash144: 3, acadia: 5, kamiooka: 6, kamata: 8, flux: 9 };

let server: RpcServer | undefined;
afterEach(async () => await server?.close());

/** A client that knows nothing but an address and a password. */
async function clientOf(node: RpcNode) {
  const credentials = { user: "someone", password: "something" };
  const report = (error: unknown): void => {
    throw error;
  };
  const options = { host: "127.0.0.1", port: 0, credentials, allowed: () => false, rest: undefined, report };
  server = await RpcServer.start({ ...options, call: node.call });
  const authorization = `Basic ${Buffer.from("someone:something").toString("base64")}`;
  const url = `http://127.0.0.1:${server.port}/`;
  return async <T>(method: string, ...params: readonly unknown[]): Promise<T> => {
    const body = JSON.stringify({ id: 1, method, params });
    const reply = await fetch(url, { method: "POST", headers: { authorization }, body });
    const { result, error } = (await reply.json()) as { result: T; error: { message: string } | null };
    if (error !== null) throw new Error(`${method}: ${error.message}`);
    return result;
  };
}

type Ask = Awaited<ReturnType<typeof clientOf>>;

interface Unspent {
  readonly value: number;
  readonly scriptPubKey: { readonly addresses: readonly string[] };
}

/** Position of the output of a transaction that pays an address. */
async function outputTo(ask: Ask, txid: string, address: string): Promise<number> {
  const { vout } = await ask<{ vout: Unspent[] }>("getrawtransaction", txid, 1);
  return vout.findIndex(({ scriptPubKey }) => scriptPubKey.addresses.includes(address));
}

const wif = (key: KeyPair): string => encodeWif(key, mainnet);

test("payments by utxo-lib and STARTs by flux-sdk are mined, and the node is paid", async () => {
  const params = labParams({ checkProofTargets: false }, EARLY_ERAS);
  const genesis = genesisOf(params);
  const node = new RpcNode(sharedChainOf(genesis, "nothing", params, wasmEquihash), genesis.header.time, {
    useCheckpoints: false,
  });
  const ask = await clientOf(node);
  let clock = genesis.header.time;
  const mine = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      clock += params.pow.targetSpacing;
      await ask("setmocktime", clock);
      await ask("generate", 1);
    }
  };
  const [owner, operator] = [testKey("owner"), testKey("operator", false)];
  const addressOf = (key: KeyPair): string =>
    encodeAddress({ type: "keyHash", id: keyId(key.publicKey) }, params);
  await mine(15);
  expect(await ask<number>("getbalance")).toBeGreaterThan(13_000_000);

  const funding = await ask<string>("sendtoaddress", addressOf(owner), 2_000.5);
  await mine(1);
  const vout = await outputTo(ask, funding, addressOf(owner));
  expect(await ask<Unspent>("gettxout", funding, vout)).toMatchObject({ value: 2_000.5 });

  // The client's own payment: the collateral, and change.
  const flux = utxoLib.networks.flux;
  const script = Buffer.from(addressScript(addressOf(owner), params)!);
  const spent = 200_050_000_000;
  const builder = new utxoLib.TransactionBuilder(flux, 2_500);
  builder.setVersion(4);
  builder.setVersionGroupId(SAPLING_GROUP_ID);
  builder.setExpiryHeight(0);
  builder.addInput(funding, vout, 0xffff_ffff, script);
  builder.addOutput(script, COLLATERAL * 100_000_000);
  builder.addOutput(script, spent - COLLATERAL * 100_000_000 - FEE);
  builder.sign(0, utxoLib.ECPair.fromWIF(wif(owner), flux), undefined, 1, spent);
  const payment = builder.build();
  expect(await ask<string>("sendrawtransaction", payment.toHex())).toBe(payment.getId());
  expect(await ask<string[]>("getrawmempool")).toEqual([payment.getId()]);
  await mine(101);
  expect(await ask("gettransaction", funding)).toMatchObject({ confirmations: 102 });

  const start = fluxSdk.fluxnode.startFluxNode(
    payment.getId(),
    0,
    wif(owner),
    wif(operator),
    clock,
    true,
    false,
  );
  const startId = await ask<string>("sendrawtransaction", start);
  await mine(1);
  expect(await ask("getstartlist")).toMatchObject([{ payment_address: addressOf(owner), amount: "1000.00" }]);
  expect(await ask("getrawtransaction", startId, 1)).toMatchObject({
    type: "Starting a fluxnode",
    confirmations: 1,
  });

  const collateral = { txid: parseDisplayHash(payment.getId())!, index: 0 };
  const confirm = signBenchmark(
    fastEcdsa,
    signConfirm(fastEcdsa, { collateral, updateType: INITIAL_CONFIRM, sigTime: clock }, operator),
    { tier: TIER_CODE.cumulus, time: clock, ip: new Uint8Array(Buffer.from("203.0.113.7")) },
    BENCHMARK_KEY,
  );
  await ask("sendrawtransaction", toWireHex(transactionBytes(confirm)));
  await mine(1);
  const [listed] = await ask<Record<string, unknown>[]>("listfluxnodes");
  expect(listed).toMatchObject({
    txhash: payment.getId(),
    ip: "203.0.113.7",
    network: "", // nobody can reach an address for examples
    tier: "CUMULUS",
    rank: 0,
  });
  const winners = await ask<Record<string, { payment_address: string }>>("fluxnodecurrentwinner");
  expect(winners["CUMULUS Winner"]?.payment_address).toBe(addressOf(owner));

  await mine(params.fluxnodes.paymentStartHeight - node.node.chain.tipHeight);
  const tip = toDisplayHex(node.node.chain.tipHash);
  const { tx, height } = await ask<{ tx: { vout: Unspent[] }[]; height: number }>("getblock", tip, 2);
  const paid = tx[0]!.vout.filter(({ scriptPubKey }) => scriptPubKey.addresses.includes(addressOf(owner)));
  expect(paid.map(({ value }) => value)).toEqual([Number(formatFlux(tierShare(params, height, "cumulus")))]);
  expect(await ask("listfluxnodes")).toMatchObject([{ last_paid_height: height }]);
}, 300_000);
