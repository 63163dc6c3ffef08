import { type Camera, nodeRadius } from "./camera.ts";
import type { Layout } from "./layouts.ts";
import type { NodeRaster } from "./nodeRaster.ts";
import type { TipChange, TipsAtMoment } from "./tipHistory.ts";

// Nodes as they are at a moment, a glow on those whose tip has just changed, and blocks on their way between them.

/** How far a glow reaches beyond its node, and a block's size beside a node's. */
const GLOW = 2.3;
const GLOW_OPACITY = 0.5;
const BLOCK = 0.62;
/** Of nodes that do not run: a ring that is left of them. */
const DOWN_OPACITY = 0.28;

export interface NodePicture {
  readonly layout: Layout;
  /** To pixels of the raster. */
  readonly camera: Camera;
  readonly colors: Uint32Array;
  readonly moment: TipsAtMoment;
  readonly seconds: number;
  /** Simulated seconds that a glow lasts. */
  readonly glow: number;
  /** By node, 1: it does not run. */
  readonly down: Uint8Array;
  /** Changes of tips that are about to come, and simulated seconds that their blocks take. */
  readonly arrivals: readonly TipChange[];
  readonly travel: number;
  readonly blockColor: number;
  /** Pixels of the raster in one of the page. */
  readonly density: number;
}

export function paintNodes(raster: NodeRaster, picture: NodePicture): void {
  raster.clear();
  paintGlow(raster, picture);
  const { layout, camera, colors, down, density } = picture;
  const { places } = layout;
  const { scale, x: left, y: top } = camera;
  const radius = nodeRadius(layout, { ...camera, scale: scale / density }) * density;
  const [width, height] = [raster.width + radius, raster.height + radius];
  for (let node = 0; node < colors.length; node++) {
    const x = places[2 * node]! * scale + left;
    const y = places[2 * node + 1]! * scale + top;
    if (x < -radius || y < -radius || x > width || y > height) continue;
    raster.disc(x, y, radius, colors[node]!, down[node] === 0 ? 1 : DOWN_OPACITY);
  }
  paintArrivals(raster, picture, radius);
}

function paintGlow(raster: NodeRaster, { layout, camera, colors, moment, ...rest }: NodePicture): void {
  const { seconds, glow, density } = rest;
  if (glow <= 0) return;
  const radius = nodeRadius(layout, { ...camera, scale: camera.scale / density }) * density * GLOW;
  for (let node = 0; node < colors.length; node++) {
    const age = seconds - moment.since[node]!;
    if (!(age < glow)) continue;
    const x = layout.places[2 * node]! * camera.scale + camera.x;
    const y = layout.places[2 * node + 1]! * camera.scale + camera.y;
    raster.disc(x, y, radius, colors[node]!, GLOW_OPACITY * (1 - age / glow));
  }
}

function paintArrivals(raster: NodeRaster, picture: NodePicture, radius: number): void {
  const { arrivals, travel, seconds, camera, blockColor } = picture;
  const { places } = picture.layout;
  const size = Math.max(radius * BLOCK, 1.5 * picture.density);
  for (const { from, node, seconds: arrival } of arrivals) {
    if (from < 0) continue;
    const part = 1 - (arrival - seconds) / travel;
    const at = (axis: 0 | 1) =>
      places[2 * from + axis]! + (places[2 * node + axis]! - places[2 * from + axis]!) * part;
    raster.disc(at(0) * camera.scale + camera.x, at(1) * camera.scale + camera.y, size, blockColor);
  }
}
