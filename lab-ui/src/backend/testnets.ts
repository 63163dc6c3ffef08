import type {
  DoFault,
  LogLines,
  NetworkPrediction,
  NodeMetrics,
  Plain,
  SilentNode,
  StartTestnet,
  TestnetEnd,
  TestnetFrame,
  TestnetList,
} from "@fluxlab/lab-ui/api";
import type { SpreadScene, TraceRows } from "@fluxlab/sim";
import { askServer, followServer } from "./server.ts";

// Testnets through the lab's server.

const at = (name: string) => `testnets/${encodeURIComponent(name)}`;

export const listTestnets = (): Promise<TestnetList> => askServer("testnets");

export const startTestnet = (body: StartTestnet, token: string): Promise<{ readonly name: string }> =>
  askServer("testnets", { method: "POST", body, token });

export const endTestnet = (name: string, token: string): Promise<object> =>
  askServer(at(name), { method: "DELETE", token });

export const doFault = (name: string, body: DoFault, token: string): Promise<{ readonly text: string }> =>
  askServer(`${at(name)}/faults`, { method: "POST", body, token });

export const predictTestnet = (
  name: string,
  simulations: number,
  token: string,
): Promise<NetworkPrediction> =>
  askServer(`${at(name)}/prediction`, { method: "POST", body: { simulations }, token });

export const nodeMetrics = (name: string, node: number): Promise<NodeMetrics | SilentNode> =>
  askServer(`${at(name)}/nodes/${node}`);

export const followTestnet = (
  name: string,
  onEvent: (event: TestnetFrame | TestnetEnd) => void,
  onLost: () => void,
): (() => void) => followServer(`${at(name)}/live`, onEvent, onLost);

export const followLog = (
  name: string,
  node: number,
  onEvent: (event: LogLines | TestnetEnd) => void,
  onLost: () => void,
): (() => void) => followServer(`${at(name)}/nodes/${node}/log`, onEvent, onLost);

/** What the nodes of a testnet that is over observed. */
export const recordedTestnet = (name: string): Promise<readonly TestnetFrame[]> =>
  askServer(`runs/${encodeURIComponent(name)}/testnet`);

/** Columns from arrays. */
export const readScene = (scene: Plain<SpreadScene>): SpreadScene => ({
  ...scene,
  region: Uint8Array.from(scene.region),
  tier: Uint8Array.from(scene.tier),
  hashRate: Uint32Array.from(scene.hashRate),
  links: {
    starts: Uint32Array.from(scene.links.starts),
    peers: Uint32Array.from(scene.links.peers),
    outbound: Uint16Array.from(scene.links.outbound),
  },
  faults: scene.faults.map((fault) => ({
    ...fault,
    nodes: Uint32Array.from(fault.nodes),
    except: Uint32Array.from(fault.except),
  })),
  upgrade: scene.upgrade,
});

export const readRows = ({ blocks, tips, log, reasons, traffic }: Plain<TraceRows>): TraceRows => ({
  blocks: {
    parent: Uint32Array.from(blocks.parent),
    height: Uint32Array.from(blocks.height),
    miner: Uint32Array.from(blocks.miner),
    seconds: Float64Array.from(blocks.seconds),
    hash: Uint8Array.from(blocks.hash),
  },
  tips: {
    seconds: Float64Array.from(tips.seconds),
    node: Uint32Array.from(tips.node),
    block: Uint32Array.from(tips.block),
    from: Int32Array.from(tips.from),
  },
  log: {
    seconds: Float64Array.from(log.seconds),
    kind: Uint8Array.from(log.kind),
    node: Uint32Array.from(log.node),
    subject: Int32Array.from(log.subject),
    depth: Uint32Array.from(log.depth),
    reason: Uint32Array.from(log.reason),
  },
  reasons,
  traffic: {
    seconds: Float64Array.from(traffic.seconds),
    messages: Float64Array.from(traffic.messages),
    bytes: Float64Array.from(traffic.bytes),
  },
});
