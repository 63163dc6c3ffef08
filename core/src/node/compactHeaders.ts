import type { Params } from "../params/params.ts";
import { perParams } from "../params/perParams.ts";
import type { BlockHeader } from "../primitives/header.ts";
import type { BlockHash } from "../primitives/ids.ts";
import type { CompactHeader } from "./messages.ts";

// Headers without their solutions, for chains below the last checkpoint.

/** From this version on peers are sent them. */
export const COMPACT_HEADERS_VERSION = 170_021;
/** In one message. Source: fluxd src/main.h MAX_CMPHEADERS_RESULTS. */
export const MAX_COMPACT_HEADERS = 2_000;

const lastCheckpoint = perParams(({ checkpoints }: Params) => ({
  height: Math.max(0, ...Object.keys(checkpoints).map(Number)),
}));

/** Source: fluxd src/checkpoints.cpp GetTotalBlocksEstimate. */
export const lastCheckpointHeight = (params: Params): number => lastCheckpoint(params).height;

/** What `cmpheaders` says of a header. */
export function compactHeader(header: BlockHeader, hash: BlockHash): CompactHeader {
  if (header.kind === "pon") return { ...header, hash };
  const { solution: _, ...rest } = header;
  return { ...rest, hash };
}
