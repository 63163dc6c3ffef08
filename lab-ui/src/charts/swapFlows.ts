// Swaps between chains as ribbons: from the chains that coins were locked on, at the left, to those they are unlocked on, at the right.

/** One flow's FLUX up to a moment. */
export interface FlowAmounts {
  readonly source: string;
  readonly target: string;
  readonly unlocked: number;
  /** Locked, and neither unlocked nor given back. */
  readonly inFlight: number;
}

/** The box, room for names at either side, and what each chain has of its height whatever moves. */
interface FlowView {
  readonly width: number;
  readonly height: number;
  readonly names: number;
  readonly slot: number;
}

interface FlowBar {
  readonly chain: string;
  /** All of it, and the part that is in flight. */
  readonly amount: number;
  readonly inFlight: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface FlowRibbon extends FlowAmounts {
  /** Of what was unlocked, and below it of what is in flight. */
  readonly path: string;
  readonly flightPath: string;
}

interface FlowGeometry {
  readonly sources: readonly FlowBar[];
  readonly targets: readonly FlowBar[];
  readonly ribbons: readonly FlowRibbon[];
}

/** Pixels of a bar. */
const BAR = 12;

const allOf = (flows: readonly FlowAmounts[]): number =>
  flows.reduce((sum, { unlocked, inFlight }) => sum + unlocked + inFlight, 0);

/**
 * Lays flows out, chains in the order of `chains`.
 * @param last the same flows at the end of the run, which fill the box: chains keep their places while their bars grow
 */
export function flowGeometry(
  flows: readonly FlowAmounts[],
  last: readonly FlowAmounts[],
  chains: readonly string[],
  { width, height, names, slot }: FlowView,
): FlowGeometry {
  const chainsOf = (side: "source" | "target") =>
    chains.filter((chain) => last.some((flow) => flow[side] === chain));
  const slots = Math.max(chainsOf("source").length, chainsOf("target").length) * slot;
  const scale = (height - slots) / Math.max(allOf(last), 1e-9);
  const [left, right] = [names, Math.max(width - names, names + 3 * BAR)];
  const column = (side: "source" | "target", x: number) => {
    let y = 0;
    return chainsOf(side).map((chain): FlowBar => {
      const at = (all: readonly FlowAmounts[]) => all.filter((flow) => flow[side] === chain);
      const mine = at(flows);
      const amount = allOf(mine);
      const inFlight = mine.reduce((sum, flow) => sum + flow.inFlight, 0);
      const bar = { chain, amount, inFlight, x, y, width: BAR, height: amount * scale };
      y += slot + allOf(at(last)) * scale;
      return bar;
    });
  };
  const [sources, targets] = [column("source", left - BAR), column("target", right)];
  const begins = new Map(sources.map(({ chain, y }) => [chain, y]));
  const ends = new Map(targets.map(({ chain, y }) => [chain, y]));
  const take = (free: Map<string, number>, chain: string, size: number): number => {
    const at = free.get(chain)!;
    free.set(chain, at + size);
    return at;
  };
  const ribbons = flows.map((flow): FlowRibbon => {
    const [paid, open] = [flow.unlocked * scale, flow.inFlight * scale];
    const from = take(begins, flow.source, paid + open);
    const to = take(ends, flow.target, paid + open);
    return {
      ...flow,
      path: ribbon([left, from], [right, to], paid),
      flightPath: ribbon([left, from + paid], [right, to + paid], open),
    };
  });
  return { sources, targets, ribbons };
}

type Corner = readonly [x: number, y: number];

/** From one upper left corner to another, `size` high all the way. */
function ribbon([x0, y0]: Corner, [x1, y1]: Corner, size: number): string {
  if (!(size > 0)) return "";
  const middle = (x0 + x1) / 2;
  const there = `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
  return `${there}V${y1 + size}C${middle} ${y1 + size} ${middle} ${y0 + size} ${x0} ${y0 + size}Z`;
}
