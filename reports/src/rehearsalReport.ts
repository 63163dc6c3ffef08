import { TIERS } from "@fluxlab/core";
import { type Judgement, nodeRanges, type RehearsalReport } from "@fluxlab/sim";
import type { RunAbout } from "./about.ts";
import { grouped } from "./format.ts";
import { code, details, pairs, paragraph, type Section, strong, table } from "./html/components.ts";
import { page } from "./html/page.ts";
import { type Content, element } from "./markup.ts";
import { TIER_NAME } from "./names.ts";
import { adoptionSection, checklistSection } from "./sections/adoption.ts";

// The report of an upgrade's rehearsal: the verdict and its reasons first, then what happened.

/** Everything a rehearsal leaves on disk but its run. */
export const rehearsalFiles = (report: RehearsalReport, about: RunAbout): ReadonlyMap<string, string> =>
  new Map([
    ["rehearsal.html", rehearsalHtml(report, about)],
    ["rehearsal.json", `${JSON.stringify({ ...report, about }, undefined, 2)}\n`],
  ]);

const rehearsalHtml = (report: RehearsalReport, about: RunAbout): string =>
  page(`${report.title}: ${report.verdict}`, opening(report), [
    ...report.judgements.slice(-1).map(checklistSection),
    ...adoptionOf(report),
    rollout(report),
    chains(report),
    payments(report),
    states(report),
    trials(report),
    repeat(report, about),
  ]);

function adoptionOf({ adoption, nodes }: RehearsalReport): Section[] {
  const section = adoption && adoptionSection(adoption, nodes);
  return section === undefined ? [] : [section];
}

const seconds = (time: number | undefined): string => (time === undefined ? "–" : `${time.toFixed(1)} s`);

function opening(report: RehearsalReport): Content[] {
  const last = report.judgements.at(-1);
  const where = report.on === "simulator" ? "in the simulator" : "on real nodes";
  return [
    element("p", { class: "eyebrow" }, `Flux Lab · rehearsal ${where} · ${grouped(report.nodes)} nodes`),
    element("h1", {}, report.title),
    element(
      "div",
      { class: "answer" },
      paragraph(
        strong(report.verdict),
        ` for ${report.new} (${report.upgrade} at height ${report.activation}).`,
      ),
      last === undefined ? undefined : reasons(last),
    ),
  ];
}

const reasons = ({ reasons: all, best }: Judgement): Content =>
  all.length === 0
    ? paragraph(`Every node is on the chain of the new rules, at height ${best?.height ?? "–"}.`)
    : element(
        "ul",
        {},
        all.map(({ what, nodes }) =>
          element(
            "li",
            {},
            nodes.length === 0 ? what : `${grouped(nodes.length)} nodes ${what}: ${nodeRanges(nodes)}`,
          ),
        ),
      );

function rollout({ planned, upgrades, judgements }: RehearsalReport): Section {
  const before = upgrades.filter((at) => at === 0).length;
  const rows = upgrades.flatMap((at, node): Content[][] =>
    at === 0
      ? []
      : [
          [
            `node ${node}`,
            ...[planned[node] ?? null, at].map((time) => (time === null ? "not in this run" : seconds(time))),
          ],
        ],
  );
  return {
    id: "roll-out",
    title: "Who upgraded when",
    body: [
      paragraph(
        `${grouped(before)} of ${grouped(upgrades.length)} nodes had the new version from the beginning.`,
      ),
      table({
        caption: "Verdicts along the way",
        head: ["After", "Height", "Verdict", "Reasons"],
        rows: judgements.map(({ at, best, verdict, reasons: all }) => [
          seconds(at),
          best?.height ?? "–",
          verdict,
          all
            .map(({ what, nodes }) => `${nodes.length === 0 ? "" : `${nodes.length} nodes `}${what}`)
            .join("; "),
        ]),
        text: [2, 3],
      }),
      rows.length === 0
        ? undefined
        : details(
            "The others, one by one",
            table({ caption: "Upgraded after", head: ["Node", "Planned", "Ran it after"], rows }),
          ),
    ],
  };
}

function chains({ judgements, broken }: RehearsalReport): Section {
  const rows = judgements.flatMap(({ at, splits }) =>
    splits.map(({ height, nodes, tip, tipHeight }): Content[] => [
      seconds(at),
      height,
      tipHeight,
      grouped(nodes.length),
      code(tip.slice(0, 16)),
      nodeRanges(nodes),
    ]),
  );
  return {
    id: "chains",
    title: "Where chains parted",
    body: [
      rows.length === 0
        ? paragraph("No node was on another chain when somebody looked.")
        : table({
            caption: "Nodes on other chains",
            head: ["Seen after", "Last common height", "Their height", "Nodes", "Their tip", "Which"],
            rows,
            text: [4, 5],
          }),
      broken === undefined
        ? paragraph("Judged afresh, the chain of the new rules breaks none of them.")
        : paragraph(strong(`The chain breaks ${broken.rule} at height ${broken.height}.`)),
    ],
  };
}

const payments = ({ missed, pace }: RehearsalReport): Section => ({
  id: "payments",
  title: "What FluxNodes lost",
  body: [
    paragraph(
      "Missed are turns since the activation that FluxNodes lost because they had left their queue, against a queue in which all stay. Payments on chains that died are worth nothing.",
    ),
    pace === undefined
      ? undefined
      : paragraph(
          `Since the activation ${grouped(pace.made)} blocks were made where the spacing asks for ${grouped(pace.due)}: each block that is not made is a payment less to each tier.`,
        ),
    missed === undefined
      ? paragraph("There is no chain of the new rules.")
      : table({
          caption: "Payments by tier",
          head: ["Tier", "Missed", "FluxNodes that missed any", "On chains that died"],
          rows: TIERS.map((tier) => [
            TIER_NAME[tier],
            missed[tier].missed,
            missed[tier].losers.length,
            missed[tier].onDeadChains,
          ]),
        }),
  ],
});

const states = ({ states: all }: RehearsalReport): Section => ({
  id: "states",
  title: "The state before and after",
  body: [
    table({
      caption: "Digest of the whole state",
      head: ["After height", "Digest by replay", "Nodes that agree", "Nodes that do not"],
      rows: all.map(({ height, digest, agree, differ }) => [
        height,
        code(digest),
        agree ?? "not asked",
        differ === undefined ? "not asked" : differ.length === 0 ? "none" : nodeRanges(differ),
      ]),
      text: [1, 3],
    }),
  ],
});

const trials = ({ restart, rollback, resources }: RehearsalReport): Section => ({
  id: "trials",
  title: "Restart, rollback, resources",
  body: [
    pairs([
      [
        "Restarted at the activation",
        restart === undefined
          ? "the block did not come"
          : `node ${restart.node}: next block ${seconds(restart.nextBlockAfter)} later, ${restart.onChain ? "on the chain" : "not on the chain"}`,
      ],
      [
        "Put back to the old version",
        rollback === undefined
          ? "not tried"
          : `node ${rollback.node}: back to height ${rollback.backTo}, then on ${rollback.tip.slice(0, 16)} at ${rollback.tipHeight}; upgraded again ${rollback.rejoined ? "it is on the chain" : "it is not on the chain"}`,
      ],
      [
        "Time",
        `${seconds(resources.wallSeconds)} for ${seconds(resources.simulatedSeconds)} of the network's`,
      ],
      ["Processes", `${resources.processes}`],
      [
        "Most memory of one",
        resources.mostMegabytes === undefined ? "not known" : `${resources.mostMegabytes} MB`,
      ],
      ...(resources.allMegabytes === undefined
        ? []
        : [["Memory of all nodes at their peaks", `${resources.allMegabytes} MB`] as const]),
      ...(resources.diskMegabytes === undefined
        ? []
        : [["Largest data folder", `${resources.diskMegabytes.toFixed(1)} MB`] as const]),
    ]),
  ],
});

const repeat = ({ seed }: RehearsalReport, { command, commit, version }: RunAbout): Section => ({
  id: "repeat",
  title: "How to repeat this",
  body: [
    element("pre", { tabindex: "0" }, element("code", {}, command)),
    pairs([
      ["Commit", code(commit)],
      ["Version", version],
      ["Seed", code(`${seed}`)],
    ]),
  ],
});
