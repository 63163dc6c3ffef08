import { parseArgs } from "node:util";
import { growthABlock } from "./growth.ts";
import { soak } from "./soakWorld.ts";

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

const inKib = (bytes: number): string => (bytes / 1_024).toFixed(0);
const points = soak(
  hours,
  ({ hour, height, restarts, bytes }) =>
    console.error(`hour ${hour} of ${hours}: height ${height}, ${restarts} restarts, ${inKib(bytes)} KiB`),
  seed,
);
const [first] = points;
console.log(
  "| hour | height | restarts | KiB held | of it more than in hour 1 | the chain alone |\n|---|---|---|---|---|---|",
);
for (const { hour, height, restarts, bytes, chainBytes } of points)
  console.log(
    `| ${hour} | ${height} | ${restarts} | ${inKib(bytes)} | ${inKib(bytes - first!.bytes)} | ${inKib(chainBytes - first!.chainBytes)} |`,
  );
const from = Math.ceil(hours / 3);
const { all, chain, rest } = growthABlock(points, from - 1);
console.log(
  `\nfrom hour ${from} on: ${all.toFixed(0)} bytes a block, of which ${chain.toFixed(0)} are the chain's own and ${rest.toFixed(0)} the nodes'`,
);
