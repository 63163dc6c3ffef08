import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { AgentPlace } from "../agent/agentPlace.ts";
import { hostOf } from "../endpoints.ts";
import { inParallel } from "../inParallel.ts";
import type { Link } from "../linkProxy.ts";
import type { PlaceRecord } from "../registry.ts";
import type {
  DiskTrouble,
  Executed,
  NodeRpc,
  NodeSpec,
  PacketRule,
  Place,
  Runner,
  StartedNode,
} from "../runner.ts";
import { loadInventory, type SshHost } from "./inventory.ts";
import { provision, provisionProgram } from "./provision.ts";
import { SshSession } from "./sshSession.ts";

/** Hosts that are made ready side by side. */
const AT_ONCE = 8;

/** A host that is ready. */
interface ReadyHost {
  readonly session: SshSession;
  /** The command that is its agent. */
  readonly agent: string;
  readonly place: AgentPlace;
}

/** Nodes as processes of other machines, one host after the other. They outlive their controller, as processes here do. */
export class SshRunner implements Runner {
  readonly kind = "ssh";
  /** Of this testnet, on every host, below the host's own folder. */
  readonly #folder: string;
  readonly #hosts: readonly ReadyHost[];
  #closed: Promise<void> | undefined;

  /**
   * Connects with all hosts and has each hold what its nodes run by.
   * @throws InputError naming the host that cannot be used, and why
   */
  static async open(
    root: string,
    name: string,
    inventory: string,
    say: (text: string) => void,
    noted: (place: PlaceRecord) => void,
  ): Promise<SshRunner> {
    const all = loadInventory(inventory);
    const folder = `testnets/${name}-${createHash("sha256").update(resolve(root)).digest("hex").slice(0, 6)}`;
    noted({ kind: "ssh", folder, hosts: all });
    const hosts: ReadyHost[] = [];
    const used = all.filter(({ gateway }) => !gateway);
    try {
      await inParallel(AT_ONCE, used, async (host) => {
        hosts[used.indexOf(host)] = await readyHost(host, all, folder, say);
      });
    } catch (error) {
      for (const each of hosts) each?.session.close();
      throw error;
    }
    return new SshRunner(folder, hosts);
  }

  private constructor(folder: string, hosts: readonly ReadyHost[]) {
    this.#folder = folder;
    this.#hosts = hosts;
  }

  #hostOf(index: number): ReadyHost {
    return this.#hosts[index % this.#hosts.length]!;
  }

  #folderAt({ session }: ReadyHost): string {
    return `${session.host.dir}/${this.#folder}`;
  }

  #nodeFolder(index: number): string {
    return `${this.#folderAt(this.#hostOf(index))}/nodes/${index}`;
  }

  /** Asks every host once: two questions could be answered with the same ports. */
  async place(indices: readonly number[]): Promise<readonly Place[]> {
    const places = new Map<number, Place>();
    await Promise.all(
      this.#hosts.map(async (host) => {
        const here = indices.filter((index) => this.#hostOf(index) === host);
        const ports = await host.place.client.order("ports", { count: here.length * 2 });
        for (const [i, index] of here.entries()) {
          const listen = `${host.session.host.address}:${ports[2 * i]!}`;
          places.set(index, { listen, rpcPort: ports[2 * i + 1]! });
        }
      }),
    );
    return indices.map((index) => places.get(index)!);
  }

  link(dialler: number, listener: number, listen: string, seed: number): Promise<Link> {
    const { session, place } = this.#hostOf(dialler);
    const from = session.host.address;
    return place.link({ id: `${dialler}-${listener}`, seed, target: listen, from, port: 0 });
  }

  async start(spec: NodeSpec): Promise<StartedNode> {
    const { session, place } = this.#hostOf(spec.index);
    const program = spec.program && (await provisionProgram(session, spec.program));
    const there = { ...spec, folder: this.#nodeFolder(spec.index), program };
    return place.start(there, spec.folder, (pid) => `${pid} on ${session.host.name}`);
  }

  rpc({ index, rpcPort }: NodeSpec): NodeRpc {
    return this.#hostOf(index).place.rpc(rpcPort, this.#nodeFolder(index));
  }

  async wipe({ index }: NodeSpec): Promise<void> {
    await this.#hostOf(index).place.client.order("wipe", { folder: this.#nodeFolder(index) });
  }

  copyData({ index }: NodeSpec, into: string): Promise<void> {
    return this.#hostOf(index).place.copyData(this.#nodeFolder(index), into);
  }

  async remove(spec: NodeSpec): Promise<void> {
    const { session } = this.#hostOf(spec.index);
    await session.must(`rm -rf ${this.#nodeFolder(spec.index)}`, `taking away node ${spec.index}`);
  }

  filter = async ({ index, listen }: NodeSpec, rules: readonly PacketRule[]): Promise<void> => {
    const host = this.#hostOf(index);
    const { sudo } = host.session.host;
    const testnet = this.#folderAt(host);
    // The way to a host may lead through another, which must stay open to be healed.
    const spare = [...new Set(this.#hosts.map(({ session }) => session.host.port))];
    await host.place.client.order("filter", { rules, own: hostOf(listen), testnet, sudo, spare });
  };

  exec({ index }: NodeSpec, command: readonly string[]): Promise<Executed> {
    return this.#hostOf(index).place.client.order("run", { command });
  }

  async troubleDisk(spec: NodeSpec, trouble: DiskTrouble): Promise<void> {
    const there = { ...spec, folder: this.#nodeFolder(spec.index) };
    await this.#hostOf(spec.index).place.client.order("disk", { spec: there, trouble });
  }

  /** A second call waits for the first. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const failures: string[] = [];
    await Promise.all(
      this.#hosts.map(async (host) => {
        host.place.close();
        const { session, agent } = host;
        try {
          await session.must(sweepCommand(agent, this.#folderAt(host), session.host), "clearing up");
        } catch (error) {
          failures.push((error as Error).message);
        }
        session.close();
      }),
    );
    if (failures.length > 0) throw new InputError(failures.join("\n"));
  }
}

/** Ends what a testnet has on a host. */
export const sweepCommand = (agent: string, folder: string, { address, sudo }: SshHost): string =>
  `${agent} sweep ${folder} ${address}${sudo ? " sudo" : ""}`;

async function readyHost(
  host: SshHost,
  all: readonly SshHost[],
  folder: string,
  say: (text: string) => void,
): Promise<ReadyHost> {
  const session = await SshSession.open(host, all);
  try {
    const agent = await provision(session, say);
    const place = new AgentPlace(`host ${host.name}`, async () => "the connection to its host is gone");
    const channel = await session.channel(`${agent} serve ${host.dir}/${folder}/`);
    channel.stderr.resume();
    await place.connect(channel, channel);
    return { session, agent, place };
  } catch (error) {
    session.close();
    throw error;
  }
}
