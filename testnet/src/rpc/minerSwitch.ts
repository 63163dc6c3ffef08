/** Whether the built-in miner runs, and how to tell it to. */
export interface MinerSwitch {
  readonly running: boolean;
  /** As setgenerate was told; -1: one a core. */
  readonly threads: number;
  set(running: boolean, threads: number): void;
}
