import type { BridgeReorgRow, RunRecord } from "@fluxlab/sim";
import { countWord, duration, grouped, listed, trimmedFlux } from "../format.ts";
import { details, note, paragraph, type Section, table } from "../html/components.ts";
import { type Content, element, type Markup } from "../markup.ts";
import { type Bridge, bridgeCells, holdingFrom, INVARIANT_NAME } from "../metrics/bridge.ts";

/** Confirmations against depths of reorganisation: what each pair leaves without backing. Undefined without a bridge. */
export function bridgeSection({ bridge }: RunRecord): Section | undefined {
  if (bridge === undefined) return undefined;
  return {
    id: "bridge",
    title: "Swaps against reorganisations",
    body: [
      paragraph(
        `Every block of ${bridge.source}, one every ${duration(bridge.blockSeconds)}, locks ${trimmedFlux(bridge.lockAmount)} FLUX, and ${bridge.target} pays as soon as the lock has its confirmations. Then the latest blocks of ${bridge.source} are replaced and none of their locks come back. Each pair is played on the ledger of the parallel assets.`,
      ),
      shortfallTable(bridge),
      note(
        element("span", { class: "cell holds" }, "0"),
        ": every lock that was paid is still there. ",
        element("span", { class: "cell breaks" }, "above 0"),
        `: so much is paid on ${bridge.target} and locked nowhere; invariant 2 is broken by that amount, and the ledger reports it.`,
      ),
      depthNote(bridge),
      costTable(bridge),
      note(
        `To replace k blocks an attacker makes k + 1, each at ${trimmedFlux(bridge.blockCost)} FLUX. The attack pays from the break-even on: the amount that must be locked in each exposed block.`,
      ),
      details("Every pair", pairTable(bridge)),
    ],
  };
}

function depthNote({ deepestFollowed, source }: Bridge): Content {
  if (deepestFollowed === undefined) return undefined;
  return note(
    `Nodes of ${source} let in no new branch that replaces more than ${grouped(deepestFollowed)} blocks; one that they have followed all along may win from deeper.`,
  );
}

const shortfallTable = (bridge: Bridge): Markup =>
  table({
    caption: `FLUX without backing, by confirmations (N, rows) and replaced blocks (k, columns)`,
    head: ["Confirmations", ...bridge.depths.map((depth) => `k = ${grouped(depth)}`)],
    rows: bridgeCells(bridge).map(([n, pairs]): Content[] => [`N = ${grouped(n)}`, ...pairs.map(cell)]),
  });

/** Its text says what its colour says. */
const cell = ({ shortfall }: BridgeReorgRow): Markup =>
  element("span", { class: shortfall === 0n ? "cell holds" : "cell breaks" }, trimmedFlux(shortfall));

/** The cheapest reorganisation that breaks each number of confirmations. */
const costTable = (bridge: Bridge): Markup =>
  table({
    caption: "The shallowest reorganisation tried that breaks a swap",
    head: ["Confirmations", "Wait", "Replaced blocks", "Attack costs, FLUX", "Break-even a block, FLUX"],
    rows: bridgeCells(bridge).map(([n, pairs]): Content[] => {
      const first = pairs.find(({ shortfall }) => shortfall > 0n);
      const wait = duration(n * bridge.blockSeconds);
      if (first === undefined) return [`N = ${grouped(n)}`, wait, "none tried", "–", "–"];
      const { depth, attackCost, breakEven } = first;
      return [
        `N = ${grouped(n)}`,
        wait,
        grouped(depth),
        trimmedFlux(attackCost),
        trimmedFlux(breakEven ?? 0n),
      ];
    }),
  });

const pairTable = ({ pairs }: Bridge): Markup =>
  table({
    caption: "Every pair of confirmations and replaced blocks",
    head: [
      "N",
      "k",
      "Exposed blocks",
      "Exposed for",
      "Without backing, FLUX",
      "Attack costs, FLUX",
      "Break-even, FLUX",
      "Broken",
    ],
    text: [7],
    rows: pairs.map((pair): Content[] => [
      grouped(pair.confirmations),
      grouped(pair.depth),
      grouped(pair.exposedBlocks),
      pair.exposedBlocks === 0 ? "–" : duration(pair.exposedMs / 1_000),
      trimmedFlux(pair.shortfall),
      trimmedFlux(pair.attackCost),
      pair.breakEven === undefined ? "–" : trimmedFlux(pair.breakEven),
      listed(pair.broken.map((invariant) => INVARIANT_NAME[invariant])),
    ]),
  });

/** The table in a sentence. */
export function bridgeSentence(bridge: Bridge): string {
  const { pairs, source, target } = bridge;
  const short = pairs.filter(({ shortfall }) => shortfall > 0n);
  const [worst] = short.toSorted((a, b) => (a.shortfall < b.shortfall ? 1 : -1));
  if (worst === undefined)
    return `None of the ${countWord(pairs.length)} pairs tried leaves a swap from ${source} to ${target} without backing.`;
  const rule = pairs.every(({ confirmations, depth, shortfall }) => shortfall > 0n === depth >= confirmations)
    ? "just those in which the reorganisation has as many blocks as the lock had confirmations, or more"
    : "not only those in which the reorganisation has as many blocks as the lock had confirmations";
  const enough = holdingFrom(bridge);
  const hold =
    enough === undefined ? "none of the confirmations tried holds" : `${grouped(enough)} confirmations hold`;
  return `Of ${grouped(pairs.length)} pairs of confirmations and replaced blocks ${grouped(short.length)} leave swaps from ${source} to ${target} without backing: ${rule}. The worst, ${grouped(worst.confirmations)} against ${grouped(worst.depth)}, leaves ${trimmedFlux(worst.shortfall)} FLUX; against every depth tried ${hold}.`;
}
