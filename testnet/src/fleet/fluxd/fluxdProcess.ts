import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolderOf } from "../nodeFolder.ts";
import { startProcess } from "../nodeProcess.ts";
import { RpcClient } from "../rpcClient.ts";
import type { NodeSpec, StartedNode } from "../runner.ts";
import { FluxdWatch } from "./fluxdWatch.ts";

/**
 * Starts a fluxd as a node of a testnet. It observes nothing aloud, so it is asked what changed, and the answers stand in its log as ours
 * writes them. `program`: the command that it is, to which its options are added.
 * @throws InputError if its folder cannot be written to
 */
export function startFluxd(spec: NodeSpec, program: readonly string[]): StartedNode {
  const data = dataFolderOf(spec.folder);
  mkdirSync(data, { recursive: true });
  // A file of settings it must have, and may be empty. Source: fluxd src/fluxd.cpp AppInit.
  const settings = join(data, "flux.conf");
  if (!existsSync(settings)) writeFileSync(settings, "");
  const started = startProcess(spec.folder, [...program, ...fluxdArguments(spec, data)]);
  const watch = new FluxdWatch(spec.folder, new RpcClient(spec.rpcPort, spec.folder));
  void started.ended.then(() => watch.close());
  return started;
}

/** The command line of a fluxd. Source: fluxd src/init.cpp HelpMessage. */
const fluxdArguments = ({ listen, rpcPort, peers }: NodeSpec, data: string): string[] => [
  // A network file's numbers are in the fluxd that was built with them, in place of regtest's.
  ...["-regtest", `-datadir=${data}`, `-rpccookiefile=${join(data, ".cookie")}`],
  ...["-listen=1", `-bind=${listen}`, "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1", `-rpcport=${rpcPort}`],
  ...["-dnsseed=0", "-listenonion=0", "-discover=0", "-showmetrics=0", "-printtoconsole", "-keypool=1"],
  // On regtest it goes through all it knows after every block, unless told not to.
  ...["-checkblockindex=0", "-checkmempool=0"],
  ...peers.map((peer) => `-connect=${peer}`),
];
