import {
  BLOCK_SCRIPT_FLAGS,
  branchIdAt,
  type Params,
  readBlock,
  readHeader,
  readTransaction,
  SIGHASH,
  STANDARD_SCRIPT_FLAGS,
  toWireHex,
} from "@fluxlab/core";
import { Command, Option } from "commander";
import { EXIT, InputError, runCommand } from "../host/commandLine.ts";
import { type JsonObject, jsonText, parseJson } from "../host/json.ts";
import { readText } from "../host/readInput.ts";
import { addressJson } from "../host/tx/addressJson.ts";
import { blockJson, headerJson } from "../host/tx/blockJson.ts";
import { hexInput, readWhole } from "../host/tx/hexInput.ts";
import { MAGICS, signText, verifyText } from "../host/tx/message.ts";
import { type NetworkName, networkOf, networkOption } from "../host/tx/network.ts";
import { coinsOf } from "../host/tx/prevouts.ts";
import { encodeTransactionJson } from "../host/tx/readTransactionJson.ts";
import { decodedScriptJson } from "../host/tx/scriptJson.ts";
import { readKey, type Signed, signOrdinary, signStartWith } from "../host/tx/signTransaction.ts";
import { transactionJson } from "../host/tx/transactionJson.ts";
import { verifyTransaction } from "../host/tx/verifyTransaction.ts";

// npm run flux-tx: look at, make, sign and verify transactions, scripts, addresses and messages.

const print = (json: JsonObject): void => console.log(jsonText(json, "  "));

/** For commands that answer yes or no. */
function answer(yes: boolean): void {
  process.exitCode = yes ? EXIT.ok : EXIT.failed;
}

interface OnNetwork {
  readonly network: NetworkName;
}

/** What bytes can be decoded as. */
const SHOW: Readonly<Record<string, (bytes: Uint8Array, params: Params, title: string) => JsonObject>> = {
  transaction: (bytes, params, title) => transactionJson(readWhole(bytes, readTransaction, title), params),
  block: (bytes, params, title) => blockJson(readWhole(bytes, readBlock, title), params),
  header: (bytes, _, title) => headerJson(readWhole(bytes, readHeader, title)),
};

function decode(argument: string, options: OnNetwork & { readonly as?: string }): void {
  const bytes = hexInput(argument, "hex");
  const params = networkOf(options);
  if (options.as !== undefined) {
    print(SHOW[options.as]!(bytes, params, options.as));
    return;
  }
  const problems: string[] = [];
  for (const [title, show] of Object.entries(SHOW)) {
    try {
      print(show(bytes, params, title));
      return;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  }
  throw new InputError(problems.join("\n"));
}

const encode = (file: string): void =>
  console.log(toWireHex(encodeTransactionJson(parseJson(readText(file), file))));

interface ForBlock extends OnNetwork {
  readonly height: number;
  readonly branchId?: number;
}

/** Of the block that the transaction is for. */
const branchOf = (options: ForBlock): number =>
  options.branchId ?? branchIdAt(networkOf(options).upgrades, options.height);

interface SignOptions extends ForBlock {
  readonly prevouts?: string;
  readonly key?: readonly string[];
  readonly keys?: string;
  readonly sighash: string;
}

/** By fluxd's names. */
const HASH_TYPES: Readonly<Record<string, number>> = Object.fromEntries(
  (["ALL", "NONE", "SINGLE"] as const).flatMap((name) => [
    [name, SIGHASH[name]],
    [`${name}|ANYONECANPAY`, SIGHASH[name] | SIGHASH.ANYONE_CAN_PAY],
  ]),
);

function sign(argument: string, options: SignOptions): void {
  const tx = readWhole(hexInput(argument, "hex"), readTransaction, "transaction");
  const inFile = options.keys === undefined ? [] : readText(options.keys).split(/\s+/).filter(Boolean);
  const keys = [...(options.key ?? []), ...inFile].map((wif) => readKey(wif, networkOf(options)));
  if (keys.length === 0) throw new InputError("nothing to sign with: give --key or --keys");
  let signed: Signed;
  if (tx.kind === "ordinary") {
    const coins = coinsOf(tx, prevoutsOf(options.prevouts));
    signed = signOrdinary(tx, coins, keys, branchOf(options), HASH_TYPES[options.sighash]!);
  } else if (tx.kind === "fluxnodeStart") signed = signStartWith(tx, keys);
  else throw new InputError("of FluxNode transactions only a START can be signed here");
  print(signed.json);
  answer(signed.complete);
}

function prevoutsOf(file: string | undefined) {
  if (file === undefined) throw new InputError("--prevouts: the outputs that the inputs spend are needed");
  return parseJson(readText(file), file);
}

interface VerifyOptions extends ForBlock {
  readonly prevouts?: string;
  readonly standard?: true;
}

function verify(argument: string, options: VerifyOptions): void {
  const tx = readWhole(hexInput(argument, "hex"), readTransaction, "transaction");
  const coins = tx.kind === "ordinary" ? coinsOf(tx, prevoutsOf(options.prevouts)) : [];
  const flags = options.standard === true ? STANDARD_SCRIPT_FLAGS : BLOCK_SCRIPT_FLAGS;
  const { valid, json } = verifyTransaction(tx, coins, branchOf(options), flags, networkOf(options));
  print(json);
  answer(valid);
}

interface MessageOptions extends OnNetwork {
  readonly magic: string;
  readonly key: string;
}

const textOf = (message: string): string => (message === "-" ? readText("-") : message);

function parseHeight(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= 0x7fff_ffff) return Number(text);
  throw new InputError(`--height: expected a height, got "${text}"`);
}

function parseBranchId(text: string): number {
  if (/^[0-9a-f]{8}$/i.test(text)) return Number.parseInt(text, 16);
  throw new InputError(`--branch-id: expected 8 hex digits, got "${text}"`);
}

/** fluxd signs for at least this height. Source: fluxd src/rpc/rawtransaction.cpp signrawtransaction. */
const SIGNING_HEIGHT = 2_127_000;

const blockOptions = (command: Command): Command =>
  command
    .addOption(networkOption())
    .option("--height <number>", "height of the block it is for", parseHeight, SIGNING_HEIGHT)
    .option("--branch-id <hex>", "consensus branch, instead of that of the height", parseBranchId);

const RUN = "npm run --silent flux-tx --";
const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${RUN} ${line}`).join("\n")}`;

const program = new Command("npm run flux-tx --")
  .description("Shows, makes, signs and verifies transactions, scripts, addresses and messages.")
  .addHelpText(
    "after",
    `${examples("decode 0400008085202f89…", "sign unsigned.hex --prevouts coins.json --keys keys.txt")}

"npm run flux-tx -- COMMAND --help" has more. Where hex is expected it may be given itself, as a file, or as "-" for standard
input. Exit codes: 0 done or yes, 1 not valid, not complete or no, 2 something to change in the input.`,
  )
  .showHelpAfterError("(npm run flux-tx -- --help shows commands and examples)");

program
  .command("decode <hex>")
  .description("print a transaction, block or header as fluxd's RPC does")
  .addOption(new Option("--as <what>", "instead of trying each").choices(Object.keys(SHOW)))
  .addOption(networkOption())
  .addHelpText(
    "after",
    examples("decode 01000000…", "decode block.hex --as block", "decode - --network test < tx.hex"),
  )
  .action(decode);

program
  .command("encode <file>")
  .description("print the hex of a transaction given as JSON, as decode prints it")
  .addHelpText("after", examples("decode 01000000… > tx.json", "encode tx.json"))
  .action(encode);

program
  .command("script <hex>")
  .description("print a script in words, its type, whom it pays, and its P2SH address")
  .addOption(networkOption())
  .addHelpText("after", examples("script 76a9140b2aea9593f798708938899ae6d43e0e57df0a3e88ac --network test"))
  .action((argument: string, options: OnNetwork) => {
    print(decodedScriptJson(hexInput(argument, "hex"), networkOf(options)));
  });

program
  .command("address <text>")
  .description("print what an address stands for and on which networks")
  .addHelpText("after", examples("address t3ba4XTTQR8UbkY53KFQ9zZnx6sMXsnU9ZV"))
  .action((text: string) => {
    const json = addressJson(text);
    print(json);
    answer(json["isvalid"] === true);
  });

const PREVOUTS_HELP = `
The file of --prevouts is a list: [{"txid", "vout", "scriptPubKey", "amount" (FLUX) or "valueZat", "redeemScript"?}].`;

blockOptions(program.command("sign <hex>"))
  .description("add signatures to a transaction, or sign the START of a FluxNode")
  .option("--prevouts <file>", "JSON of the outputs that the inputs spend")
  .option("--key <wif...>", "secret keys; other users of this machine can see them, so prefer --keys")
  .option("--keys <file>", 'file of secret keys, one a line; "-" for standard input')
  .addOption(new Option("--sighash <type>", "what is signed").choices(Object.keys(HASH_TYPES)).default("ALL"))
  .addHelpText(
    "after",
    `${PREVOUTS_HELP}
Signatures already there are kept, so the signers of a multisig run it one after another, each on the hex of the one before.
Exit code 1 means that signatures are still missing.
${examples("sign unsigned.hex --prevouts coins.json --keys mine.txt", "sign start.hex --keys - < owner.txt")}`,
  )
  .action(sign);

blockOptions(program.command("verify <hex>"))
  .description("run every script of a transaction and the rules it must keep by itself")
  .option("--prevouts <file>", "JSON of the outputs that the inputs spend")
  .option("--standard", "under the script flags of the pool instead of those of blocks")
  .addHelpText("after", `${PREVOUTS_HELP}\n${examples("verify signed.hex --prevouts coins.json --standard")}`)
  .action(verify);

const magicOption = (): Option =>
  new Option("--magic <name>", "what is put in front of the text")
    .choices(Object.keys(MAGICS))
    .default("flux");

const message = program
  .command("message")
  .description(
    'sign and verify texts, as fluxd does or, with --magic zelid, for FluxOS; "-" is standard input',
  );

message
  .command("sign <text>")
  .description("print the signature of a text")
  .requiredOption("--key <wif>", "secret key of the signer")
  .addOption(magicOption())
  .addOption(networkOption())
  .addHelpText("after", examples("message sign hello --key KxeG…"))
  .action((text: string, options: MessageOptions) => {
    console.log(signText(textOf(text), options.key, MAGICS[options.magic]!, networkOf(options)));
  });

message
  .command("verify <address> <signature> <text>")
  .description("print whether the owner of an address signed a text")
  .addOption(magicOption())
  .addOption(networkOption())
  .addHelpText(
    "after",
    examples("message verify t1… H8x2… hello", "message verify 1Hn… IBoI… login --magic zelid"),
  )
  .action((address: string, signature: string, text: string, options: MessageOptions) => {
    const magic = MAGICS[options.magic]!;
    const valid = verifyText(address, signature, textOf(text), magic, networkOf(options));
    console.log(valid);
    answer(valid);
  });

await runCommand(program);
