import type { RunRecord, SpreadRecord } from "@fluxlab/sim";
import { formatScenario } from "@fluxlab/sim/scenario";
import type { RunAbout } from "../about.ts";
import { duration, grouped } from "../format.ts";
import { code, details, pairs, paragraph, type Section } from "../html/components.ts";
import { type Content, element } from "../markup.ts";

type Fact = readonly [name: string, value: Content];

/** Of a run of an economy. */
export function repeatSection(record: RunRecord, about: RunAbout): Section {
  const { firstHeight, lastHeight } = record;
  return howToRepeat(record, about, [
    ["Network", record.networkName],
    ["Rules", code(record.rulesId)],
    [
      "Heights",
      `${grouped(firstHeight)} to ${grouped(lastHeight)}, ${grouped(lastHeight - firstHeight + 1)} blocks`,
    ],
    ["Recorded heights", grouped(record.samples.height.length)],
  ]);
}

/** Of a run of nodes or of relaying. */
export const spreadRepeatSection = (record: SpreadRecord, about: RunAbout): Section =>
  howToRepeat(record, about, [
    ...(record.rulesId === undefined ? [] : [["Rules", code(record.rulesId)] as const]),
    ["Events", grouped(record.events)],
    ["Simulated time", duration(record.seconds)],
  ]);

/** What says which run it was, then what only its kind has. */
function howToRepeat(
  { digest, seed, scenario, fidelity, scenarioHash }: RunRecord | SpreadRecord,
  { command, commit, version }: RunAbout,
  facts: readonly Fact[],
): Section {
  return {
    id: "repeat",
    title: "How to repeat this",
    body: [
      paragraph(
        "A run is its commit, its scenario and its seed. Whoever has the three gets the same digest on any machine.",
      ),
      element("pre", { tabindex: "0" }, element("code", {}, command)),
      pairs([
        ["Run digest", code(digest)],
        ["Commit", code(commit)],
        ["Version", version],
        ["Seed", code(seed)],
        ["Scenario", `${scenario.name}, ${fidelity} fidelity`],
        ["Scenario hash", code(scenarioHash)],
        ...facts,
      ]),
      details(
        "The scenario as YAML",
        element("pre", { tabindex: "0" }, element("code", {}, formatScenario(scenario))),
      ),
    ],
  };
}
