import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, RpcClient } from "@fluxlab/testnet/fleet";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Running, startCommand, startProgram, temporaryFolder } from "./program.ts";
import { vectorPath, vectorsPresent } from "./vectors.ts";

// Networks of our nodes and of fluxd's, each a process of its own, asked by RPC alone, on this machine's loopback.

/** Variables of the environment that name a fluxd: as it is released, and one built with the parameters of the laboratory network. */
type FluxdVariable = "FLUXD" | "FLUXD_LAB";

/** `test`, for tests with a fluxd: without one it is skipped by a name that says so. */
export function fluxdTest(
  variable: FluxdVariable,
  name: string,
  run: () => Promise<void>,
  timeout: number,
): void {
  const reason = missing(variable);
  test.skipIf(reason !== undefined)(
    reason === undefined ? name : `SKIPPED: ${name}: ${reason}`,
    run,
    timeout,
  );
}

function missing(variable: FluxdVariable): string | undefined {
  if (process.env[variable] === undefined) return `${variable} names no fluxd`;
  if (variable === "FLUXD_LAB" && !vectorsPresent) return "../shared/vectors is not beside this checkout";
  return undefined;
}

export type Kind = "ours" | "fluxd";

/** For what is bound to happen. */
export const WAIT = { timeout: 240_000, interval: 20 };
/**
 * What shows that a node finds fault with a peer, a block or a transaction, or with itself. Fluxd also calls it an error when its miner
 * finds a solution that is not good enough, when it has no addresses to read yet, and when the collateral of a FluxNode of the
 * foundation is gone, as the recorded chain wants it.
 */
const COMPLAINTS: Readonly<Record<Kind, RegExp>> = {
  fluxd:
    /Misbehaving|BAN THRESHOLD|exception|ERROR: (?!CheckProofOfWork\(\): hash doesn't match|Read: Failed to open file|.*p2sh ?destination)/i,
  ours: /"msg":"(score|banned|blockRefused|a call failed by a fault of this program)"/,
};

/** One node, which may be started again after it ended. */
export class MixedNode {
  readonly kind: Kind;
  readonly endpoint: string;
  readonly #folder: string;
  readonly #variable: FluxdVariable;
  readonly #ports: { readonly p2p: number; readonly rpc: number };
  readonly #rpc: RpcClient;
  #running: Running | undefined;
  /** What ours said in earlier lives. */
  #said = "";

  constructor(kind: Kind, variable: FluxdVariable, ports: { readonly p2p: number; readonly rpc: number }) {
    this.kind = kind;
    this.#variable = variable;
    this.#ports = ports;
    this.#folder = temporaryFolder();
    this.endpoint = `127.0.0.1:${ports.p2p}`;
    this.#rpc = new RpcClient(ports.rpc, this.#folder);
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.#running = this.kind === "fluxd" ? this.#startFluxd() : this.#startOurs();
    const ended = this.#running.ended.then(({ code, stdout, stderr }) => {
      throw new Error(`${this.kind} ended with code ${code}: ${stdout.slice(-2_000)}${stderr}`);
    });
    ended.catch(() => {});
    await Promise.race([ended, vi.waitFor(() => this.call("getblockcount"), WAIT)]);
  }

  #startOurs(): Running {
    return startProgram("testnet/bin/flux-node.ts", [
      ...["--network", this.#variable === "FLUXD" ? "regtest" : vectorPath("labnet/params.json")],
      ...[
        "--datadir",
        join(this.#folder, "data"),
        "--listen",
        this.endpoint,
        "--rpc",
        `127.0.0.1:${this.#ports.rpc}`,
      ],
      ...["--connect", "127.0.0.1:1"], // nobody there: only whom the test names
      ...["--no-dns-seeds", "--key-pool", "1", "--log-level", "debug"],
    ]);
  }

  /** A file of settings it must have, and may be empty. Source: fluxd src/fluxd.cpp AppInit. */
  #startFluxd(): Running {
    const folder = join(this.#folder, "data");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "flux.conf"), "");
    return startCommand([
      process.env[this.#variable]!,
      ...[
        "-regtest",
        `-datadir=${folder}`,
        `-rpccookiefile=${join(folder, ".cookie")}`,
        `-port=${this.#ports.p2p}`,
        `-rpcport=${this.#ports.rpc}`,
      ],
      ...["-bind=127.0.0.1", "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1"],
      ...["-dnsseed=0", "-listenonion=0", "-discover=0", "-showmetrics=0", "-keypool=1", "-debug=net"],
      ...["-experimentalfeatures", "-txindex", "-insightexplorer"],
      // On regtest it goes through all it knows after every block, unless told not to.
      ...["-checkblockindex=0", "-checkmempool=0"],
    ]);
  }

  call<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T> {
    return this.#rpc.call<T>(method, params);
  }

  /** Makes one block, for which a machine that others keep busy may take long; its hash. */
  async generate(): Promise<string> {
    const [hash] = await this.#rpc.call<string[]>("generate", [1], WAIT.timeout);
    return hash!;
  }

  get tip(): Promise<string> {
    return this.call<string>("getbestblockhash");
  }

  /** Ends at once, as in a crash. */
  async kill(): Promise<void> {
    this.#running!.child.kill("SIGKILL");
    this.#said += (await this.#running!.ended).stdout;
  }

  /** Ends in order; what it complained of in all its lives. */
  async end(): Promise<readonly string[]> {
    this.#running!.child.kill("SIGTERM");
    const { code, stdout, stderr } = await this.#running!.ended;
    expect([this.kind, code, stderr]).toEqual([this.kind, 0, ""]);
    this.#said += stdout;
    const log =
      this.kind === "ours"
        ? this.#said
        : readFileSync(join(this.#folder, "data", "regtest", "debug.log"), "utf8");
    return log.split("\n").filter((line) => COMPLAINTS[this.kind].test(line));
  }
}

/** Nodes that know of nobody but whom the test connects. */
export class MixedNet {
  readonly nodes: readonly MixedNode[];

  static async start(variable: FluxdVariable, kinds: readonly Kind[]): Promise<MixedNet> {
    const ports = await freePorts(2 * kinds.length);
    const nodes = kinds.map(
      (kind, i) => new MixedNode(kind, variable, { p2p: ports[2 * i]!, rpc: ports[2 * i + 1]! }),
    );
    await Promise.all(nodes.map((node) => node.start()));
    return new MixedNet(nodes);
  }

  private constructor(nodes: readonly MixedNode[]) {
    this.nodes = nodes;
  }

  /** Stops the clocks of all, or of some. */
  async setClock(seconds: number, nodes = this.nodes): Promise<void> {
    await Promise.all(nodes.map((node) => node.call("setmocktime", seconds)));
  }

  /** `from` dials `to`; resolves when they have introduced themselves. */
  async connect(from: MixedNode, to: MixedNode): Promise<void> {
    await from.call("addnode", to.endpoint, "onetry");
    await vi.waitFor(async () => {
      const peers = await from.call<{ addr: string; version: number }[]>("getpeerinfo");
      expect(peers.some(({ addr, version }) => addr === to.endpoint && version > 0)).toBe(true);
    }, WAIT);
  }

  /** Parts two nodes of which `from` had dialled. */
  async disconnect(from: MixedNode, to: MixedNode): Promise<void> {
    const before = await to.call<number>("getconnectioncount");
    await from.call("disconnectnode", to.endpoint);
    await vi.waitFor(async () => expect(await to.call<number>("getconnectioncount")).toBe(before - 1), WAIT);
  }

  /** Resolves when all give the same answer to a question, with it; `wanted` if given. */
  async agree<T>(method: string, params: readonly unknown[] = [], wanted?: T): Promise<T> {
    return vi.waitFor(async () => {
      const [first, ...others] = await Promise.all(this.nodes.map((node) => node.call<T>(method, ...params)));
      for (const other of others) expect(other).toEqual(first);
      if (wanted !== undefined) expect(first).toEqual(wanted);
      return first!;
    }, WAIT);
  }

  /** Resolves when all have this block at their tip. */
  follow(tip: string): Promise<string> {
    return this.agree("getbestblockhash", [], tip);
  }

  /** Resolves when all wait with the same transactions. */
  async agreeOnPool(wanted: readonly string[]): Promise<void> {
    await vi.waitFor(async () => {
      for (const node of this.nodes) {
        expect((await node.call<string[]>("getrawmempool")).toSorted()).toEqual(wanted.toSorted());
      }
    }, WAIT);
  }

  /** Ends all: nobody has anything against anybody. `expected`: what else a log may say, because the test asked for it. */
  async endInPeace(expected?: RegExp): Promise<void> {
    for (const node of this.nodes) {
      const peers = await node.call<{ banscore: number }[]>("getpeerinfo");
      expect(peers.filter(({ banscore }) => banscore !== 0)).toEqual([]);
      expect(await node.call("listbanned")).toEqual([]);
    }
    for (const node of this.nodes) {
      const complaints = await node.end();
      expect(complaints.filter((line) => expected === undefined || !expected.test(line))).toEqual([]);
    }
  }
}

/** Resolves when a node has this block at its tip. */
export const untilTip = (node: MixedNode, hash: string): Promise<void> =>
  vi.waitFor(async () => expect(await node.tip).toBe(hash), WAIT);

/** What a test measured, for people: shown with `--reporter=verbose`. */
export function figure(text: string): void {
  onTestFinished(() => console.log(`  ${text}`));
}
