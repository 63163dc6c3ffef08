import {
  BaseState,
  type Block,
  type Connected,
  type ConnectOptions,
  connectBlock,
  type Params,
  ParseError,
  parse,
  readBlock,
  rejectReason,
  type StateDelta,
} from "@fluxlab/core";
import { readJsonLines } from "./vectors.ts";

/** A line of a recorded chain, in part. */
export interface RecordedLine {
  readonly height: number;
  readonly hash: string;
  readonly subsidy: string;
  readonly coinbase: readonly (readonly [value: string, scriptPubKey: string])[];
  readonly hex: string;
}

export const parseBlock = (bytes: Uint8Array): Block => {
  const block = parse(bytes, readBlock);
  if (block instanceof ParseError) throw new Error(String(block));
  return block;
};

/** A step of a replay: what the block did, and the state after it. */
export interface Replayed<Line> {
  readonly line: Line;
  readonly block: Block;
  readonly connected: Connected;
  readonly state: BaseState;
}

/** Connects a recorded chain from genesis; `state` is one object that moves along. */
export function* replay<Line extends RecordedLine = RecordedLine>(
  file: string,
  params: Params,
  options: ConnectOptions,
): Generator<Replayed<Line>> {
  const state = new BaseState();
  for (const line of readJsonLines<Line>(file)) {
    const block = parseBlock(Buffer.from(line.hex, "hex"));
    const verdict = connectBlock(state, block, params, options);
    if (verdict.verdict !== "connected") {
      const why = verdict.verdict === "invalid" ? rejectReason(verdict.violation) : verdict.unverified;
      throw new Error(`${file}, height ${line.height}: ${why}`);
    }
    state.apply(verdict.delta);
    yield { line, block, connected: verdict, state };
  }
}

/** Moves a state along the chain whose deltas these are, by height. */
export function moveTo(state: BaseState, deltas: readonly StateDelta[], height: number): BaseState {
  while (state.height < height) state.apply(deltas[state.height + 1]!);
  while (state.height > height) state.revert(deltas[state.height]!);
  return state;
}

/** What each block of a recorded chain did, by height. */
export const replayedDeltas = (file: string, params: Params, options: ConnectOptions): StateDelta[] =>
  Array.from(replay(file, params, options), ({ connected }) => connected.delta);
