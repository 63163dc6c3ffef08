import type { RunRecord } from "@fluxlab/sim";
import { barChart } from "../charts/barChart.ts";
import { exactFlux, percent } from "../format.ts";
import { figure, paragraph, type Section } from "../html/components.ts";
import type { Content } from "../markup.ts";
import { issued, type Receipt, receipts } from "../metrics/issuance.ts";
import { TIER_NAME } from "../names.ts";
import { bothWidths } from "./context.ts";

const NAME: Readonly<Record<Receipt["receiver"], string>> = {
  ...TIER_NAME,
  producers: "Block producers",
  devFund: "Dev fund",
  funds: "Special funds",
};

export function receiversSection(record: RunRecord): Section {
  const received = receipts(record);
  const total = issued(record);
  const bars = received.map(({ receiver, share }) => ({
    name: NAME[receiver],
    className: receiver in TIER_NAME ? receiver : "other",
    parts: [share],
    value: percent(share),
  }));
  const title = "Who got the coins";
  const rows = received.map(({ receiver, amount, share }): Content[] => [
    NAME[receiver],
    exactFlux(amount),
    percent(share, 3),
  ]);
  const data = {
    caption: "Coins created in the run, by receiver",
    head: ["Receiver", "FLUX", "Part"],
    rows: [...rows, ["All", exactFlux(total), percent(total === 0n ? 0 : 1, 3)]],
  };
  const described = bars.map(({ name, value }) => `${name} ${value}`).join(", ");
  return {
    id: "receivers",
    title,
    body: [
      paragraph(
        `The run's coinbases created ${exactFlux(total)} FLUX. Special funds are the exchange, foundation and swap-pool payments due in single blocks.`,
      ),
      figure({
        caption: "Part of the coins created in the run, by receiver",
        drawing: bothWidths("receivers-chart", (id, width) =>
          barChart({ id, title, description: `${described}.` }, width, bars),
        ),
        data,
        shown: true,
      }),
    ],
  };
}
