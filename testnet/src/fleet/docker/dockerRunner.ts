import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { type Duplex, PassThrough } from "node:stream";
import { setTimeout as later } from "node:timers/promises";
import { InputError } from "@fluxlab/core/command-line";
import type Docker from "dockerode";
import { AgentPlace } from "../agent/agentPlace.ts";
import { hostOf } from "../endpoints.ts";
import { inParallel } from "../inParallel.ts";
import type { Link } from "../linkProxy.ts";
import { packed } from "../nodeParcel.ts";
import { programParcel } from "../programParcel.ts";
import type {
  DiskTrouble,
  Executed,
  NodeProgram,
  NodeRpc,
  NodeSpec,
  PacketRule,
  Place,
  Runner,
  StartedNode,
} from "../runner.ts";
import { explainedEngineError, LABEL, openEngine, statusOf } from "./engine.ts";
import { removeLabelled } from "./engineLeftovers.ts";
import { nodeImage, PROGRAM_FOLDER } from "./image.ts";

/** What each container may use; undefined: all there is. */
export interface ContainerLimits {
  /** An image with Node.js to build on, instead of one from nothing. */
  readonly image?: string;
  readonly memoryMb?: number;
  readonly cpus?: number;
  /** The node's data lies on a disk of its own in memory, which is empty after a kill. */
  readonly diskMb?: number;
}

/** Where a node's files are in its container. */
const NODE_FOLDER = "/node";
const P2P_PORT = 26126;
const RPC_PORT = 26124;
/** Containers that start side by side: more only wait for each other. */
const AT_ONCE = 4;
/** An engine that has not noted the end of a container by then never will. */
const NOTED_MS = 5_000;
/** The first address of a network is its gateway's. */
const FIRST_ADDRESS = 2;

/** A node's container, and what is in it. */
interface Box {
  readonly container: Docker.Container;
  readonly name: string;
  readonly place: AgentPlace;
  readonly address: string;
  /** Keys of the other programs that it holds. */
  readonly programs: Set<string>;
}

/** Nodes in containers of an engine, on a private network of their own that leads nowhere else. */
export class DockerRunner implements Runner {
  readonly kind = "docker";
  readonly #docker: Docker;
  readonly #image: string;
  readonly #limits: ContainerLimits;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #root: string;
  readonly #name: string;
  readonly #network: EngineNetwork;
  readonly #boxes = new Map<number, Box>();
  readonly #underWay = new Set<Promise<unknown>>();
  #closing = false;
  #closed: Promise<void> | undefined;

  /** Reaches the engine, builds the image if it has to, makes the network. @throws InputError for what a person has to change */
  static async open(
    root: string,
    name: string,
    limits: ContainerLimits,
    say: (text: string) => void,
  ): Promise<DockerRunner> {
    const docker = await openEngine();
    try {
      const image = await nodeImage(docker, limits.image, say);
      const labels = { [LABEL.root]: resolve(root), [LABEL.testnet]: name };
      const network = await makeNetwork(docker, uniqueName(root, name), labels);
      return new DockerRunner(docker, image, limits, labels, network, root, name);
    } catch (error) {
      await removeLabelled(docker, root, name);
      throw explainedEngineError(error);
    }
  }

  private constructor(
    docker: Docker,
    image: string,
    limits: ContainerLimits,
    labels: Readonly<Record<string, string>>,
    network: EngineNetwork,
    root: string,
    name: string,
  ) {
    this.#docker = docker;
    this.#image = image;
    this.#limits = limits;
    this.#labels = labels;
    this.#network = network;
    this.#root = root;
    this.#name = name;
  }

  async place(indices: readonly number[]): Promise<readonly Place[]> {
    await this.#watched(inParallel(AT_ONCE, indices, (index) => this.#makeBox(index)));
    return indices.map((index) => ({ listen: `${this.#box(index).address}:${P2P_PORT}`, rpcPort: RPC_PORT }));
  }

  async #makeBox(index: number): Promise<void> {
    const { memoryMb, cpus, diskMb } = this.#limits;
    const name = `${this.#network.name}-${index}`;
    const address = this.#network.address(index);
    const container = await this.#docker.createContainer({
      name,
      Image: this.#image,
      Labels: { ...this.#labels, [LABEL.node]: String(index) },
      Hostname: `node${index}`,
      // The agent takes orders from its standard input as long as the container runs, whoever controls it.
      ...{ OpenStdin: true, StdinOnce: false, Tty: false },
      HostConfig: {
        NetworkMode: this.#network.name,
        CapAdd: ["NET_ADMIN"], // of its own network alone: what faults of packets need
        LogConfig: { Type: "json-file", Config: { "max-size": "8m", "max-file": "1" } },
        ...(memoryMb === undefined ? {} : { Memory: memoryMb * 1024 * 1024 }),
        ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
        ...(diskMb === undefined ? {} : { Tmpfs: { [`${NODE_FOLDER}/data`]: `size=${diskMb}m,mode=0755` } }),
      },
      NetworkingConfig: {
        EndpointsConfig: { [this.#network.name]: { IPAMConfig: { IPv4Address: address } } },
      },
    });
    const place = new AgentPlace(`container ${name}`, () => whyGone(container));
    const box = { container, name, place, address, programs: new Set<string>() };
    this.#boxes.set(index, box);
    await this.#startBox(box);
  }

  /** Starts the container, and is connected with its agent. */
  async #startBox({ container, place }: Box): Promise<void> {
    if (this.#closing) throw new InputError("the testnet is ending");
    const attach = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
    const stream = (await container.attach(attach)) as Duplex; // a socket, whatever its type says
    const said = new PassThrough();
    const complaints = new PassThrough().resume();
    container.modem.demuxStream(stream, said, complaints);
    stream.once("close", () => said.end());
    stream.once("end", () => said.end());
    stream.once("error", () => said.end());
    await container.start();
    await place.connect(said, stream);
  }

  link(dialler: number, listener: number, listen: string, seed: number): Promise<Link> {
    const { place, address } = this.#box(dialler);
    return place.link({ id: `${dialler}-${listener}`, seed, target: listen, from: address, port: 0 });
  }

  start(spec: NodeSpec): Promise<StartedNode> {
    return this.#watched(this.#start(spec));
  }

  async #start(spec: NodeSpec): Promise<StartedNode> {
    const box = this.#box(spec.index);
    if (!box.place.connected) await this.#startBox(box);
    const program = spec.program && (await this.#programIn(box, spec.program));
    const node = await box.place.start({ ...spec, folder: NODE_FOLDER, program }, spec.folder);
    return containedNode(node, box);
  }

  /** Has a container hold another program than the image's. */
  async #programIn({ container, programs }: Box, program: NodeProgram): Promise<NodeProgram> {
    const parcel = await programParcel(program);
    if (!programs.has(parcel.key)) {
      await container.putArchive(await packed(parcel), { path: PROGRAM_FOLDER });
      programs.add(parcel.key);
    }
    return { kind: program.kind, file: `${PROGRAM_FOLDER}/${parcel.program}` };
  }

  rpc({ index, rpcPort }: NodeSpec): NodeRpc {
    return this.#box(index).place.rpc(rpcPort, NODE_FOLDER);
  }

  async wipe({ index }: NodeSpec): Promise<void> {
    const box = this.#box(index);
    if (!box.place.connected) await this.#watched(this.#startBox(box));
    await box.place.client.order("wipe", { folder: NODE_FOLDER });
  }

  copyData({ index }: NodeSpec, into: string): Promise<void> {
    return this.#box(index).place.copyData(NODE_FOLDER, into);
  }

  async remove({ index }: NodeSpec): Promise<void> {
    const { container } = this.#box(index);
    this.#boxes.delete(index);
    await container.remove({ force: true, v: true });
  }

  filter = async ({ index, listen }: NodeSpec, rules: readonly PacketRule[]): Promise<void> => {
    const { place } = this.#box(index);
    if (!place.connected) return; // its network has gone with it
    const own = hostOf(listen);
    await place.client.order("filter", { rules, own, testnet: this.#network.name, sudo: false, spare: [] });
  };

  exec({ index }: NodeSpec, command: readonly string[]): Promise<Executed> {
    return this.#box(index).place.client.order("run", { command });
  }

  async troubleDisk(spec: NodeSpec, trouble: DiskTrouble): Promise<void> {
    const there = { ...spec, folder: NODE_FOLDER };
    await this.#box(spec.index).place.client.order("disk", { spec: there, trouble });
  }

  /** A second call waits for the first. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** What was under way ends first, so that nothing comes after the last look. */
  async #close(): Promise<void> {
    this.#closing = true;
    for (const { place } of this.#boxes.values()) place.close();
    await Promise.allSettled(this.#underWay);
    await removeLabelled(this.#docker, this.#root, this.#name);
  }

  #box(index: number): Box {
    const box = this.#boxes.get(index);
    if (box === undefined) throw new Error(`node ${index} has no container`);
    return box;
  }

  async #watched<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } catch (error) {
      throw explainedEngineError(error);
    } finally {
      this.#underWay.delete(work);
    }
  }
}

/** A node whose machine is its container: that is what is paused and killed. */
function containedNode(node: StartedNode, { container, name }: Box): StartedNode {
  let paused = false;
  const resume = async (): Promise<void> => {
    if (!paused) return;
    paused = false;
    await container.unpause();
  };
  return {
    id: name,
    get running() {
      return node.running;
    },
    ended: node.ended,
    pause: async () => {
      await container.pause();
      paused = true;
    },
    resume,
    stop: async () => {
      await resume(); // one that stands still hears nothing
      if (node.running) await node.stop();
    },
    kill: async () => {
      await resume(); // engines kill no container that stands still
      try {
        await container.kill({ signal: "SIGKILL" });
      } catch (error) {
        const status = statusOf(error);
        if (status !== 404 && status !== 409) throw error; // it is gone or stopped already
      }
      await container.wait();
      await node.ended;
    },
  };
}

async function whyGone(container: Docker.Container): Promise<string> {
  try {
    // Its streams end before the engine has noted how it ended.
    await Promise.race([container.wait(), later(NOTED_MS, undefined, { ref: false })]);
    const { State, HostConfig } = await container.inspect();
    const memory = `out of memory (its limit is ${Math.round((HostConfig.Memory ?? 0) / 1024 / 1024)} MB: raise --memory-mb)`;
    return State.OOMKilled ? memory : `its container ended with exit code ${State.ExitCode}`;
  } catch {
    return "its container is gone";
  }
}

/** A network of an engine. */
interface EngineNetwork {
  readonly name: string;
  address(index: number): string;
}

/** Names at an engine are for all its users; those of testnets only for one root. */
function uniqueName(root: string, name: string): string {
  return `flux-lab-${createHash("sha256").update(resolve(root)).digest("hex").slice(0, 6)}-${name}`;
}

/** Ranges of 1,022 addresses that are tried; fixed addresses need a range that we choose. */
const RANGES = 256;

async function makeNetwork(
  docker: Docker,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<EngineNetwork> {
  const first = createHash("sha256").update(name).digest()[0]!;
  for (let i = 0; i < RANGES; i++) {
    const third = ((first + i) % RANGES) * 4;
    const [b, c] = [200 + Math.floor(third / 256), third % 256];
    try {
      await docker.createNetwork({
        Name: name,
        Internal: true,
        Labels: { ...labels },
        IPAM: { Driver: "default", Config: [{ Subnet: `10.${b}.${c}.0/22`, Gateway: `10.${b}.${c}.1` }] },
      } as Docker.NetworkCreateOptions);
    } catch (error) {
      if (/overlaps/i.test((error as Error).message)) continue;
      throw error;
    }
    return {
      name,
      address: (index) => {
        const at = index + FIRST_ADDRESS;
        return `10.${b}.${c + Math.floor(at / 256)}.${at % 256}`;
      },
    };
  }
  throw new InputError(
    "the engine has no addresses left for a network in 10.200.0.0/14: docker network prune",
  );
}
