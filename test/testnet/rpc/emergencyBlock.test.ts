import {
  blockBytes,
  encodeWif,
  ParseError,
  parseWhole,
  parseWireHex,
  readBlock,
  toWireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { wasmEquihash } from "../../support/equihash.ts";
import { testKey } from "../../support/keys.ts";
import { sharedChainOf } from "../../support/labChain.ts";
import { EMERGENCY_KEYS, genesisOf, labParams } from "../../support/miningLab.ts";
import { RpcNode } from "../../support/rpcNode.ts";

const FIRST_PON = 5;
const params = labParams({ proof: "modelled" }, { pon: FIRST_PON });
const { minSignatures } = params.emergency;
const genesis = genesisOf(params);
const wifOf = (holder: number) => encodeWif(EMERGENCY_KEYS[holder]!, params);

/** Microseconds. The chain stands still for so long. */
const HOUR = 3_600_000_000;

interface Created {
  readonly hex: string;
  readonly hash: string;
  readonly height: number;
}
interface Signed {
  readonly hex: string;
  readonly hash: string;
  readonly signatures: number;
  readonly complete: boolean;
}

async function nodeAt(height: number): Promise<RpcNode> {
  const shared = sharedChainOf(genesis, "nothing", params, wasmEquihash);
  const node = new RpcNode(shared, genesis.header.time + 1_000_000, { maxTipAge: 1e9 });
  await node.ask("generate", height);
  node.ports.time += HOUR;
  return node;
}

test("keyholders make a block, sign it one after another, and it is the tip", async () => {
  const node = await nodeAt(FIRST_PON - 1);
  const created = await node.ask<Created>("createemergencyblock");
  expect(created).toMatchObject({
    height: FIRST_PON,
    collateral: params.emergency.collateralTxid,
    signatures_required: minSignatures,
    authorized_keys: params.emergency.publicKeys,
  });
  await expect(node.ask("submitemergencyblock", created.hex)).rejects.toThrow(
    "-25: Emergency block has invalid or insufficient signatures",
  );
  let { hex } = created;
  for (let holder = 0; holder < minSignatures; holder++) {
    const signed = await node.ask<Signed>("signemergencyblock", hex, wifOf(holder));
    expect(signed).toMatchObject({
      hash: created.hash,
      signatures: holder + 1,
      complete: holder + 1 === minSignatures,
    });
    await expect(node.ask("signemergencyblock", signed.hex, wifOf(holder))).rejects.toThrow(
      "-8: This key has already signed the block",
    );
    hex = signed.hex;
    expect(await node.ask("verifyemergencyblock", hex)).toEqual({
      valid: holder + 1 === minSignatures,
      signatures: holder + 1,
      signatures_required: minSignatures,
      signers: EMERGENCY_KEYS.slice(0, holder + 1).map(({ publicKey }) => toWireHex(publicKey)),
    });
  }
  expect(await node.ask("submitemergencyblock", hex)).toBe(created.hash);
  expect(await node.ask("getbestblockhash")).toBe(created.hash);
  expect(await node.ask("submitemergencyblock", hex)).toBe(created.hash);
});

test("what is no emergency block, or comes too early, is refused with fluxd's words", async () => {
  const node = await nodeAt(FIRST_PON - 2);
  await expect(node.ask("createemergencyblock")).rejects.toThrow(
    "-1: Emergency block not allowed at current height/time",
  );
  const ordinary = toWireHex(blockBytes(genesis));
  const notOne = "-8: Block is not an emergency block";
  await expect(node.ask("verifyemergencyblock", ordinary)).rejects.toThrow(notOne);
  await expect(node.ask("submitemergencyblock", ordinary)).rejects.toThrow(notOne);
  await expect(node.ask("signemergencyblock", ordinary, wifOf(0))).rejects.toThrow(notOne);
  await expect(node.ask("verifyemergencyblock", "00")).rejects.toThrow("-22: Block decode failed");
  await node.ask("generate", 1);
  // In the second of its parent no block can be valid, whoever signs it.
  await expect(node.ask("createemergencyblock")).rejects.toThrow("TestBlockValidity failed: time-too-old");
  node.ports.time += 1_000_000;
  const { hex } = await node.ask<Created>("createemergencyblock");
  await expect(node.ask("signemergencyblock", hex, "no key")).rejects.toThrow("-8: Invalid private key");
  const stranger = encodeWif(testKey("stranger"), params);
  await expect(node.ask("signemergencyblock", hex, stranger)).rejects.toThrow(
    "-8: Private key does not correspond to an authorized emergency key",
  );
});

test("a block that the rules refuse is told why", async () => {
  const node = await nodeAt(FIRST_PON - 1);
  const { hex } = await node.ask<Created>("createemergencyblock");
  const block = parseWhole(parseWireHex(hex)!, readBlock);
  if (block instanceof ParseError) throw block;
  const late = { ...block, header: { ...block.header, time: block.header.time + 86_400 } };
  let signed = toWireHex(blockBytes(late));
  for (let holder = 0; holder < minSignatures; holder++)
    ({ hex: signed } = await node.ask<Signed>("signemergencyblock", signed, wifOf(holder)));
  await expect(node.ask("submitemergencyblock", signed)).rejects.toThrow("-25: time-too-new");
});
