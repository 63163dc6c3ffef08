import type { NodePalette } from "../../network/nodeColors.ts";
import { packed } from "../../network/nodeRaster.ts";
import type { GroundColors } from "./groundPainter.ts";

// The style sheet's colours for canvases, which know no custom properties.

const LANES = [
  "--lane-1",
  "--lane-2",
  "--lane-3",
  "--lane-4",
  "--lane-5",
  "--lane-6",
  "--lane-7",
  "--lane-8",
];

export interface PageColors {
  readonly nodes: NodePalette;
  readonly ground: GroundColors;
  readonly block: number;
}

/** As they are now: the reader may switch between light and dark. */
export function pageColors(): PageColors {
  const probe = document.createElement("canvas");
  probe.width = probe.height = 1;
  const context = probe.getContext("2d", { willReadFrequently: true })!;
  const swatch = document.createElement("i");
  document.body.append(swatch);
  const css = (name: string): string => {
    swatch.style.color = `var(${name})`;
    return getComputedStyle(swatch).color;
  };
  const pixel = (name: string): number => {
    context.fillStyle = css(name);
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return packed(red!, green!, blue!);
  };
  const colors = {
    nodes: {
      lanes: LANES.map(pixel),
      tiers: ["--past", "--cumulus", "--nimbus", "--stratus"].map(pixel),
      ground: pixel("--card"),
      plain: pixel("--accent"),
      old: pixel("--nimbus"),
      fault: pixel("--alarm"),
    },
    ground: {
      land: css("--hair"),
      region: css("--region"),
      words: css("--soft"),
      link: css("--link"),
      chosen: css("--ink"),
      cut: css("--alarm"),
    },
    block: pixel("--ink"),
  };
  swatch.remove();
  return colors;
}
