import { parseArgs } from "node:util";
import { growthAnHour, soak } from "./soakWorld.ts";

// npm run soak -- --hours 24: the curve of memory of a small network of full nodes under churn, as docs/node-soak.md shows it.

const { values } = parseArgs({
  options: { hours: { type: "string", default: "24" }, seed: { type: "string", default: "1" } },
});
const hours = Number(values.hours);
const seed = Number(values.seed);
if (!Number.isInteger(hours) || hours < 3 || !Number.isInteger(seed)) {
  console.error(
    "--hours takes a whole number from 3 on, --seed a whole number: npm run soak -- --hours 24 --seed 1",
  );
  process.exit(2);
}

const KIB = 1_024;
console.log("| hour | height | restarts | KiB held |\n|---|---|---|---|");
const points = soak(
  hours,
  ({ hour, height, restarts, bytes }) =>
    console.log(`| ${hour} | ${height} | ${restarts} | ${Math.round(bytes / KIB)} |`),
  seed,
);
const growth = growthAnHour(points, Math.ceil(hours / 3));
console.log(`\nfrom hour ${Math.ceil(hours / 3)} on: ${(growth / KIB).toFixed(1)} KiB an hour`);
