import type { RunRecord } from "@fluxlab/sim";
import type { RunAbout } from "./about.ts";
import { page } from "./html/page.ts";
import { bridgeSection } from "./sections/bridge.ts";
import { chainLifeSection } from "./sections/chainLife.ts";
import { fairnessSection } from "./sections/fairness.ts";
import { fusionSection } from "./sections/fusion.ts";
import { opening } from "./sections/opening.ts";
import { parallelAssetsSection } from "./sections/parallelAssets.ts";
import { payoutSection } from "./sections/payout.ts";
import { queuesSection } from "./sections/queues.ts";
import { receiversSection } from "./sections/receivers.ts";
import { repeatSection } from "./sections/repeat.ts";
import { roiSection } from "./sections/roi.ts";
import { shocksSection } from "./sections/shocks.ts";
import { supplySection } from "./sections/supply.ts";
import { waitsSection } from "./sections/waits.ts";

/** The run as one HTML file that needs nothing else: no script, no request, no font. */
export function reportHtml(record: RunRecord, about: RunAbout): string {
  const bridge = bridgeSection(record);
  const fusion = fusionSection(record);
  const shocks = shocksSection(record);
  return page(record.scenario.title, opening(record), [
    ...(bridge === undefined ? [] : [bridge]),
    ...(fusion === undefined ? [] : [fusion]),
    ...(shocks === undefined ? [] : [shocks]),
    supplySection(record),
    payoutSection(record),
    waitsSection(record),
    fairnessSection(record),
    queuesSection(record),
    roiSection(record),
    receiversSection(record),
    parallelAssetsSection(record),
    chainLifeSection(record),
    repeatSection(record, about),
  ]);
}
