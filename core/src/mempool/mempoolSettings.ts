/** What the operator of a node may set about its pool. Source: fluxd src/init.cpp HelpMessage. */
export interface MempoolSettings {
  /** Sum of the places' costs above which somebody has to leave: -mempooltxcostlimit. */
  readonly costLimit: number;
  /** For which an evicted transaction is not taken again: -mempoolevictionmemoryminutes. */
  readonly evictionMemorySeconds: number;
  /** -limitfreerelay. */
  readonly freeRelayThousandBytesPerMinute: number;
  /** Whether transactions that pay next to nothing need priority: -relaypriority. */
  readonly requirePriority: boolean;
  /** Undefined: no limit: -mempooltxinputlimit. */
  readonly maxInputsBeforeAcadia: number | undefined;
}

/** What a node does whose operator set nothing. */
export const DEFAULT_MEMPOOL_SETTINGS: MempoolSettings = {
  costLimit: 80_000_000,
  evictionMemorySeconds: 60 * 60,
  freeRelayThousandBytesPerMinute: 500,
  requirePriority: false,
  maxInputsBeforeAcadia: undefined,
};
