import { type BlockHeader, type HeaderTree, type Message, toWireHex } from "@fluxlab/core";
import type { NetworkWorld } from "../world/networkWorld.ts";
import type { ByzantineFault, Injection } from "./fault.ts";

/** Microseconds between a selfish miner's looks at what the others have. */
const LOOK_EVERY = 1_000_000;

/** Whether a message tells of one of these blocks, whose hashes are in hex. */
function tellsOf(message: Message, secret: ReadonlySet<string>, tree: HeaderTree): boolean {
  const isSecret = (header: BlockHeader) => secret.has(toWireHex(tree.hashOf(header)));
  switch (message.command) {
    case "headers":
      return message.headers.some(isSecret);
    case "inv":
      return message.items.some(({ hash }) => secret.has(toWireHex(hash)));
    case "cmpctblock":
      return isSecret(message.header);
    case "block":
      return isSecret(message.block.header);
    default:
      return false;
  }
}

/**
 * Each miner keeps its blocks to itself while it is ahead, and publishes them when the others are a block behind (Eyal and Sirer,
 * "Majority is not enough", 2014). It sees the others' tips as they are, as an attacker with a spy beside every miner would.
 */
export function selfishMining(world: NetworkWorld, { nodes, end }: ByzantineFault): Injection {
  const secret = new Map<number, BlockHeader[]>(nodes.map((node) => [node, []]));
  const { tree } = world.chain;
  const look = () => {
    for (const node of nodes) decide(world, node, secret.get(node)!, nodes);
    if (world.now + LOOK_EVERY < end) world.interfere(world.now + LOOK_EVERY, look);
  };
  return {
    begin: () => {
      for (const node of nodes) {
        const headers = secret.get(node)!;
        world.filters.set(node, (message) => {
          if (headers.length === 0) return true;
          const secretHashes = new Set(headers.map((header) => toWireHex(tree.hashOf(header))));
          return !tellsOf(message, secretHashes, tree);
        });
        world.minings.set(node, (block) => {
          headers.push(block.header);
          world.nodes[node]!.submitBlock(block);
        });
      }
      look();
    },
    end: () => {
      for (const node of nodes) {
        publish(world, node, secret.get(node)!);
        world.filters.delete(node);
        world.minings.delete(node);
      }
    },
  };
}

function decide(world: NetworkWorld, node: number, secret: BlockHeader[], selfish: readonly number[]): void {
  if (secret.length === 0) return;
  const { chain } = world.nodes[node]!;
  const { tree } = chain.shared;
  const last = tree.find(tree.hashOf(secret.at(-1)!));
  // The others were faster: what was kept is worth nothing.
  if (last < 0 || !chain.isActive(last)) {
    secret.length = 0;
    return;
  }
  let highest = 0;
  world.nodes.forEach((other, i) => {
    if (!selfish.includes(i) && world.down[i] === 0) highest = Math.max(highest, other.chain.tipHeight);
  });
  const lead = chain.tipHeight - highest;
  // A first block is kept until there is a rival for it; a longer branch until it is a block ahead.
  if (lead <= 0 || (lead === 1 && secret.length > 1)) publish(world, node, secret);
}

function publish(world: NetworkWorld, node: number, secret: BlockHeader[]): void {
  const headers = secret.splice(0);
  if (headers.length === 0 || world.down[node] === 1) return;
  for (const { id, introduced } of world.nodes[node]!.peers) {
    if (introduced) world.send(node, id, { command: "headers", headers });
  }
}
