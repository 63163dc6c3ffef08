// Thousands of discs a frame. A canvas takes some ten milliseconds to draw ten thousand of them without a graphics card; writing
// their pixels ourselves takes one.

/** A disc's coverage, 0 to 255 a pixel. */
interface Stamp {
  readonly size: number;
  readonly coverage: Uint8Array;
}

/** Radii are kept to quarters of a pixel, places to halves. */
const RADIUS_STEPS = 4;
const PLACE_STEPS = 2;
/** Along each side of a pixel, when a disc's coverage of it is measured. */
const SAMPLES = 4;

/** A colour as pixels have it: red in the lowest byte. */
export const packed = (red: number, green: number, blue: number): number =>
  (0xff00_0000 | (blue << 16) | (green << 8) | red) >>> 0;

/** The colour between two, `part` from the first to the second. */
export function mixed(from: number, to: number, part: number): number {
  const channel = (shift: number) => {
    const [a, b] = [(from >>> shift) & 0xff, (to >>> shift) & 0xff];
    return Math.round(a + (b - a) * part);
  };
  return packed(channel(0), channel(8), channel(16));
}

/** A picture of discs on nothing. */
export class NodeRaster {
  width = 0;
  height = 0;
  pixels = new Uint32Array(0);
  readonly #stamps = new Map<number, Stamp>();

  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.pixels = new Uint32Array(width * height);
  }

  clear(): void {
    this.pixels.fill(0);
  }

  /** Draws a disc; `opacity` from 0 to 1. */
  disc(x: number, y: number, radius: number, color: number, opacity = 1): void {
    const left = Math.floor(x * PLACE_STEPS);
    const top = Math.floor(y * PLACE_STEPS);
    const stamp = this.#stamp(radius, left & (PLACE_STEPS - 1), top & (PLACE_STEPS - 1));
    const half = stamp.size >> 1;
    this.#put(stamp, (left >> 1) - half, (top >> 1) - half, color & 0xff_ffff, Math.round(opacity * 256));
  }

  #put({ size, coverage }: Stamp, left: number, top: number, color: number, opacity: number): void {
    const { width, height, pixels } = this;
    const firstX = Math.max(-left, 0);
    const lastX = Math.min(size, width - left);
    const lastY = Math.min(size, height - top);
    const opaque = (0xff00_0000 | color) >>> 0;
    for (let y = Math.max(-top, 0); y < lastY; y++) {
      let at = (top + y) * width + left + firstX;
      for (let x = firstX; x < lastX; x++, at++) {
        const alpha = (coverage[y * size + x]! * opacity) >> 8;
        if (alpha === 0) continue;
        pixels[at] = alpha >= 255 ? opaque : over(pixels[at]!, color, alpha);
      }
    }
  }

  /** Discs of a radius at a place within a pixel. */
  #stamp(radius: number, fineX: number, fineY: number): Stamp {
    const fine = Math.max(Math.round(radius * RADIUS_STEPS), 1);
    const key = (fine * PLACE_STEPS + fineX) * PLACE_STEPS + fineY;
    const known = this.#stamps.get(key);
    if (known !== undefined) return known;
    const made = discStamp(fine / RADIUS_STEPS, fineX / PLACE_STEPS, fineY / PLACE_STEPS);
    this.#stamps.set(key, made);
    return made;
  }
}

function discStamp(radius: number, fineX: number, fineY: number): Stamp {
  const half = Math.ceil(radius) + 1;
  const size = 2 * half + 1;
  const coverage = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let inside = 0;
      for (let i = 0; i < SAMPLES * SAMPLES; i++) {
        const dx = x + ((i % SAMPLES) + 0.5) / SAMPLES - half - fineX;
        const dy = y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES - half - fineY;
        if (dx * dx + dy * dy <= radius * radius) inside++;
      }
      coverage[y * size + x] = Math.round((inside * 255) / (SAMPLES * SAMPLES));
    }
  }
  return { size, coverage };
}

/** A colour on what is there already; alphas are not multiplied in. */
function over(below: number, color: number, alpha: number): number {
  const under = below >>> 24;
  if (under === 0) return ((alpha << 24) | color) >>> 0;
  const all = alpha + (under * (255 - alpha)) / 255;
  const part = alpha / all;
  const mix = (shift: number) => {
    const a = (below >>> shift) & 0xff;
    return Math.round(a + (((color >>> shift) & 0xff) - a) * part);
  };
  return ((Math.round(all) << 24) | (mix(16) << 16) | (mix(8) << 8) | mix(0)) >>> 0;
}
