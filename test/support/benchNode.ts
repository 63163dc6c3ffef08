import { parseIp } from "@fluxlab/core";
import { LiveNode, type LiveNodeOptions } from "@fluxlab/testnet/host";
import { genesisOf, labParams } from "./miningLab.ts";

// The live node that is measured, and its network.

/** Real proof is no part of this; eras pass quickly, and proof of node never comes. */
export const BENCH_PARAMS = labParams({ proof: "modelled", coinbaseMaturity: 10 }, { pon: 10_000_000 });
export const BENCH_GENESIS = genesisOf(BENCH_PARAMS);

/** `port`: of the one peer, on this machine; left out: it has none and takes connections. */
export const openBenchNode = (
  dataFolder: string,
  { port, ...changes }: Partial<LiveNodeOptions> & { readonly port?: number } = {},
): Promise<LiveNode> =>
  LiveNode.start({
    params: BENCH_PARAMS,
    genesis: BENCH_GENESIS,
    dataFolder,
    listen: { host: "127.0.0.1", port: 0 },
    dial: {
      added: [],
      only: port === undefined ? [] : [{ services: 0n, ip: parseIp("127.0.0.1")!, port }],
    },
    askSeeds: false,
    maxConnections: 32,
    whitelisted: () => true,
    log: { info() {}, debug() {}, warn() {} },
    ...changes,
  });
