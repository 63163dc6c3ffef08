import { BaseState, connectBlock, nobleEcdsa, type Params, type StateImage } from "@fluxlab/core";
import type { Checker, WitnessedBlock } from "./checker.ts";

/** Blocks between states that are kept to go on from. */
const KEEP_EVERY = 32;

/** A state and the block it is after. */
interface Standing {
  readonly state: BaseState;
  readonly block: WitnessedBlock;
}

/**
 * Every block on anybody's best chain is valid under that node's rules, judged again on a state that was only ever led forward:
 * nothing is undone, shared or remembered. Signatures are taken as good.
 */
export function validBlocks(): Checker {
  const books = new Map<Params, Replay>();
  let start: { readonly block: WitnessedBlock; readonly state: StateImage } | undefined;
  return {
    name: "valid blocks",
    begin(block, state) {
      start = { block, state };
    },
    block(block, params, at, report) {
      let replay = books.get(params);
      if (replay === undefined) {
        replay = new Replay(params);
        books.set(params, replay);
        if (start !== undefined) replay.begin(start.block, start.state);
      }
      const broken = replay.judge(block);
      if (broken !== undefined)
        report(`a block that breaks ${broken} was followed`, { ...at, height: block.height });
    },
  };
}

class Replay {
  readonly #params: Params;
  readonly #kept = new WeakMap<WitnessedBlock, BaseState>();
  #now: Standing | undefined;

  constructor(params: Params) {
    this.#params = params;
  }

  begin(block: WitnessedBlock, image: StateImage): void {
    const state = new BaseState();
    state.copy(image);
    this.#kept.set(block, state);
  }

  /** The rule that a block breaks on the state after its parent; undefined: none. */
  judge(block: WitnessedBlock): string | undefined {
    const { parent } = block;
    const standing = parent === undefined ? undefined : this.#standAt(parent);
    return this.#step(standing?.state ?? new BaseState(), block);
  }

  #step(state: BaseState, block: WitnessedBlock): string | undefined {
    const verdict = connectBlock(state, block.block, this.#params, {
      ecdsa: nobleEcdsa,
      trust: "signatures",
    });
    if (verdict.verdict !== "connected") {
      return verdict.verdict === "invalid" ? verdict.violation.rule : "what cannot be verified";
    }
    state.apply(verdict.delta);
    this.#now = { state, block };
    if (block.height % KEEP_EVERY === 0) {
      const copy = new BaseState();
      copy.copy(state);
      this.#kept.set(block, copy);
    }
    return undefined;
  }

  /** A state after a block that was judged before: the present one, or one led there from the last that was kept. */
  #standAt(block: WitnessedBlock): Standing {
    if (this.#now?.block === block) return this.#now;
    const path: WitnessedBlock[] = [];
    let at: WitnessedBlock = block;
    for (; !this.#kept.has(at) && at.parent !== undefined; at = at.parent) path.push(at);
    const state = new BaseState();
    const kept = this.#kept.get(at);
    if (kept === undefined) path.push(at);
    else state.copy(kept);
    for (const each of path.reverse()) this.#step(state, each);
    return { state, block };
  }
}
