import { fileURLToPath } from "node:url";
import { Agent, sweepPlace } from "@fluxlab/testnet/fleet-agent";

// What runs at the place of a testnet's nodes, in a container or on a host: a controller elsewhere tells it what to do, line by line.
//
//   node flux-agent.mjs [serve DIR/] takes orders on standard input until that ends; DIR is only there to know it by
//   node flux-agent.mjs sweep DIR ADDRESS [sudo]
//                                    ends the nodes of the testnet below DIR and takes its files and packet rules away

const [what, folder, own, sudo] = process.argv.slice(2);
if (what === "sweep" && folder !== undefined && own !== undefined) {
  process.stdout.write(`${JSON.stringify(await sweepPlace(folder, own, sudo === "sudo"))}\n`);
} else {
  // The node is bundled beside it.
  const program = [process.execPath, fileURLToPath(new URL("flux-node.mjs", import.meta.url))];
  await new Agent(program, process.stdout).serve(process.stdin);
  process.exit(); // nodes that it started may go on without it
}
