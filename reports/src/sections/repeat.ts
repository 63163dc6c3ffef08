import type { RunRecord } from "@fluxlab/sim";
import { formatScenario } from "@fluxlab/sim/scenario";
import type { RunAbout } from "../about.ts";
import { grouped } from "../format.ts";
import { code, details, pairs, paragraph, type Section } from "../html/components.ts";
import { element } from "../markup.ts";

export function repeatSection(record: RunRecord, about: RunAbout): Section {
  const { firstHeight, lastHeight } = record;
  return {
    id: "repeat",
    title: "How to repeat this",
    body: [
      paragraph(
        "A run is its commit, its scenario and its seed. Whoever has the three gets the same digest on any machine.",
      ),
      element("pre", { tabindex: "0" }, element("code", {}, about.command)),
      pairs([
        ["Run digest", code(record.digest)],
        ["Commit", code(about.commit)],
        ["Version", about.version],
        ["Seed", code(record.seed)],
        ["Scenario", `${record.scenario.name}, ${record.fidelity} fidelity`],
        ["Scenario hash", code(record.scenarioHash)],
        ["Network", record.networkName],
        ["Rules", code(record.rulesId)],
        [
          "Heights",
          `${grouped(firstHeight)} to ${grouped(lastHeight)}, ${grouped(lastHeight - firstHeight + 1)} blocks`,
        ],
        ["Recorded heights", grouped(record.samples.height.length)],
      ]),
      details(
        "The scenario as YAML",
        element("pre", { tabindex: "0" }, element("code", {}, formatScenario(record.scenario))),
      ),
    ],
  };
}
