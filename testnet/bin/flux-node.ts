import {
  addressScript,
  endpointText,
  type NetworkAddress,
  nobleEcdsa,
  type Params,
  parseIp,
  rulesId,
  toDisplayHex,
} from "@fluxlab/core";
import { InputError, runCommand } from "@fluxlab/core/command-line";
import {
  LiveNode,
  loadNetwork,
  ObservationStream,
  OpsServer,
  parseEndpoint,
  parseZmq,
  producerOf,
  readFluxnodeFile,
  splitEndpoint,
  tendFluxnodes,
  troubleIn,
  ZmqPublisher,
} from "@fluxlab/testnet/host";
import { LiveRpc } from "@fluxlab/testnet/rpc";
import { type Logger, pino } from "pino";
import {
  type NodeOptions,
  nodeCommand,
  parseWhitelist,
  pruneBytes,
  wholeCommandLine,
} from "./nodeOptions.ts";

// npm run node: a full node on this machine.

/** Milliseconds between two lines that say how the node is doing. */
const STATUS_MS = 60_000;
/** Source: fluxd src/main.h DEFAULT_MAX_TIP_AGE. */
const MAX_TIP_AGE = 4 * 60 * 60;

/** What has to end with the node, in order. */
type Closing = { close(): Promise<void> };

async function run(options: NodeOptions): Promise<void> {
  const { params, genesis } = loadNetwork(options.network);
  const dataFolder = options.datadir ?? `runs/node-${params.name}`;
  const log = openLog(options, dataFolder);
  for (const warning of warnings) log.warn({}, warning);
  const fluxnodes =
    options.fluxnodes === undefined ? [] : readFluxnodeFile(options.fluxnodes, params, nobleEcdsa);
  const live = await startNode(options, params, {
    params,
    genesis,
    dataFolder,
    listen: listenOn(options, params),
    dial: {
      added: await resolveAll(options.addnode ?? [], params, "--addnode"),
      only: options.connect && (await resolveAll(options.connect, params, "--connect")),
    },
    askSeeds: options.dnsSeeds,
    maxConnections: options.maxConnections,
    whitelisted: parseWhitelist(options.whitelist ?? []),
    clockOffset: options.clockOffset,
    pruneTo: pruneBytes(options, params),
    reindex: options.reindex === true,
    par: options.par,
    diskTrouble: options.diskTrouble === undefined ? undefined : troubleIn(options.diskTrouble),
    settings: await settingsOf(options, params),
    producer: fluxnodes.length === 0 ? undefined : producerOf(fluxnodes),
    failed: (error) => {
      failure ??= error;
      controller.abort();
    },
    log,
  });
  if (options.observations !== undefined)
    observeInto(options.observations, live, options.stateDigests === true);
  const running: Closing[] = [live];
  try {
    if (options.mockTime !== undefined) live.host.setMockTime(options.mockTime);
    const { listening } = live;
    log.info(
      {
        network: params.name,
        rules: rulesId(params),
        dataFolder,
        listening: listening && endpointText(listening),
      },
      "started",
    );
    for (const file of options.loadBlocks ?? []) await live.loadBlocks(file, controller.signal);
    if (options.saveBlocks !== undefined) {
      log.info({ file: options.saveBlocks, blocks: live.saveBlocks(options.saveBlocks) }, "saved blocks");
      return;
    }
    const idle = tendFluxnodes(live, fluxnodes);
    running.push({ close: async () => idle() });
    await serve(live, options, dataFolder, log, running);
    const status = setInterval(() => log.info(statusOf(live), "status"), STATUS_MS);
    // Whoever stops it while it is still starting has been heard, too.
    if (!controller.signal.aborted) {
      await new Promise((ended) => controller.signal.addEventListener("abort", ended, { once: true }));
    }
    clearInterval(status);
  } finally {
    log.info({}, "ending");
    for (const each of running.reverse()) await each.close();
    log.info(statusOf(live), "ended");
  }
  if (failure !== undefined) throw failure;
}

function openLog(options: NodeOptions, dataFolder: string): Logger {
  const settings = { level: options.logLevel, base: null };
  if (options.logFile === undefined || options.logFile === false) return pino(settings);
  const dest = options.logFile === true ? `${dataFolder}/debug.log` : options.logFile;
  return pino(settings, pino.destination({ dest, mkdir: true, sync: true }));
}

const resolveAll = (
  texts: readonly string[],
  { p2pPort }: Params,
  option: string,
): Promise<NetworkAddress[]> => Promise.all(texts.map((text) => parseEndpoint(text, p2pPort, option)));

function listenOn({ listen }: NodeOptions, { p2pPort }: Params): { host: string; port: number } | undefined {
  if (listen === false) return undefined;
  return splitEndpoint(typeof listen === "string" ? listen : `0.0.0.0:${p2pPort}`, p2pPort, "--listen");
}

async function settingsOf({ externalIp, banScore, banTime, maxTipAge }: NodeOptions, params: Params) {
  return {
    ...(externalIp === undefined
      ? {}
      : { listens: await parseEndpoint(externalIp, params.p2pPort, "--external-ip") }),
    ...(banScore === undefined ? {} : { banScore }),
    ...(banTime === undefined ? {} : { banSeconds: banTime }),
    ...(maxTipAge === undefined ? {} : { maxTipAge }),
  };
}

/** Opens what the node is asked and tells by. */
async function serve(
  live: LiveNode,
  options: NodeOptions,
  dataFolder: string,
  log: Logger,
  running: Closing[],
): Promise<void> {
  if (options.zmq !== undefined) {
    const failed = (topic: string, error: Error) =>
      log.warn({ topic, error: error.message }, "not published");
    running.push(await ZmqPublisher.start(live, options.zmq.map(parseZmq), failed));
    log.info({ topics: options.zmq }, "publishing");
  }
  const rpc = options.rpc === false ? undefined : await startRpc(live, options, dataFolder, log);
  if (rpc !== undefined) running.push(rpc);
  else if (options.gen === true) throw new InputError("--gen: the miner is told by RPC, and there is none");
  if (options.metrics !== undefined) {
    const where = splitEndpoint(options.metrics, 0, "--metrics");
    const sources = {
      solutionRate: () => rpc?.miner.solutionRate ?? 0,
      maxTipAge: options.maxTipAge ?? MAX_TIP_AGE,
    };
    const ops = await OpsServer.start(live, where, sources).catch((error: Error) => {
      throw new InputError(`--metrics ${options.metrics}: ${error.message}`);
    });
    running.push(ops);
    log.info({ host: where.host, port: ops.port }, "metrics");
  }
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
  options: NodeOptions,
  dataFolder: string,
  log: Logger,
): Promise<LiveRpc | undefined> {
  const { params } = live.node.chain.shared;
  const where = typeof options.rpc === "string" ? options.rpc : `127.0.0.1:${params.rpcPort}`;
  const { host, port } = splitEndpoint(where, params.rpcPort, "--rpc");
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
      // A wallet needs all blocks. Source: fluxd src/init.cpp, -prune.
      keyPoolTarget: options.wallet && live.pruneHeight === undefined ? options.keyPool : undefined,
      exportFolder: options.exportDir,
      stop: () => controller.abort(),
      report: (error) => log.error({ error: String(error) }, "a call failed by a fault of this program"),
      mining: {
        generate: options.gen === true,
        threads: options.genThreads,
        payTo: minersScript(options, params),
        log: (level, fields, text) => log[level](fields, text),
      },
    });
    log.info({ host, port: rpc.port, cookie: password === undefined }, "rpc");
    return rpc;
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" && typeof options.rpc !== "string") {
      log.warn({ host, port }, "the port is taken: no RPC; --rpc HOST:PORT chooses another");
      return undefined;
    }
    if (syscall !== "listen") throw error;
    throw new InputError(`--rpc ${where}: ${message}`);
  }
}

function minersScript({ minerAddress }: NodeOptions, params: Params): Uint8Array | undefined {
  if (minerAddress === undefined) return undefined;
  const script = addressScript(minerAddress, params);
  if (script === undefined)
    throw new InputError(`--miner-address ${minerAddress}: expected an address of ${params.name}`);
  return script;
}

/** A port that is taken is for a person to change, like a folder that is. */
async function startNode(
  { listen }: NodeOptions,
  params: Params,
  options: Parameters<typeof LiveNode.start>[0],
): Promise<LiveNode> {
  try {
    return await LiveNode.start(options);
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall !== "listen" && syscall !== "bind" && code !== "ENOTFOUND") throw error;
    const where = typeof listen === "string" ? listen : `0.0.0.0:${params.p2pPort}`;
    throw new InputError(`--listen ${where}: ${message}`);
  }
}

const statusOf = ({ node, host }: LiveNode): object => ({
  height: node.chain.tipHeight,
  tip: toDisplayHex(node.chain.tipHash),
  peers: host.peers().length,
  transactions: node.mempool.pool.size,
});

const controller = new AbortController();
/** Why the node had to end by itself. */
let failure: InputError | undefined;
let warnings: readonly string[] = [];
const program = nodeCommand(run);
let args: readonly string[] = [];
try {
  ({ args, warnings } = wholeCommandLine(process.argv.slice(2)));
} catch (error) {
  // Told like what is wrong with any argument.
  program.action(() => {
    throw error;
  });
}
process.argv.splice(2, process.argv.length, ...args);
await runCommand(program, controller);
