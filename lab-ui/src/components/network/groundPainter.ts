import type { SpreadScene } from "@fluxlab/sim";
import type { Camera } from "../../network/camera.ts";
import type { Layout } from "../../network/layouts.ts";
import { type CutSides, isCut } from "../../network/spreadHistory.ts";
import { landDots } from "../../network/worldMap.ts";

// What lies below the nodes and changes only when the reader moves or chooses: land, regions, links, cuts.

/** Links in sight above which none are drawn but those of chosen nodes: more is fog. */
const MOST_LINKS = 2_600;

export interface GroundColors {
  readonly land: string;
  readonly region: string;
  readonly words: string;
  readonly link: string;
  readonly chosen: string;
  readonly cut: string;
}

export interface Ground {
  readonly scene: SpreadScene;
  readonly layout: Layout;
  readonly camera: Camera;
  /** Pixels of the page. */
  readonly width: number;
  readonly height: number;
  readonly chosen: ReadonlySet<number>;
  readonly cuts: readonly CutSides[];
  readonly colors: GroundColors;
  readonly nameOf: (region: string, nodes: number) => string;
}

const land = landDots();

export function paintGround(context: CanvasRenderingContext2D, ground: Ground): void {
  const { width, height, layout } = ground;
  context.clearRect(0, 0, width, height);
  if (layout.kind === "map") paintLand(context, ground);
  paintRegions(context, ground);
  paintLinks(context, ground);
  paintNames(context, ground);
}

function paintLand(context: CanvasRenderingContext2D, { camera, width, height, colors }: Ground): void {
  const size = Math.max(camera.scale * 2.1, 1);
  context.fillStyle = colors.land;
  for (let i = 0; i < land.length; i += 2) {
    const x = land[i]! * camera.scale + camera.x;
    const y = land[i + 1]! * camera.scale + camera.y;
    if (x < -size || y < -size || x > width || y > height) continue;
    context.beginPath();
    context.arc(x, y, size, 0, Math.PI * 2);
    context.fill();
  }
}

function paintRegions(context: CanvasRenderingContext2D, { layout, camera, colors }: Ground): void {
  context.fillStyle = colors.region;
  for (const { x, y, radius } of layout.regions) {
    if (radius === 0) continue;
    context.beginPath();
    const [middleX, middleY] = [x * camera.scale + camera.x, y * camera.scale + camera.y];
    context.arc(middleX, middleY, (radius + 5) * camera.scale, 0, Math.PI * 2);
    context.fill();
  }
}

function paintNames(context: CanvasRenderingContext2D, { layout, camera, colors, nameOf }: Ground): void {
  context.font = `600 12px "Inter Variable", system-ui, sans-serif`;
  context.fillStyle = colors.words;
  const placed: { readonly x: number; readonly y: number; readonly half: number }[] = [];
  for (const { name, nodes, x, y, radius } of layout.regions) {
    // Beside a ring names begin where it ends.
    const isBeside = radius === 0 && Math.abs(x) > 12;
    context.textAlign = !isBeside ? "center" : x > 0 ? "left" : "right";
    const words = nameOf(name, nodes);
    const [atX, atY] = [x * camera.scale + camera.x, y * camera.scale + camera.y];
    const reach = radius === 0 ? 0 : (radius + 5) * camera.scale;
    const half = context.measureText(words).width / 2;
    const overlaps = placed.some(
      (other) =>
        Math.abs(other.x - atX) < other.half + half + 4 && Math.abs(other.y - (atY - reach - 9)) < 14,
    );
    // Another region's name is above this one: it goes below.
    const at = reach === 0 ? atY : overlaps ? atY + reach + 16 : atY - reach - 9;
    placed.push({ x: atX, y: at, half });
    context.fillText(words, atX, at);
  }
}

type Segment = readonly [fromX: number, fromY: number, toX: number, toY: number];

function paintLinks(context: CanvasRenderingContext2D, ground: Ground): void {
  const plain: Segment[] = [];
  const chosen: Segment[] = [];
  const cut: Segment[] = [];
  const { scene, cuts, chosen: chosenNodes, layout, camera } = ground;
  const { starts, outbound, peers } = scene.links;
  const place = (node: number) =>
    [
      layout.places[2 * node]! * camera.scale + camera.x,
      layout.places[2 * node + 1]! * camera.scale + camera.y,
    ] as const;
  for (let node = 0; node < scene.nodes; node++) {
    for (let i = starts[node]!; i < starts[node]! + outbound[node]!; i++) {
      const peer = peers[i]!;
      const isChosen = chosenNodes.has(node) || chosenNodes.has(peer);
      const segment: Segment = [...place(node), ...place(peer)];
      if (!isInSight(segment, ground)) continue;
      if (isCut(cuts, node, peer) || isCut(cuts, peer, node)) cut.push(segment);
      else (isChosen ? chosen : plain).push(segment);
    }
  }
  context.lineWidth = 1;
  if (plain.length <= MOST_LINKS) {
    context.globalAlpha = Math.min(0.5, Math.max(0.1, 70 / plain.length));
    stroke(context, plain, ground.colors.link);
  }
  if (cut.length <= MOST_LINKS) {
    context.globalAlpha = Math.min(0.8, Math.max(0.22, 60 / cut.length));
    context.setLineDash([3, 5]);
    stroke(context, cut, ground.colors.cut);
    context.setLineDash([]);
  }
  context.globalAlpha = 0.85;
  if (chosen.length <= MOST_LINKS) stroke(context, chosen, ground.colors.chosen);
  context.globalAlpha = 1;
}

const isInSight = ([fromX, fromY, toX, toY]: Segment, { width, height }: Ground): boolean =>
  Math.max(fromX, toX) >= 0 &&
  Math.max(fromY, toY) >= 0 &&
  Math.min(fromX, toX) <= width &&
  Math.min(fromY, toY) <= height;

function stroke(context: CanvasRenderingContext2D, segments: readonly Segment[], color: string): void {
  context.strokeStyle = color;
  context.beginPath();
  for (const [fromX, fromY, toX, toY] of segments) {
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
  }
  context.stroke();
}
