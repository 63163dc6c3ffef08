import { decodeWif, type KeyPair, keyPair } from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "./ecdsa.ts";
import { type MixedNet, type MixedNode, untilTip } from "./mixedNet.ts";
import { labnet } from "./networks.ts";
import { readJson, readJsonLines } from "./vectors.ts";

// The laboratory network on which fluxd was recorded, with nodes that are there.

interface RecordedBlock {
  readonly time: number;
  readonly hash: string;
  readonly hex: string;
}

interface LabKeys {
  readonly benchmark: readonly string[];
  /** Keys that much was paid to. */
  readonly spending: readonly string[];
  readonly fluxnodes: readonly LabFluxnode[];
}

/** A FluxNode of the recording, or one to be. Keys are WIF. */
interface LabFluxnode {
  readonly name: string;
  /** `txid:index`. */
  readonly collateral: string;
  readonly nodeKey: string;
  readonly collateralKeys: readonly string[];
}

/** The recorded chain, genesis first. */
export const recordedBlocks = (): readonly RecordedBlock[] => readJsonLines("labnet/chain-a.jsonl");

/** The network's secrets. */
export const labKeys = (): LabKeys => readJson<{ keys: LabKeys }>("labnet/params.json").keys;

/** A key of the recording. */
export function labKey(wif: string): KeyPair {
  const { secretKey, compressed } = decodeWif(wif, labnet())!;
  return keyPair(fastEcdsa, secretKey, compressed);
}

/** A height of proof of work, transactions of version 6, and collaterals that wait to be started. */
export const BEFORE_PON = 765;

/** Answers of fluxd that show its FluxNodes, and its coins. */
const STATE_COMMANDS = [
  "viewdeterministicfluxnodelist",
  "listfluxnodes",
  "getfluxnodecount",
  "getmigrationcount",
  "getstartlist",
  "getdoslist",
  "fluxnodecurrentwinner",
  "gettxoutsetinfo",
];

/** All say the same about FluxNodes and about coins. */
export async function sameState(net: MixedNet): Promise<void> {
  for (const command of STATE_COMMANDS) await net.agree(command);
}

/** Seconds; connections outlast such a leap of the clock. Source: fluxd src/net.h TIMEOUT_INTERVAL. */
const SLOT_WAIT = 300;

/** Moves the clocks of a network from block to block, so that difficulty stays what it is. */
export class LabNet {
  readonly #net: MixedNet;
  readonly #spacing: number;
  /** Unix seconds. */
  #clock: number;

  /** Gives `node` the recorded blocks up to a height; all clocks then stand at the latest time among them. */
  static async fed(net: MixedNet, node: MixedNode, height: number): Promise<LabNet> {
    const blocks = recordedBlocks().slice(1, height + 1);
    const lab = new LabNet(net, Math.max(...blocks.map(({ time }) => time)), height);
    await net.setClock(lab.clock);
    for (const { hex } of blocks) expect(await node.call("submitblock", hex)).toBe(null);
    expect(await node.tip).toBe(blocks.at(-1)!.hash);
    return lab;
  }

  private constructor(net: MixedNet, clock: number, height: number) {
    const { pow, pon, upgrades } = labnet();
    this.#net = net;
    this.#clock = clock;
    this.#spacing = (height < upgrades.pon.height! ? pow : pon).targetSpacing;
  }

  get clock(): number {
    return this.#clock;
  }

  /** So many blocks by one node, each of which all have before the next. */
  async mine(miner: MixedNode, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.mineAlone(miner, 1);
      await this.#net.follow(await miner.tip);
    }
  }

  /** The same for a node that nobody hears. */
  async mineAlone(miner: MixedNode, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await untilTip(miner, await this.#mined(miner));
    }
  }

  /** By proof of node the next slot in which a key of the miner's may make a block can lie further ahead than clocks let in. */
  async #mined(miner: MixedNode, wait = this.#spacing, attempts = 20): Promise<string> {
    this.#clock += wait;
    await this.#net.setClock(this.#clock);
    try {
      return await miner.generate();
    } catch (error) {
      if (attempts === 0 || !(error as Error).message.includes("time-too-new")) throw error;
      return this.#mined(miner, SLOT_WAIT, attempts - 1);
    }
  }
}
