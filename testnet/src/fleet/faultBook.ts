import { describeFault, kindOf } from "./faults.ts";
import type { FaultInput } from "./testnetSchema.ts";

/** A fault that was done to a testnet. Times are milliseconds after the nodes were ready. */
export interface DoneFault {
  readonly kind: ReturnType<typeof kindOf>;
  /** As describeFault has it. */
  readonly text: string;
  /** Nodes that do not hear the others: a list for each group that stands alone. */
  readonly cutOff: readonly (readonly number[])[];
  /** Nodes that it befalls; empty: links between any. */
  readonly nodes: readonly number[];
  readonly from: number;
  /** Undefined: it is in force. */
  readonly to: number | undefined;
}

type Kind = DoneFault["kind"];

/** What "heal" and "start" put in order. */
const OF_LINKS: ReadonlySet<Kind> = new Set<Kind>(["partition", "cut", "links", "packets", "unplug"]);
const OF_PROCESSES: ReadonlySet<Kind> = new Set<Kind>(["kill", "stop", "wipe"]);
/** Over as soon as they are done. */
const MOMENTARY: ReadonlySet<Kind> = new Set<Kind>(["reset", "heal", "start", "upgrade"]);

/** Keeps which faults a testnet had, and which are in force. */
export class FaultBook {
  readonly #faults: DoneFault[] = [];

  get faults(): readonly DoneFault[] {
    return this.#faults;
  }

  /** A fault was done; gives its place in the book. `from`: when that began, `now`: when it was done. */
  begin(fault: FaultInput, from: number, now: number): number {
    const kind = kindOf(fault);
    if (kind === "heal") this.#endWhere(now, (each) => OF_LINKS.has(each.kind));
    const started = fault.start;
    if (started !== undefined)
      this.#endWhere(
        now,
        ({ kind, nodes }) => OF_PROCESSES.has(kind) && nodes.every((node) => started.includes(node)),
      );
    this.#faults.push({
      ...{ kind, text: describeFault(fault), cutOff: cutOff(fault), nodes: nodesOf(fault), from },
      to: MOMENTARY.has(kind) ? from : undefined,
    });
    return this.#faults.length - 1;
  }

  /** The fault at this place is in order again, unless it was before. */
  end(place: number, now: number): void {
    this.#faults[place] = { ...this.#faults[place]!, to: this.#faults[place]!.to ?? now };
  }

  #endWhere(now: number, which: (fault: DoneFault) => boolean): void {
    for (const [place, fault] of this.#faults.entries()) if (which(fault)) this.end(place, now);
  }
}

function cutOff({ partition, unplug }: FaultInput): DoneFault["cutOff"] {
  if (unplug !== undefined) return unplug.map((node) => [node]);
  return partition ?? [];
}

function nodesOf(fault: FaultInput): readonly number[] {
  const { partition, cut, links, packets, reset, clock, hashRate } = fault;
  const flat =
    partition?.flat() ??
    (cut && [...cut.from, ...cut.to]) ??
    (links?.between ?? packets?.between ?? reset)?.flat() ??
    (clock ?? hashRate)?.nodes ??
    [];
  const named = [fault.unplug, fault.pause, fault.kill, fault.stop, fault.start, fault.wipe];
  const more = [fault.upgrade, fault.downgrade, fault.fullDisk];
  return [...new Set([...flat, ...[...named, ...more].flatMap((nodes) => nodes ?? [])])].sort(
    (a, b) => a - b,
  );
}
