import type { Params } from "@fluxlab/core";
import type { Fault, LabWorld } from "@fluxlab/sim";
import type { FaultInput, TestnetScenario } from "./testnetSchema.ts";
import { FAULT_KINDS } from "./testnetSchema.ts";
import { parseTime } from "./times.ts";

/** A scenario's faults as the simulator has them, and those that it has nothing like. */
export interface SimulatedFaults {
  readonly faults: readonly Fault[];
  /** For people: "faults[2] (reset)". */
  readonly leftOut: readonly string[];
}

type Span = Pick<Fault, "start" | "end">;

/** Microseconds of a time of a testnet. */
const micros = (time: string): number => Math.round(parseTime(time)! * 1_000);

/** Rules that nodes keep to. */
interface Rules {
  readonly params: Params;
  /** Undefined: there are none but the newest. */
  readonly old: Params | undefined;
}

/** The same trouble in the simulator. What has no end lasts as long as the run. */
export function simulatedFaults(scenario: TestnetScenario, { plan }: LabWorld): SimulatedFaults {
  const rules = { params: plan.params, old: plan.late?.params };
  const end = micros(scenario.run);
  const faults: Fault[] = [];
  const leftOut: string[] = [];
  for (const [i, fault] of scenario.faults.entries()) {
    const start = micros(fault.at ?? "0 s");
    const span = { start, end: fault.for === undefined ? end : Math.min(end, start + micros(fault.for)) };
    const same = simulated(fault, span, scenario, rules);
    if (same === undefined)
      leftOut.push(`faults[${i}] (${FAULT_KINDS.filter((kind) => kind in fault).join()})`);
    else faults.push(...same);
  }
  return { faults, leftOut };
}

/** Undefined: the simulator has nothing like it. */
function simulated(
  fault: FaultInput,
  span: Span,
  { nodes: count, hashRate }: TestnetScenario,
  { params, old }: Rules,
): Fault[] | undefined {
  const others = (nodes: readonly number[]) =>
    Array.from({ length: count }, (_, node) => node).filter((node) => !nodes.includes(node));
  if (fault.partition !== undefined) {
    return fault.partition.map((nodes) => around(nodes, "both", [], span));
  }
  if (fault.cut !== undefined) {
    const { from, to } = fault.cut;
    return [around(from, "out", others([...from, ...to]), span)];
  }
  if (fault.links !== undefined) return linkTroubles(fault.links, count, span);
  if (fault.pause !== undefined) return [{ kind: "pause", nodes: fault.pause, ...span }];
  const down = fault.kill ?? fault.stop;
  if (down !== undefined) return [{ kind: "crash", disk: { kind: "whole" }, nodes: down, ...span }];
  if (fault.wipe !== undefined)
    return [{ kind: "crash", disk: { kind: "wiped" }, nodes: fault.wipe, ...span }];
  if (fault.clock !== undefined) {
    const { nodes, offset } = fault.clock;
    const sign = offset.startsWith("-") ? -1 : 1;
    return [
      {
        ...{ kind: "clock", nodes, drift: 0, stays: false },
        ...{ offset: sign * micros(offset.replace(/^-/, "")), ...span },
      },
    ];
  }
  if (fault.upgrade !== undefined)
    return [{ kind: "upgrade", nodes: fault.upgrade, params, start: span.start, end: span.start }];
  if (fault.downgrade !== undefined && old !== undefined) {
    const { start, end } = span;
    return [
      { kind: "upgrade", nodes: fault.downgrade, params: old, start, end: start },
      ...(fault.for === undefined
        ? []
        : [{ kind: "upgrade" as const, nodes: fault.downgrade, params, start: end, end }]),
    ];
  }
  if (fault.hashRate !== undefined) return powers(fault.hashRate, hashRate, span);
  return undefined;
}

const around = (
  nodes: readonly number[],
  direction: "both" | "out",
  except: readonly number[],
  span: Span,
): Fault => ({ kind: "link", where: "around", direction, except, nodes, trouble: { cut: true }, ...span });

/** The simulator's troubles are on all messages of a set of nodes, not on pairs. */
function linkTroubles(
  { between, ...trouble }: NonNullable<FaultInput["links"]>,
  count: number,
  span: Span,
): Fault[] | undefined {
  if (between !== undefined || trouble.resetPerMillion !== undefined) return undefined;
  const { latency, jitter, lossPerMillion, duplicatedPerMillion, bytesPerSecond } = trouble;
  const all = Array.from({ length: count }, (_, node) => node);
  return [
    {
      ...{ kind: "link", where: "within", direction: "both", except: [], nodes: all, ...span },
      trouble: {
        ...(latency === undefined ? {} : { delay: micros(latency) }),
        ...(jitter === undefined ? {} : { jitter: micros(jitter) }),
        ...(lossPerMillion === undefined ? {} : { lostPerMillion: lossPerMillion }),
        ...(duplicatedPerMillion === undefined ? {} : { duplicatedPerMillion }),
        ...(bytesPerSecond === undefined || bytesPerSecond === 0 ? {} : { bandwidth: bytesPerSecond * 8 }),
      },
    },
  ];
}

/** There a rate is a whole number of times what it was. */
function powers(
  { nodes, weight }: NonNullable<FaultInput["hashRate"]>,
  planned: readonly number[] | undefined,
  span: Span,
): Fault[] | undefined {
  const times = nodes.map((node) => weight / (planned?.[node] ?? 1));
  if (!times.every(Number.isInteger)) return undefined;
  return nodes.map((node, i) => ({ kind: "power", times: times[i]!, nodes: [node], ...span }));
}
