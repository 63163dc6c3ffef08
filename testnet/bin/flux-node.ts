import { endpointText, nobleEcdsa, parseIp, toDisplayHex } from "@fluxlab/core";
import { InputError, runCommand } from "@fluxlab/core/command-line";
import {
  LiveNode,
  loadNetwork,
  ObservationStream,
  parseEndpoint,
  producerOf,
  readFluxnodeFile,
  splitEndpoint,
  tendFluxnodes,
} from "@fluxlab/testnet/host";
import { LiveRpc } from "@fluxlab/testnet/rpc";
import { Command, Option } from "commander";
import { pino } from "pino";

// npm run node: a full node on this machine.

interface Options {
  readonly network: string;
  readonly datadir?: string;
  /** False: --no-listen. */
  readonly listen: string | boolean;
  readonly connect?: string[];
  readonly addnode?: string[];
  readonly dnsSeeds: boolean;
  readonly maxConnections: number;
  readonly whitelist?: string[];
  readonly mockTime?: number;
  /** Microseconds. */
  readonly clockOffset: number;
  /** False: --no-rpc. */
  readonly rpc: string | boolean;
  readonly rpcUser?: string;
  readonly rpcPassword?: string;
  readonly rpcAllowIp?: string[];
  readonly rest?: boolean;
  readonly wallet: boolean;
  readonly keyPool: number;
  readonly logLevel: string;
  /** A file, or the number of an open file descriptor. */
  readonly observations?: string;
  readonly stateDigests?: true;
  readonly loadBlocks?: string;
  readonly fluxnodes?: string;
}

const HELP = `
Writes a line of JSON to standard output for all that happens. Ctrl-C, or a TERM signal, ends it in order; after a kill or a crash
it goes on from the last block it had acknowledged.

Examples:
  npm run node -- --network regtest --datadir runs/a --listen 127.0.0.1:26126
  npm run node -- --network regtest --datadir runs/b --no-listen --connect 127.0.0.1:26126
  npm run node -- --network regtest --datadir runs/d --rpc 127.0.0.1:26124 --rpc-user me --rpc-password secret --rest
  npm run node -- --network my-network.json --datadir runs/c --addnode node7:16125 --log-level debug

Exit codes: 0 ended in order, 2 something to change (argument, file, folder, port in use).`;

/** Milliseconds between two lines that say how the node is doing. */
const STATUS_MS = 60_000;

const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

function wholeNumber(option: string): (text: string) => number {
  return (text) => {
    if (!/^\d{1,10}$/.test(text)) throw new InputError(`${option}: expected a whole number, got "${text}"`);
    return Number(text);
  };
}

/** A number of seconds, with a fraction or below zero, as microseconds. */
function seconds(option: string): (text: string) => number {
  return (text) => {
    if (!/^-?\d{1,10}(\.\d{1,6})?$/.test(text))
      throw new InputError(`${option}: expected seconds, got "${text}"`);
    return Math.round(Number(text) * 1_000_000);
  };
}

function parseWhitelist(texts: readonly string[], option = "--whitelist"): (ip: Uint8Array) => boolean {
  const trusted = new Set(
    texts.map((text) => {
      const ip = parseIp(text);
      if (ip === undefined) throw new InputError(`${option} ${text}: expected an IP address`);
      return ip.join();
    }),
  );
  return (ip) => trusted.has(ip.join());
}

async function run(options: Options): Promise<void> {
  const { params, genesis } = loadNetwork(options.network);
  const dataFolder = options.datadir ?? `runs/node-${params.name}`;
  const log = pino({ level: options.logLevel, base: null });
  const resolve = (texts: readonly string[], option: string) =>
    Promise.all(texts.map((text) => parseEndpoint(text, params.p2pPort, option)));
  const listen = typeof options.listen === "string" ? options.listen : `0.0.0.0:${params.p2pPort}`;
  const fluxnodes =
    options.fluxnodes === undefined ? [] : readFluxnodeFile(options.fluxnodes, params, nobleEcdsa);
  const live = await startNode({
    params,
    genesis,
    dataFolder,
    listen: options.listen === false ? undefined : splitEndpoint(listen, params.p2pPort, "--listen"),
    dial: {
      added: await resolve(options.addnode ?? [], "--addnode"),
      only: options.connect && (await resolve(options.connect, "--connect")),
    },
    askSeeds: options.dnsSeeds,
    maxConnections: options.maxConnections,
    whitelisted: parseWhitelist(options.whitelist ?? []),
    clockOffset: options.clockOffset,
    chainFile: options.loadBlocks,
    producer: fluxnodes.length === 0 ? undefined : producerOf(fluxnodes),
    log,
  });
  if (options.observations !== undefined)
    observeInto(options.observations, live, options.stateDigests === true);
  if (options.mockTime !== undefined) live.host.setMockTime(options.mockTime);
  const idle = tendFluxnodes(live, fluxnodes);
  const { listening } = live;
  log.info({ network: params.name, dataFolder, listening: listening && endpointText(listening) }, "started");
  const rpc =
    options.rpc === false ? undefined : await startRpc(live, options, dataFolder, params.rpcPort, log);
  const status = setInterval(() => log.info(statusOf(live), "status"), STATUS_MS);
  // Whoever stops it while it is still starting has been heard, too.
  if (!controller.signal.aborted) {
    await new Promise((ended) => controller.signal.addEventListener("abort", ended, { once: true }));
  }
  clearInterval(status);
  idle();
  log.info({}, "ending");
  await rpc?.close();
  await live.close();
  log.info(statusOf(live), "ended");
}

/** Written at once, so that what a killed node had observed is there. */
function observeInto(where: string, live: LiveNode, digests: boolean): void {
  const dest = /^\d+$/.test(where) ? Number(where) : where;
  const stream = pino.destination({ dest, append: true, sync: true });
  new ObservationStream(live, (line) => stream.write(line), digests);
}

/**
 * Serves RPC. The password itself is nowhere but in the options and, without one, in the cookie. Where nobody asked for a port and
 * the usual one is taken, as by another node of this machine, the node does without and says so.
 */
async function startRpc(
  live: LiveNode,
  options: Options,
  dataFolder: string,
  defaultPort: number,
  log: Record<"info" | "warn" | "error", (fields: object, text: string) => void>,
): Promise<LiveRpc | undefined> {
  const where = typeof options.rpc === "string" ? options.rpc : `127.0.0.1:${defaultPort}`;
  const { host, port } = splitEndpoint(where, defaultPort, "--rpc");
  const allowed = parseWhitelist(options.rpcAllowIp ?? [], "--rpc-allow-ip");
  const { rpcUser: user = "", rpcPassword: password } = options;
  try {
    const rpc = await LiveRpc.start(live, {
      dataFolder,
      host,
      port,
      credentials: password === undefined ? undefined : { user, password },
      allowed: (ip) => {
        const bytes = parseIp(ip);
        return bytes !== undefined && allowed(bytes);
      },
      rest: options.rest === true,
      keyPoolTarget: options.wallet ? options.keyPool : undefined,
      stop: () => controller.abort(),
      report: (error) => log.error({ error: String(error) }, "a call failed by a fault of this program"),
    });
    log.info({ host, port: rpc.port, cookie: password === undefined }, "rpc");
    return rpc;
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" && typeof options.rpc !== "string") {
      log.warn({ host, port }, "the port is taken: no RPC; --rpc HOST:PORT chooses another");
      return undefined;
    }
    await live.close();
    if (syscall !== "listen") throw error;
    throw new InputError(`--rpc ${where}: ${message}`);
  }
}

/** A port that is taken is for a person to change, like a folder that is. */
async function startNode(options: Parameters<typeof LiveNode.start>[0]): Promise<LiveNode> {
  try {
    return await LiveNode.start(options);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== "listen" && syscall !== "bind" && code !== "ENOTFOUND") throw error;
    throw new InputError(
      `--listen ${options.listen?.host}:${options.listen?.port}: ${(error as Error).message}`,
    );
  }
}

const statusOf = ({ node, host }: LiveNode): object => ({
  height: node.chain.tipHeight,
  tip: toDisplayHex(node.chain.tipHash),
  peers: host.peers().length,
  transactions: node.mempool.pool.size,
});

const controller = new AbortController();
const program = new Command("npm run node --")
  .description("Runs a full node on this machine until it is stopped.")
  .option("--network <name>", "main, test, regtest, or a network file", "regtest")
  .option("--datadir <folder>", "folder of its own (default: runs/node-NETWORK)")
  .option(
    "--listen <address>",
    "HOST:PORT to take connections on (default: every address, the network's port)",
  )
  .option("--no-listen", "take no connections")
  .option("--connect <address>", "connect to this peer and no others; may be repeated", collect)
  .option("--addnode <address>", "stay connected to this peer; may be repeated", collect)
  .option("--no-dns-seeds", "do not ask DNS for peers")
  .option("--max-connections <number>", "in both directions", wholeNumber("--max-connections"), 125)
  .option("--whitelist <ip>", "peer that is never banned or turned away; may be repeated", collect)
  .option("--mock-time <seconds>", "stop the node's clock at a Unix time", wholeNumber("--mock-time"))
  .option(
    "--clock-offset <seconds>",
    "by how much the node's clock is fast, or slow if negative",
    seconds("--clock-offset"),
    0,
  )
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
  .option(
    "--observations <file>",
    "write all that the node observes, blocks included, a line of JSON each; a number is an open file descriptor",
  )
  .option("--state-digests", "with every tip the digest of the whole state: for small networks")
  .option("--load-blocks <file>", "take in the blocks of a file first, as fluxd's -loadblock does")
  .option("--fluxnodes <file>", "look after these FluxNodes of a laboratory network: a list in JSON")
  .addOption(
    new Option("--log-level <level>", "least important lines to show")
      .choices(["debug", "info", "warn", "error", "silent"])
      .default("info"),
  )
  .addHelpText("after", HELP)
  .showHelpAfterError("(npm run node -- --help shows examples)")
  .action(run);
await runCommand(program, controller);
