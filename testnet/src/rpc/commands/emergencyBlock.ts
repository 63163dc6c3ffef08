import {
  ABSENT,
  addEmergencySignature,
  type Block,
  blockBytes,
  blockHash,
  decodeWif,
  devFundScript,
  type EmergencyRefusal,
  type EmergencyStatus,
  emergencyCollateral,
  emergencyKeys,
  emergencyStatus,
  keyPair,
  ponHeightReached,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import type { Json } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import type { CommandContext, CommandGroup } from "../command.ts";
import { templateOnTip } from "../mining/templates.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { decodeBlock, outcomeText } from "./mining.ts";

// Blocks that keyholders sign when the chain stands still. Source: fluxd src/rpc/emergencyblock.cpp.

const keysJson = (keys: readonly Uint8Array[]): Json => keys.map(toWireHex);

function create(_args: Args, context: CommandContext): Json {
  const { node, params } = context.api;
  const height = node.chain.tipHeight + 1;
  if (!ponHeightReached(params.upgrades, height)) {
    throw new RpcError(RPC.misc, "Emergency block not allowed at current height/time");
  }
  const producer = emergencyCollateral(params);
  const { block } = templateOnTip(context, devFundScript(params), producer);
  return {
    hex: toWireHex(blockBytes(block)),
    hash: toDisplayHex(blockHash(block.header)),
    height,
    collateral: toDisplayHex(producer.txid),
    signatures_required: params.emergency.minSignatures,
    authorized_keys: keysJson(emergencyKeys(params)),
  };
}

const REFUSALS: Readonly<Record<EmergencyRefusal, string>> = {
  notAnEmergencyBlock: "Block is not an emergency block",
  keyNotListed: "Private key does not correspond to an authorized emergency key",
  alreadySigned: "This key has already signed the block",
  fieldUnreadable: "The block's signatures cannot be read",
};

function sign(args: Args, { api }: CommandContext): Json {
  const block = decodeBlock(args.at(0));
  statusOf(block, api);
  const wif = decodeWif(args.at(1).text(), api.params);
  if (wif === undefined) throw new RpcError(RPC.parameter, "Invalid private key");
  const { ecdsa } = api.node.chain.shared.verifier;
  const key = keyPair(ecdsa, wif.secretKey, wif.compressed);
  const signed = addEmergencySignature(block, key, ecdsa, api.params);
  if (typeof signed === "string") throw new RpcError(RPC.parameter, REFUSALS[signed]);
  const { signatures, required } = statusOf(signed, api);
  return {
    hex: toWireHex(blockBytes(signed)),
    hash: toDisplayHex(blockHash(signed.header)),
    signatures,
    complete: signatures >= required,
  };
}

/** A block that was refused once is told from one that is known. */
function submit(args: Args, { api }: CommandContext): Json {
  const block = decodeBlock(args.at(0));
  const refused = (why: string) => new RpcError(RPC.verify, why);
  if (!statusOf(block, api).valid) throw refused("Emergency block has invalid or insufficient signatures");
  const { chain } = api.node;
  if (!ponHeightReached(api.params.upgrades, chain.tipHeight + 1)) {
    throw refused("Emergency block not allowed at current height/time");
  }
  const hash = blockHash(block.header);
  const row = chain.shared.tree.find(hash);
  if (row !== ABSENT && chain.knows(row)) {
    if (chain.isValid(row)) return toDisplayHex(hash);
    if (chain.hasFailed(row)) throw refused("Block has been previously rejected");
  }
  const { result } = api.submitBlock(block);
  if (result.outcome !== "active" && result.outcome !== "held") throw refused(outcomeText(result));
  return toDisplayHex(hash);
}

function verify(args: Args, { api }: CommandContext): Json {
  const { valid, signatures, required, signers } = statusOf(decodeBlock(args.at(0)), api);
  return { valid, signatures, signatures_required: required, signers: keysJson(signers) };
}

/** @throws RpcError if it is an ordinary block */
function statusOf(block: Block, { node, params }: CommandContext["api"]): EmergencyStatus {
  const status = emergencyStatus(block, node.chain.shared.verifier.ecdsa, params);
  if (status === undefined) throw new RpcError(RPC.parameter, REFUSALS.notAnEmergencyBlock);
  return status;
}

export const emergencyBlockCommands: CommandGroup = {
  category: "Emergencyblock",
  commands: [
    {
      name: "createemergencyblock",
      usage: "createemergencyblock",
      help: "A block on the tip that no FluxNode signs: keyholders do, by signemergencyblock.",
      takes: [0, 0],
      run: create,
    },
    {
      name: "signemergencyblock",
      usage: 'signemergencyblock "blockhex" "privatekey"',
      help: "Adds the signature of one key to an emergency block, which may have others.",
      takes: [2, 2],
      run: sign,
    },
    {
      name: "submitemergencyblock",
      usage: 'submitemergencyblock "blockhex"',
      help: "Takes in an emergency block with enough signatures, and gives it to peers. Returns its hash.",
      takes: [1, 1],
      run: submit,
    },
    {
      name: "verifyemergencyblock",
      usage: 'verifyemergencyblock "blockhex"',
      help: "Whose signatures an emergency block has, and whether they are enough.",
      takes: [1, 1],
      run: verify,
    },
  ],
};
