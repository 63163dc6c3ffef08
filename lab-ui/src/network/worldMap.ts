// A schematic world for regions to stand on: land as dots on a grid of degrees, coarse on purpose, drawn by us.

/** Units of the map, which is a plane: x to the east, y to the south. */
export const MAP_WIDTH = 1_000;
export const MAP_HEIGHT = 420;

const WEST = -170;
const NORTH = 76;
const X_PER_DEGREE = MAP_WIDTH / 360;
const Y_PER_DEGREE = 3.15;

/** Degrees between dots, and between the rows below. */
const STEP = 2.5;
const ROW_DEGREES = 5;
const FIRST_ROW = 72.5;

/** Land by rows of five degrees from the north: pairs of longitudes, from and to. */
const LAND: readonly (readonly number[])[] = [
  [-122, -72, -55, -22, 70, 82, 88, 140],
  [-165, -84, -74, -63, -53, -27, 13, 178],
  [-165, -93, -77, -66, -50, -43, -22, -14, 6, 18, 22, 174],
  [-160, -154, -134, -94, -78, -62, -6, -3, 8, 15, 22, 136, 156, 163],
  [-130, -80, -78, -56, -10, -6, -4, 1, 5, 141, 156, 158],
  [-124, -65, -58, -54, -3, 137, 141, 143],
  [-124, -71, -9, 3, 10, 17, 20, 48, 52, 130, 140, 144],
  [-122, -76, -9, 0, 14, 17, 21, 24, 27, 49, 53, 122, 126, 130, 136, 141],
  [-117, -80, -9, 11, 20, 48, 48, 120, 130, 133],
  [-113, -98, -82, -80, -14, 34, 35, 50, 52, 120],
  [-110, -108, -106, -97, -84, -77, -16, 37, 39, 59, 69, 92, 92, 113, 120, 122],
  [-102, -93, -91, -87, -73, -68, -17, 38, 43, 55, 73, 84, 95, 108, 120, 122],
  [-88, -83, -73, -70, -16, 44, 44, 49, 75, 80, 98, 101, 103, 109, 121, 125],
  [-82, -77, -77, -60, -12, 48, 80, 82, 98, 101, 116, 118, 124, 126],
  [-79, -51, 9, 45, 97, 104, 109, 118, 120, 125],
  [-80, -45, 9, 41, 101, 106, 110, 116, 119, 122, 132, 142],
  [-79, -35, 12, 39, 106, 115, 138, 148],
  [-77, -38, 13, 40, 48, 50, 130, 136, 141, 144],
  [-71, -39, 12, 38, 44, 50, 123, 141, 141, 147],
  [-70, -41, 14, 35, 44, 47, 114, 150],
  [-71, -49, 15, 33, 114, 153],
  [-72, -52, 18, 29, 115, 124, 134, 152],
  [-73, -58, 139, 149, 174, 177],
  [-74, -64, 145, 148, 170, 174],
  [-74, -66, 167, 170],
  [-74, -68],
];

/** Where a place on the globe lies on the map. */
export const onMap = (longitude: number, latitude: number): readonly [x: number, y: number] => [
  (longitude - WEST) * X_PER_DEGREE,
  (NORTH - latitude) * Y_PER_DEGREE,
];

function isLand(longitude: number, latitude: number): boolean {
  const row = LAND[Math.round((FIRST_ROW - latitude) / ROW_DEGREES)] ?? [];
  for (let i = 0; i < row.length; i += 2) if (longitude >= row[i]! && longitude <= row[i + 1]!) return true;
  return false;
}

/** Dots of land, x and y of each; every other row is shifted by half a step. */
export function landDots(): Float32Array {
  const dots: number[] = [];
  const last = FIRST_ROW - (LAND.length - 1) * ROW_DEGREES - ROW_DEGREES / 2;
  let row = 0;
  for (let latitude = FIRST_ROW + STEP / 2; latitude > last; latitude -= STEP, row++) {
    const shift = row % 2 === 0 ? 0 : STEP / 2;
    for (let longitude = WEST + shift; longitude < WEST + 360; longitude += STEP) {
      const wrapped = longitude > 180 ? longitude - 360 : longitude;
      if (isLand(wrapped, latitude)) dots.push(...onMap(longitude, latitude));
    }
  }
  return Float32Array.from(dots);
}

/** Middles of the regions that scenarios know, by their names. */
export const REGION_PLACES: Readonly<Record<string, readonly [longitude: number, latitude: number]>> = {
  "North America": [-98, 42],
  Europe: [14, 41],
  "South America": [-58, -16],
  "Asia-Pacific": [101, 24],
  Japan: [142, 37],
  Australia: [134, -26],
};
