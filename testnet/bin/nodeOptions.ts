import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { mainnet, type Params, parseIp, regtest, rulesId, testnet } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { readConf, splitArguments, translate } from "@fluxlab/testnet/host";
import { Command, Option } from "commander";

/** What a person may set about a node, as commander gives it. */
export interface NodeOptions {
  readonly network: string;
  readonly datadir?: string;
  /** False: --no-listen. */
  readonly listen: string | boolean;
  readonly externalIp?: string;
  readonly connect?: string[];
  readonly addnode?: string[];
  readonly dnsSeeds: boolean;
  readonly maxConnections: number;
  readonly whitelist?: string[];
  readonly banScore?: number;
  /** Seconds. */
  readonly banTime?: number;
  readonly mockTime?: number;
  /** Microseconds. */
  readonly clockOffset: number;
  /** Seconds. */
  readonly maxTipAge?: number;
  /** MiB; 0: all blocks are kept. */
  readonly prune: number;
  readonly reindex?: boolean;
  readonly par: number;
  /** A file, or the number of an open file descriptor. */
  readonly observations?: string;
  readonly stateDigests?: true;
  readonly fluxnodes?: string;
  readonly loadBlocks?: string[];
  readonly saveBlocks?: string;
  readonly diskTrouble?: string;
  /** False: --no-rpc. */
  readonly rpc: string | boolean;
  readonly rpcUser?: string;
  readonly rpcPassword?: string;
  readonly rpcAllowIp?: string[];
  readonly rest?: boolean;
  readonly wallet: boolean;
  readonly keyPool: number;
  readonly exportDir?: string;
  readonly gen?: boolean;
  readonly genThreads: number;
  readonly minerAddress?: string;
  readonly zmq?: string[];
  readonly metrics?: string;
  readonly logLevel: string;
  /** True: debug.log of the data folder. */
  readonly logFile?: string | boolean;
}

const HELP = `
fluxd's own options are understood too, with one dash (-regtest -rpcport=26124 -addnode=node7), and in the file flux.conf of the
data folder, or of -conf=FILE: key=value, # before a comment. The command line goes before the file. What is unknown is told.

Writes a line of JSON to standard output for all that happens. Ctrl-C, or a TERM signal, ends it in order; after a kill or a crash
it goes on from the last block it had acknowledged.

Examples:
  npm run node -- --network regtest --datadir runs/a --listen 127.0.0.1:26126
  npm run node -- --network regtest --datadir runs/b --no-listen --connect 127.0.0.1:26126
  npm run node -- --network regtest --datadir runs/d --rpc 127.0.0.1:26124 --rpc-user me --rpc-password secret --rest
  npm run node -- --network my-network.json --datadir runs/c --addnode node7:16125 --log-level debug
  npm run node -- --network test --datadir runs/e --prune 1000 --metrics 127.0.0.1:9332
  npm run node -- --network regtest --datadir runs/a --no-listen --no-rpc --save-blocks bootstrap.dat
  npm run node -- -regtest -datadir=runs/f -loadblock=bootstrap.dat -zmqpubhashblock=tcp://127.0.0.1:28332

Exit codes: 0 ended in order, 2 something to change (argument, file, folder, port in use).`;

const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

function wholeNumber(option: string, least = 0): (text: string) => number {
  return (text) => {
    const fits = /^-?\d{1,10}$/.test(text) && Number(text) >= least;
    if (!fits) throw new InputError(`${option}: expected a whole number${from(least)}, got "${text}"`);
    return Number(text);
  };
}

const from = (least: number): string => (least === 0 ? "" : ` from ${least}`);

/** A number of seconds, with a fraction or below zero, as microseconds. */
function seconds(option: string): (text: string) => number {
  return (text) => {
    if (!/^-?\d{1,10}(\.\d{1,6})?$/.test(text))
      throw new InputError(`${option}: expected seconds, got "${text}"`);
    return Math.round(Number(text) * 1_000_000);
  };
}

/** Whether an IP is among these. @throws InputError */
export function parseWhitelist(
  texts: readonly string[],
  option = "--whitelist",
): (ip: Uint8Array) => boolean {
  const trusted = new Set(
    texts.map((text) => {
      const ip = parseIp(text);
      if (ip === undefined) throw new InputError(`${option} ${text}: expected an IP address`);
      return ip.join();
    }),
  );
  return (ip) => trusted.has(ip.join());
}

/** More cores than a machine leaves free. */
const MAX_PAR = 1_024;

/** fluxd refuses less. Source: fluxd src/main.h MIN_DISK_SPACE_FOR_BLOCK_FILES. */
const MIN_PRUNE_MIB = 550;

/** Bytes to prune to; undefined: everything is kept. @throws InputError */
export function pruneBytes({ prune }: NodeOptions, { kind }: Params): number | undefined {
  if (prune === 0) return undefined;
  if ((kind === "main" || kind === "test") && prune < MIN_PRUNE_MIB)
    throw new InputError(`--prune ${prune}: expected at least ${MIN_PRUNE_MIB} MiB on this network`);
  return prune * 1024 * 1024;
}

/** Version, and the rules that each built-in network is judged by. */
export function versionText(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const rules = [mainnet, testnet, regtest].map((params) => `rules of ${params.kind}: ${rulesId(params)}`);
  return [`flux-lab node ${version}`, ...rules].join("\n");
}

/** The command line with fluxd's options, its file's among them, put into ours; and what to warn of. @throws InputError */
export function wholeCommandLine(argv: readonly string[]): {
  readonly args: readonly string[];
  readonly warnings: readonly string[];
} {
  const { ours, settings } = splitArguments(argv);
  const fluxds = settings.find(({ name }) => name === "conf")?.value;
  const named = fluxds ?? lastOf(ours, "--conf");
  const folder = lastOf(ours, "--datadir") ?? settings.find(({ name }) => name === "datadir")?.value;
  // fluxd looks for a relative -conf in the data folder. Source: fluxd src/util.cpp GetConfigFile.
  const within = fluxds ?? (named === undefined ? "flux.conf" : undefined);
  const file = within === undefined || folder === undefined ? named : resolve(folder, within);
  const { args, warnings } = translate(
    settings,
    file === undefined ? [] : readConf(file, named !== undefined),
  );
  // commander takes the last of what may stand once: what is ours counts more than what is fluxd's.
  return { args: [...args, ...ours], warnings };
}

function lastOf(args: readonly string[], option: string): string | undefined {
  const at = args.findLastIndex((each) => each === option || each.startsWith(`${option}=`));
  if (at < 0) return undefined;
  return args[at]!.includes("=") ? args[at]!.slice(option.length + 1) : args[at + 1];
}

/** The command, its options and help. */
export function nodeCommand(run: (options: NodeOptions) => Promise<void>): Command {
  return new Command("npm run node --")
    .description("Runs a full node on this machine until it is stopped.")
    .version(versionText(), "--version", "print the version and the digests of the rules")
    .option("--network <name>", "main, test, regtest, or a network file", "regtest")
    .option("--datadir <folder>", "folder of its own (default: runs/node-NETWORK)")
    .option("--conf <file>", "settings as of fluxd (default: flux.conf of the data folder)")
    .option(
      "--listen <address>",
      "HOST:PORT to take connections on (default: every address, the network's port)",
    )
    .option("--no-listen", "take no connections")
    .option("--external-ip <address>", "HOST:PORT at which peers can reach this node, to be told to them")
    .option("--connect <address>", "connect to this peer and no others; may be repeated", collect)
    .option("--addnode <address>", "stay connected to this peer; may be repeated", collect)
    .option("--no-dns-seeds", "do not ask DNS for peers")
    .option("--max-connections <number>", "in both directions", wholeNumber("--max-connections"), 125)
    .option("--whitelist <ip>", "peer that is never banned or turned away; may be repeated", collect)
    .option("--ban-score <points>", "at which a peer is banned (default: 100)", wholeNumber("--ban-score", 1))
    .option("--ban-time <seconds>", "of a ban (default: 86400)", wholeNumber("--ban-time", 1))
    .option("--mock-time <seconds>", "stop the node's clock at a Unix time", wholeNumber("--mock-time"))
    .option(
      "--clock-offset <seconds>",
      "by how much the node's clock is fast, or slow if negative",
      seconds("--clock-offset"),
      0,
    )
    .option(
      "--max-tip-age <seconds>",
      "a node whose tip is older is catching up, and not healthy (default: 14400)",
      wholeNumber("--max-tip-age", 1),
    )
    .option(
      "--prune <MiB>",
      "keep so much of the blocks, and the last 288; 0 for all",
      wholeNumber("--prune"),
      0,
    )
    .option("--reindex", "judge all stored blocks again")
    .option(
      "--par <threads>",
      "that check signatures while catching up: 0 one a core, 1 the node's own alone, below 0 leaves cores free",
      wholeNumber("--par", -MAX_PAR),
      0,
    )
    .option("--load-blocks <file>", "take in the blocks of a bootstrap.dat; may be repeated", collect)
    .option(
      "--observations <file>",
      "write all that the node observes, blocks included, a line of JSON each; a number is an open file descriptor",
    )
    .option("--state-digests", "with every tip the digest of the whole state: for small networks")
    .option("--fluxnodes <file>", "look after these FluxNodes of a laboratory network: a list in JSON")
    .option(
      "--disk-trouble <file>",
      'in laboratories: a file that says whether the disk is full or slow, now: {"full": false, "slowMs": 50}',
    )
    .option("--save-blocks <file>", "write the best chain as a bootstrap.dat, and end")
    .option("--rpc <address>", "HOST:PORT to answer RPC on (default: 127.0.0.1, the network's RPC port)")
    .option("--no-rpc", "answer no RPC")
    .option("--rpc-user <name>", "for RPC, with --rpc-password")
    .option(
      "--rpc-password <password>",
      "for RPC (default: a new one each time, in the file .cookie of the data folder)",
    )
    .option("--rpc-allow-ip <ip>", "may ask besides this machine; may be repeated", collect)
    .option("--rest", "answer plain GET under /rest/, without a password")
    .option("--no-wallet", "keep no keys")
    .option("--key-pool <number>", "keys kept ready", wholeNumber("--key-pool"), 100)
    .option("--export-dir <folder>", "where dumpwallet may write")
    .option("--gen", "search for blocks of proof of work")
    .option(
      "--gen-threads <number>",
      "for the search, -1 for one a core",
      wholeNumber("--gen-threads", -1),
      1,
    )
    .option("--miner-address <address>", "whom blocks of this node pay (default: a key of the wallet)")
    .option(
      "--zmq <topic=address>",
      "publish over ZeroMQ: hashblock=tcp://127.0.0.1:28332; may be repeated",
      collect,
    )
    .option("--metrics <address>", "HOST:PORT to answer /metrics and /health on")
    .option("--log-file [file]", "write the log there (default: debug.log of the data folder)")
    .addOption(
      new Option("--log-level <level>", "least important lines to show")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("info"),
    )
    .addHelpText("after", HELP)
    .showHelpAfterError("(npm run node -- --help shows examples)")
    .action(run);
}
