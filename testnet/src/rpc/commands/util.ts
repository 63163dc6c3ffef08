import {
  decodeAddress,
  decodeBase64,
  destinationScript,
  encodeAddress,
  equalBytes,
  isPublicKeyForm,
  keyId,
  matchTemplate,
  multisigScript,
  type Params,
  parseWireHex,
  scriptAddress,
  scriptIdOf,
  toWireHex,
  usableKeys,
  verifyMessage,
} from "@fluxlab/core";
import type { Json, JsonObject } from "@fluxlab/core/host";
import type { Arg, Args } from "../args.ts";
import { type CommandContext, type CommandGroup, plainCommand } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";

// Source: fluxd src/rpc/misc.cpp.

function validateAddress(args: Args, context: CommandContext): Json {
  const address = args.at(0).text();
  const { params } = context.api;
  const destination = decodeAddress(address, params);
  if (destination === undefined) return { isvalid: false };
  return {
    isvalid: true,
    address,
    scriptPubKey: toWireHex(destinationScript(destination)),
    ...ownedJson(address, context),
  };
}

/** What the wallet knows of an address. */
function ownedJson(address: string, { wallet, api }: CommandContext): JsonObject {
  const destination = decodeAddress(address, api.params)!;
  const isscript = destination.type === "scriptHash";
  const key = isscript ? undefined : wallet?.publicKeyOf(destination.id);
  const script = wallet
    ?.redeemScripts()
    .find((each) => isscript && equalBytes(scriptIdOf(each), destination.id));
  return {
    ismine: wallet?.owns(destination) === true,
    iswatchonly: wallet?.watches(destination) === true,
    isscript,
    ...(key === undefined ? {} : { pubkey: toWireHex(key), iscompressed: key.length === 33 }),
    ...(script === undefined ? {} : redeemJson(script, api.params)),
    account: wallet?.labelOf(address),
  };
}

function redeemJson(script: Uint8Array, params: Params): JsonObject {
  const template = matchTemplate(script);
  const isMultisig = template?.type === "multisig";
  return {
    script: isMultisig ? "multisig" : "nonstandard",
    hex: toWireHex(script),
    addresses: isMultisig
      ? usableKeys(template).map((key) => encodeAddress({ type: "keyHash", id: keyId(key) }, params))
      : [],
    sigsrequired: isMultisig ? template.required : undefined,
  };
}

/** The id of the key that an address stands for. @throws RpcError */
export function keyIdOf(address: string, params: Params): Uint8Array {
  const destination = decodeAddress(address, params);
  if (destination === undefined) throw new RpcError(RPC.type, "Invalid address");
  if (destination.type !== "keyHash") throw new RpcError(RPC.type, "Address does not refer to key");
  return destination.id;
}

export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));

function verifyText(args: Args, { api }: CommandContext): Json {
  const signer = keyIdOf(args.at(0).text(), api.params);
  const signature = decodeBase64(args.at(1).text());
  if (signature === undefined) throw new RpcError(RPC.notFound, "Malformed base64 encoding");
  return verifyMessage(api.node.chain.shared.verifier.ecdsa, signer, utf8(args.at(2).text()), signature);
}

/** Most keys of a multisig, and most bytes of its script. Source: fluxd src/rpc/misc.cpp _createmultisig_redeemScript. */
const MAX_KEYS = 16;
const MAX_SCRIPT_BYTES = 520;

/** The redeem script of `required` of these keys, which are public keys in hex or addresses of the wallet. */
export function redeemScriptOf(args: Args, context: CommandContext): Uint8Array {
  const required = args.at(0).integer();
  const keys = args.at(1).list();
  if (required < 1)
    throw new RpcError(RPC.misc, "a multisignature address must require at least one key to redeem");
  if (keys.length < required) {
    throw new RpcError(
      RPC.misc,
      `not enough keys supplied (got ${keys.length} keys, but need at least ${required} to redeem)`,
    );
  }
  if (keys.length > MAX_KEYS) {
    throw new RpcError(
      RPC.misc,
      "Number of addresses involved in the multisignature address creation > 16\nReduce the number",
    );
  }
  const script = multisigScript(
    required,
    keys.map((key) => publicKeyOf(key, context)),
  );
  if (script.length > MAX_SCRIPT_BYTES) {
    throw new RpcError(RPC.misc, `redeemScript exceeds size limit: ${script.length} > ${MAX_SCRIPT_BYTES}`);
  }
  return script;
}

function publicKeyOf(arg: Arg, { api, wallet }: CommandContext): Uint8Array {
  const text = arg.text();
  const destination = decodeAddress(text, api.params);
  const known = destination?.type === "keyHash" ? wallet?.publicKeyOf(destination.id) : undefined;
  if (known !== undefined) return known;
  if (destination !== undefined) throw new RpcError(RPC.misc, `no full public key for address ${text}`);
  const bytes = parseWireHex(text);
  const { ecdsa } = api.node.chain.shared.verifier;
  if (bytes === undefined || !isPublicKeyForm(bytes) || !ecdsa.isOnCurve(bytes)) {
    throw new RpcError(RPC.misc, ` Invalid public key: ${text}`);
  }
  return bytes;
}

export const utilCommands: CommandGroup = {
  category: "Util",
  commands: [
    {
      name: "validateaddress",
      usage: 'validateaddress "address"',
      help: "Whether an address is one of this network, and what is known of it.",
      takes: [1, 1],
      run: validateAddress,
    },
    {
      name: "verifymessage",
      usage: 'verifymessage "address" "signature" "message"',
      help: "Whether the owner of the address signed the message.",
      takes: [3, 3],
      run: verifyText,
    },
    {
      name: "createmultisig",
      usage: 'createmultisig nrequired ["key",...]',
      help: "The address and redeem script of n of these keys.",
      takes: [2, 2],
      run: (args, context) => {
        const script = redeemScriptOf(args, context);
        const address = encodeAddress({ type: "scriptHash", id: scriptIdOf(script) }, context.api.params);
        return { address, redeemScript: toWireHex(script) };
      },
    },
    // This pool keeps no statistics of fees: what fluxd says while it knows too little.
    ...(["estimatefee", "estimatepriority"] as const).map((name) => ({
      name,
      usage: `${name} nblocks`,
      help: "An estimate, or -1 where there are too few transactions for one: always, as blocks of Flux are not full.",
      takes: [1, 1] as const,
      run: (args: Args): Json => {
        args.at(0).integer();
        return -1;
      },
    })),
    plainCommand({
      name: "printsnapshot",
      help: "What every address holds in unspent outputs, in satoshi, by address.",
      run: (context) => snapshot(context),
    }),
  ],
};

function snapshot({ api }: CommandContext): JsonObject {
  const balances = new Map<string, bigint>();
  for (const [, { scriptPubKey, value }] of api.node.chain.state().coins()) {
    const address = scriptAddress(scriptPubKey, api.params);
    if (address !== undefined) balances.set(address, (balances.get(address) ?? 0n) + value);
  }
  return Object.fromEntries([...balances].sort(([a], [b]) => (a < b ? -1 : 1)));
}
