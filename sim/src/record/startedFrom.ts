import { toDisplayHex } from "@fluxlab/core";
import type { ConnectedChain } from "../world/connectedChain.ts";
import type { StartedFrom } from "./runRecord.ts";

/** The last block of a chain that a run goes on from, as its record names it. */
export const startedFrom = ({ start: { state } }: ConnectedChain): StartedFrom => ({
  height: state.height,
  blockHash: toDisplayHex(state.blockHash),
});
