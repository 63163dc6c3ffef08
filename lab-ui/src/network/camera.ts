import type { Bounds, Layout } from "./layouts.ts";

/** How a layout comes to the screen: pixels = units · scale + offset. */
export interface Camera {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const LEAST_ZOOM = 0.5;
const MOST_ZOOM = 60;

/** Pixels of the screen that are left free: above there are buttons. */
const ABOVE = 62;
const AROUND = 14;

/** All of a layout in the middle of a screen. */
export function fitted({ left, top, right, bottom }: Bounds, width: number, height: number): Camera {
  const [inWidth, inHeight] = [Math.max(width - 2 * AROUND, 1), Math.max(height - ABOVE - AROUND, 1)];
  const scale = Math.min(inWidth / Math.max(right - left, 1), inHeight / Math.max(bottom - top, 1));
  return {
    scale,
    x: (width - (left + right) * scale) / 2,
    y: ABOVE + (inHeight - (top + bottom) * scale) / 2,
  };
}

export const panned = ({ scale, x, y }: Camera, dx: number, dy: number): Camera => ({
  scale,
  x: x + dx,
  y: y + dy,
});

/** Nearer by a factor, the point of the screen under the pointer staying where it is; within limits about `fit`. */
export function zoomed(camera: Camera, factor: number, atX: number, atY: number, fit: Camera): Camera {
  const wanted = camera.scale * factor;
  const scale = Math.min(Math.max(wanted, fit.scale * LEAST_ZOOM), fit.scale * MOST_ZOOM);
  const by = scale / camera.scale;
  return { scale, x: atX - (atX - camera.x) * by, y: atY - (atY - camera.y) * by };
}

/** Radius of a node on the screen, pixels. */
export const nodeRadius = ({ spacing }: Layout, { scale }: Camera): number =>
  Math.min(Math.max(spacing * scale * 0.4, 1.25), 9);

/** Finds nodes by place: a grid of cells a few nodes wide. */
export class NodeFinder {
  readonly #layout: Layout;
  readonly #cell: number;
  readonly #cells = new Map<string, number[]>();

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#cell = Math.max(layout.spacing * 2, 1e-6);
    const { places } = layout;
    for (let node = 0; node < places.length / 2; node++) {
      const key = this.#key(places[2 * node]!, places[2 * node + 1]!);
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [node]);
      else cell.push(node);
    }
  }

  #key(x: number, y: number): string {
    return `${Math.floor(x / this.#cell)} ${Math.floor(y / this.#cell)}`;
  }

  /** The node nearest to a point of the layout, at most so far away. */
  nearest(x: number, y: number, most: number): number | undefined {
    const { places } = this.#layout;
    let found: number | undefined;
    let least = most * most;
    const reach = Math.ceil(most / this.#cell);
    for (let dx = -reach; dx <= reach; dx++) {
      for (let dy = -reach; dy <= reach; dy++) {
        const cell = this.#cells.get(this.#key(x + dx * this.#cell, y + dy * this.#cell)) ?? [];
        for (const node of cell) {
          const square = (places[2 * node]! - x) ** 2 + (places[2 * node + 1]! - y) ** 2;
          if (square > least) continue;
          least = square;
          found = node;
        }
      }
    }
    return found;
  }

  /** Nodes in a rectangle of the layout, in rising order. */
  within({ left, top, right, bottom }: Bounds): number[] {
    const { places } = this.#layout;
    const found: number[] = [];
    for (let node = 0; node < places.length / 2; node++) {
      const [x, y] = [places[2 * node]!, places[2 * node + 1]!];
      if (x >= left && x <= right && y >= top && y <= bottom) found.push(node);
    }
    return found;
  }
}
