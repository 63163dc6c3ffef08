import {
  addressScript,
  decodeAddress,
  decodeWif,
  encodeAddress,
  encodeWif,
  keyPair,
  mainnet,
  matchTemplate,
  multisigScript,
  nobleEcdsa,
  type Params,
  parseSecretKey,
  payToPublicKey,
  payToScriptHash,
  regtest,
  scriptAddress,
  scriptIdOf,
  specialFunding,
  testnet,
  toWireHex,
  wireHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

/** Protocol description 02 section 1.6. */
const FUND_SCRIPTS: Readonly<Record<string, string>> = {
  t3PMbbA5YBMrjSD3dD16SSdXKuKovwmj6tS: "a914349284cf14b6d7f800838b7d69b075f8a0371b4c87",
  t3XjYMBvwxnXVv9jqg4CgokZ3f7kAoXPQL8: "a9149079f88d58188f351ce2e299bbbf31ca0ba2bc4187",
  t3ThbWogDoAjGuS6DEnmN1GWJBRbVjSUK4T: "a914643b474d518eb0f7603a100b503bbf0e32d647aa87",
  t3hPu1YDeGUCp8m7BQCnnNUmRMJBa5RadyA: "a914fa742817c4a665fccc70ce4cb40bdb71ba345db787",
  tmRucHD85zgSigtA4sJJBDbPkMUJDcw5XDE: "76a914b1a3111de491cc77362286ee26256c699cb5bb4d88ac",
  t2GoxS2SRmLQDnTyWePHjKD3izvFsKUAjrH: "a914708e8e6c05af3dbe237b8ac759a14c5f56d6d31287",
  t2DFGpj2tciojsGKKrGVwQ92hUwAxWQQgJ9: "a9144977cdf9e3f8c083dd464c4bc9bbcf6c9fa8db7b87",
  t2Dsexh4v5g2dpL2LLCsR1p9TshMm63jSBM: "a91450594230059eae22204c458800bc288de2dc35c187",
};

test.each([mainnet, testnet, regtest])("fund addresses of $name pay the scripts they should", (params) => {
  const addresses = [params.funds.devAddress, ...specialFunding(params).map(({ address }) => address)];
  for (const address of new Set(addresses)) {
    const script = addressScript(address, params);
    expect(script && toWireHex(script), address).toBe(FUND_SCRIPTS[address]);
    expect(scriptAddress(script!, params)).toBe(address);
  }
});

interface KeyInfo {
  readonly chain: "mainnet" | "testnet";
  readonly isPrivkey: boolean;
  readonly isCompressed?: boolean;
}

vectorTest("texts of base58_keys_valid.json decode, encode back, and are nothing else", () => {
  const rows = readJson<[string, string, KeyInfo][]>("base58_keys_valid.json");
  expect(rows).toHaveLength(50);
  for (const [text, payload, { chain, isPrivkey, isCompressed }] of rows) {
    const [params, other] = chain === "mainnet" ? [mainnet, testnet] : [testnet, mainnet];
    if (isPrivkey) {
      const key = decodeWif(text, params);
      expect(key && toWireHex(key.secretKey)).toBe(payload);
      expect(key?.compressed).toBe(isCompressed);
      expect(encodeWif(key!, params)).toBe(text);
      expect(decodeAddress(text, params)).toBeUndefined();
    } else {
      expect(toWireHex(addressScript(text, params)!)).toBe(payload);
      expect(scriptAddress(wireHex(payload), params)).toBe(text);
      expect(decodeWif(text, params)).toBeUndefined();
    }
    expect(decodeWif(text, other)).toBeUndefined();
    expect(decodeAddress(text, other)).toBeUndefined();
  }
});

vectorTest("texts of base58_keys_invalid.json are neither address nor key of any network", () => {
  const rows = readJson<[string][]>("base58_keys_invalid.json");
  expect(rows).toHaveLength(50);
  for (const [text] of rows) {
    for (const params of [mainnet, testnet, regtest]) {
      expect(decodeAddress(text, params), text).toBeUndefined();
      expect(decodeWif(text, params), text).toBeUndefined();
    }
  }
});

interface MultisigVector {
  readonly p2sh_multisig: {
    readonly redeem_script: string;
    readonly address_main: string;
    readonly script_pubkey: string;
    readonly keys: readonly { readonly pubkey: string }[];
  };
}

vectorTest("the multisig of test_transaction.cpp has its script and address", () => {
  const { p2sh_multisig: vector } = readJson<MultisigVector>("keys_and_signatures.json");
  const keys = vector.keys.map(({ pubkey }) => wireHex(pubkey));
  const redeemScript = multisigScript(2, keys);
  expect(toWireHex(redeemScript)).toBe(vector.redeem_script);
  expect(matchTemplate(redeemScript)).toEqual({ type: "multisig", required: 2, keys });
  const scriptPubKey = payToScriptHash(scriptIdOf(redeemScript));
  expect(toWireHex(scriptPubKey)).toBe(vector.script_pubkey);
  expect(scriptAddress(scriptPubKey, mainnet)).toBe(vector.address_main);
});

test("address and script of any hash undo each other, on every network", () => {
  const anyId = fc.uint8Array({ minLength: 20, maxLength: 20 });
  const anyParams = fc.constantFrom<Params>(mainnet, testnet, regtest);
  fc.assert(
    fc.property(anyId, fc.constantFrom("keyHash", "scriptHash"), anyParams, (id, type, params) => {
      const address = encodeAddress({ type, id }, params);
      expect(decodeAddress(address, params)).toEqual({ type, id });
      expect(scriptAddress(addressScript(address, params)!, params)).toBe(address);
    }),
  );
});

test("a bare public key stands for the address of its hash; what is no key stands for none", () => {
  const secretKey = parseSecretKey(new Uint8Array(32).fill(7))!;
  const { publicKey } = keyPair(nobleEcdsa, secretKey);
  expect(scriptAddress(payToPublicKey(publicKey), mainnet)).toMatch(/^t1/);
  expect(scriptAddress(payToPublicKey(new Uint8Array(33).fill(9)), mainnet)).toBeUndefined();
  expect(scriptAddress(multisigScript(1, [publicKey]), mainnet)).toBeUndefined();
});
