import { expect, test } from "vitest";
import { mixed, NodeRaster, packed } from "../../../lab-ui/src/network/nodeRaster.ts";

const BLUE = packed(10, 20, 200);
const RED = packed(200, 0, 0);

function rasterOf(width: number, height: number): NodeRaster {
  const raster = new NodeRaster();
  raster.resize(width, height);
  return raster;
}

test("a disc covers as much as its area, in its colour, and nothing outside", () => {
  for (const radius of [1.25, 3, 6.5]) {
    const raster = rasterOf(40, 40);
    raster.disc(20, 20, radius, BLUE);
    let area = 0;
    raster.pixels.forEach((pixel, i) => {
      const [x, y] = [i % 40, Math.floor(i / 40)];
      area += (pixel >>> 24) / 255;
      if (Math.hypot(x - 20, y - 20) > radius + 1.5) expect(pixel).toBe(0);
    });
    expect(area).toBeGreaterThan(Math.PI * radius ** 2 * 0.93);
    expect(area).toBeLessThan(Math.PI * radius ** 2 * 1.07);
    expect(raster.pixels[20 * 40 + 20]).toBe(BLUE);
  }
});

test("discs over the edge are clipped, and none writes into another row", () => {
  const raster = rasterOf(10, 10);
  for (const [x, y] of [
    [-2, 5],
    [11, 5],
    [5, -2],
    [5, 12],
    [-50, -50],
  ] as const)
    raster.disc(x, y, 3, RED);
  for (let y = 0; y < 10; y++) {
    const row = Array.from(raster.pixels.subarray(y * 10, y * 10 + 10), (pixel) => pixel >>> 24);
    if (y === 5) expect(row[0]! > 0 && row[9]! > 0 && row[5] === 0).toBe(true);
  }
  raster.clear();
  expect(raster.pixels.every((pixel) => pixel === 0)).toBe(true);
});

test("half of one colour on another is between them", () => {
  const raster = rasterOf(20, 20);
  raster.disc(10, 10, 5, BLUE);
  raster.disc(10, 10, 5, RED, 0.5);
  const pixel = raster.pixels[10 * 20 + 10]!;
  expect(pixel >>> 24).toBe(255);
  expect(pixel & 0xff).toBeGreaterThan(90);
  expect(pixel & 0xff).toBeLessThan(120);
  expect(mixed(BLUE, RED, 0)).toBe(BLUE);
  expect(mixed(BLUE, RED, 1)).toBe(RED);
});
