import type { Params } from "@fluxlab/core";
import type { PathFault } from "../net/linkFaults.ts";
import type { Disk } from "../world/nodeStart.ts";
import type { Upkeep } from "../world/payingNodes.ts";

// What may go wrong in a world of full nodes, as numbers. The scenario's words for it are in scenario/faultSchema.ts.

/** When a fault begins and ends, microseconds of the world, and whom it befalls. */
export interface FaultSpan {
  readonly start: number;
  readonly end: number;
  readonly nodes: readonly number[];
}

/** Troubles of links: between the nodes and everybody, or between them and the others. */
export type LinkFault = FaultSpan & {
  readonly kind: "link";
  readonly trouble: PathFault;
  /** "within": on all messages of the nodes; "around": on those that leave the group ("out"), enter it ("in"), or both. */
  readonly where: "within" | "around";
  readonly direction: "both" | "in" | "out";
  /** With these the nodes still speak; only for "around". */
  readonly except: readonly number[];
};

/** The nodes' processes end at the start and begin again at the end. */
export type CrashFault = FaultSpan & { readonly kind: "crash"; readonly disk: Disk };

/** The nodes stand still, and go on where they were. */
export type PauseFault = FaultSpan & { readonly kind: "pause" };

/** A block costs so many microseconds. */
export type SlowDiskFault = FaultSpan & { readonly kind: "slowDisk"; readonly blockTime: number };

/** Clocks are off by so many microseconds, and drift by so many a second. `stays`: they are not set right at the end. */
export type ClockFault = FaultSpan & {
  readonly kind: "clock";
  readonly offset: number;
  readonly drift: number;
  readonly stays: boolean;
};

/** The nodes, which kept to old rules so far, start again under the new ones; undefined: they never do. */
export type UpgradeFault = FaultSpan & { readonly kind: "upgrade"; readonly params: Params | undefined };

/** Nodes that break rules or manners. */
export type ByzantineFault = FaultSpan & {
  readonly kind: "byzantine";
  readonly behaviour:
    | "invalidBlocks"
    | "withholding"
    | "selfishMining"
    | "headerSpam"
    | "txSpam"
    | "equivocation";
};

/** Miners do not stamp their blocks with their clocks' time, but with the first or the last that rules allow. */
export type TimestampFault = FaultSpan & { readonly kind: "timestamps"; readonly stamp: "early" | "late" };

/** Hash rates of the nodes become so many times what they were. */
export type PowerFault = FaultSpan & { readonly kind: "power"; readonly times: number };

/** What operators of FluxNodes do: on the nodes, all of them. */
export type OperatorFault = FaultSpan & {
  readonly kind: "operators";
  /** "idle": no FluxNode is looked after, or every benchmark fails; "spend": collaterals are sold. */
  readonly act: "idle" | "spend";
};

/** The coin's price drives operators of FluxNodes out or in. */
export type PriceFault = FaultSpan & { readonly kind: "price"; readonly upkeep: Upkeep };

/** Swaps between chains go wrong; the nodes do not matter. */
export type SwapFault = FaultSpan & {
  readonly kind: "swaps";
  readonly act: "doubleLocks" | "staleRelayer";
};

export type Fault =
  | LinkFault
  | CrashFault
  | PauseFault
  | SlowDiskFault
  | ClockFault
  | UpgradeFault
  | ByzantineFault
  | TimestampFault
  | PowerFault
  | OperatorFault
  | PriceFault
  | SwapFault;

/** What happens to the world when a fault begins, and when it ends. */
export interface Injection {
  begin(): void;
  end(): void;
}
