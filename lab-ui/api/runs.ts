// What the lab's server and its page say to each other of recorded runs. Types alone: see ARCHITECTURE.md, "The page".
//
//   GET api/runs                        StoredRun[]
//   GET api/runs/NAME                   the record, as it lies in run.json
//   GET api/runs/NAME/testnet           TestnetFrame: what the nodes of a testnet observed
//   GET api/runs/NAME/verification      StoredVerification
//
// What goes wrong is answered with status 4xx and { error }.

/** A run in the server's folder of runs. */
export interface StoredRun {
  /** Folder name. */
  readonly name: string;
  readonly title: string;
  readonly question?: string;
  /** Who played it: the simulator at one of its fidelities, or real nodes. */
  readonly kind: "economy" | "network" | "relay" | "testnet";
  readonly seed: string;
  readonly blocks: number;
  /** Empty for testnets that left no record. */
  readonly digest: string;
  /** Whether simulations of the same scenario lie beside it. */
  readonly isVerified: boolean;
  /** Whether it has a report. */
  readonly hasReport: boolean;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

/** What goes wrong. */
export interface ApiFailure {
  readonly error: string;
}

/** Typed columns as JSON has them. */
export type Plain<T> = T extends
  | Float64Array
  | Uint32Array
  | Int32Array
  | Uint16Array
  | Uint8Array
  | readonly number[]
  ? readonly number[]
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T;
