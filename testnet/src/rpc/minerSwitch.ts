/** Whether the built-in miner runs, and how to tell it to. */
export interface MinerSwitch {
  readonly running: boolean;
  /** As setgenerate was told; -1: one a core. */
  readonly threads: number;
  /** Solutions of the puzzle a second, lately; 0 while it does not run. */
  readonly solutionRate: number;
  /** @throws RpcError where this network's blocks are not searched for */
  set(running: boolean, threads: number): void;
}
