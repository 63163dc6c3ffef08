import type { Observation } from "@fluxlab/core";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { LiveNode } from "../liveNode.ts";
import { healthOf } from "./health.ts";

/** What is measured besides the node itself. */
export interface MetricSources {
  /** Solutions a second of the built-in miner. */
  readonly solutionRate: () => number;
  /** Seconds; see {@link healthOf}. */
  readonly maxTipAge: number;
}

const PREFIX = "fluxlab_";

/** Figures of a node for Prometheus, read when somebody asks. */
export class NodeMetrics {
  readonly #registry: Registry;
  readonly #unwatch: () => void;

  constructor(live: LiveNode, sources: MetricSources) {
    const registry = new Registry();
    registry.setDefaultLabels({ network: live.node.chain.shared.params.name });
    collectDefaultMetrics({ register: registry, prefix: PREFIX });
    this.#registry = registry;
    addGauges(registry, live, sources);
    this.#unwatch = live.watch(counting(registry));
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#unwatch();
    this.#registry.clear();
  }
}

function addGauges(registry: Registry, live: LiveNode, { solutionRate, maxTipAge }: MetricSources): void {
  const { node, host } = live;
  const gauge = (name: string, help: string, value: () => number): void => {
    const made = new Gauge({
      name: PREFIX + name,
      help,
      registers: [registry],
      collect() {
        made.set(value());
      },
    });
  };
  gauge("height", "Height of the best block", () => node.chain.tipHeight);
  gauge("best_header_height", "Height of the best header", () =>
    node.chain.shared.tree.height(node.chain.bestHeader),
  );
  gauge(
    "tip_age_seconds",
    "Since the time of the best block's header",
    () => healthOf(live, maxTipAge).tipAgeSeconds,
  );
  gauge("healthy", "1 if /health says 200", () => (healthOf(live, maxTipAge).ok ? 1 : 0));
  gauge("catching_up", "1 while the node is in its initial download", () => (node.catchingUp ? 1 : 0));
  gauge("blocks_in_flight", "Blocks asked of peers", () => node.blocksInFlight);
  gauge("mempool_transactions", "Transactions that wait for a block", () => node.mempool.pool.size);
  gauge("bans", "Addresses nobody talks to", () => host.currentBans().length);
  gauge("disk_bytes", "Bytes of blocks on the disk", () => live.sizeOnDisk);
  gauge("miner_solutions_per_second", "Of the built-in miner", solutionRate);
  gauge("received_bytes", "From peers since the start", () => host.totalTraffic().bytesReceived);
  gauge("sent_bytes", "To peers since the start", () => host.totalTraffic().bytesSent);
  const peers = new Gauge({
    name: `${PREFIX}peers`,
    help: "Peers that are connected",
    labelNames: ["direction"],
    registers: [registry],
    collect() {
      for (const direction of ["inbound", "outbound"] as const)
        peers.set({ direction }, host.peers().filter((each) => each.direction === direction).length);
    },
  });
}

function counting(registry: Registry): (observation: Observation) => void {
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]): Counter<T> =>
    new Counter<T>({ name: PREFIX + name, help, labelNames, registers: [registry] });
  const connected = counter("blocks_connected_total", "Blocks put on the best chain");
  const disconnected = counter("blocks_disconnected_total", "Blocks taken off the best chain");
  const refused = counter("blocks_refused_total", "Blocks that break a rule");
  const transactions = counter("transactions_total", "Loose transactions judged", "accepted");
  const banned = counter("peers_banned_total", "Peers banned for what they did");
  return (observation) => {
    if (observation.kind === "tip") {
      connected.inc(observation.connected);
      disconnected.inc(observation.disconnected);
    } else if (observation.kind === "blockRefused") refused.inc();
    else if (observation.kind === "transaction") transactions.inc({ accepted: `${observation.accepted}` });
    else if (observation.kind === "banned") banned.inc();
  };
}
