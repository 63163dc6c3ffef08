import { MAX_BLOCK_BYTES } from "../rules/limits.ts";

/** What whoever produces blocks may set about them, in bytes. Source: fluxd src/init.cpp HelpMessage. */
export interface TemplateSettings {
  /** -blockmaxsize. */
  readonly maxBytes: number;
  /** Filled by priority, whatever the fees: -blockprioritysize. */
  readonly priorityBytes: number;
  /** Filled up with free transactions: -blockminsize. */
  readonly minBytes: number;
}

/** What a producer makes who set nothing. Source: fluxd src/policy/policy.h. */
export const DEFAULT_TEMPLATE_SETTINGS: TemplateSettings = {
  maxBytes: MAX_BLOCK_BYTES,
  priorityBytes: 1_000_000,
  minBytes: 0,
};

/** Left for the header and the coinbase: no template goes nearer to the limit of blocks, and none is smaller. */
export const RESERVED_BYTES = 1_000;

/** The settings as they take effect. Source: fluxd src/miner.cpp CreateNewBlock. */
export function withinLimits({ maxBytes, priorityBytes, minBytes }: TemplateSettings): TemplateSettings {
  const most = Math.max(RESERVED_BYTES, Math.min(MAX_BLOCK_BYTES - RESERVED_BYTES, maxBytes));
  return {
    maxBytes: most,
    priorityBytes: Math.min(most, priorityBytes),
    minBytes: Math.min(most, minBytes),
  };
}
