import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Random } from "@fluxlab/core";
import { copyData } from "./dataCopy.ts";
import { startFluxd } from "./fluxd/fluxdProcess.ts";
import { freePorts } from "./freePorts.ts";
import { LinkProxy } from "./linkProxy.ts";
import { troubleDisk } from "./nodeDisk.ts";
import { dataFolderOf } from "./nodeFolder.ts";
import { nodeParcel } from "./nodeParcel.ts";
import { startNodeProcess } from "./nodeProcess.ts";
import { RpcClient } from "./rpcClient.ts";
import { runCommandLine } from "./runCommandLine.ts";
import type { NodeSpec, Runner, StartedNode } from "./runner.ts";

/** Where Node.js keeps what it has compiled, so that nodes start faster. It does without where that cannot be written. */
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/flux-lab", import.meta.url));

/** Nodes as processes of this machine, without privileges. */
export const processRunner: Runner = {
  kind: "process",

  place: async (indices) => {
    const ports = await freePorts(indices.length * 2);
    return indices.map((index, i) => ({
      listen: `${addressOfNode(index)}:${ports[2 * i]!}`,
      rpcPort: ports[2 * i + 1]!,
    }));
  },

  link: (dialler, listener, listen, seed) =>
    LinkProxy.start(
      { listenOn: addressOfNode(listener), target: listen, from: addressOfNode(dialler) },
      Random.root(String(seed)).fork(`link/${dialler}-${listener}`),
    ),

  start,
  rpc: ({ rpcPort, folder }) => new RpcClient(rpcPort, folder),
  wipe: async ({ folder }) => rmSync(dataFolderOf(folder), { recursive: true, force: true }),
  copyData: async ({ folder }, into) => copyData(dataFolderOf(folder), into),
  remove: async ({ folder }) => rmSync(folder, { recursive: true, force: true }),
  filter: undefined,
  exec: (spec, command) => runCommandLine(command, spec.folder),
  troubleDisk: async (spec, trouble) => troubleDisk(spec, trouble),
  close: async () => {},
};

async function start(spec: NodeSpec): Promise<StartedNode> {
  const { program } = spec;
  if (program?.kind === "fluxd") return startFluxd(spec, [program.file]);
  const folder = dataFolderOf(spec.folder);
  if (spec.data !== undefined && !existsSync(folder)) copyData(spec.data, folder);
  // Bundled it is there in half the time, which counts where there are many.
  const file = program?.file ?? join((await nodeParcel()).folder, "bin", "flux-node.mjs");
  return startNodeProcess(spec, commandOf(file), { NODE_COMPILE_CACHE: CACHE });
}

/** What a program is started by: scripts by this Node.js, others by themselves. */
const commandOf = (program: string): readonly string[] =>
  /\.[cm]?[jt]s$/.test(program) ? [process.execPath, program] : [program];

/**
 * Every node has an address of its own, so that a ban hits one node: Linux has all of 127.0.0.0/8 on its loopback interface. Others
 * have one address for all.
 */
function addressOfNode(index: number): string {
  if (process.platform !== "linux") return "127.0.0.1";
  const PER_NETWORK = 250;
  return `127.77.${Math.floor(index / PER_NETWORK)}.${1 + (index % PER_NETWORK)}`;
}
