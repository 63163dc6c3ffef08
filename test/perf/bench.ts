import { cpus, totalmem } from "node:os";
import { benchChain } from "./chain.bench.ts";
import { benchDifficulty } from "./difficulty.bench.ts";
import { benchEconomy } from "./economy.bench.ts";
import { benchEquihash } from "./equihash.bench.ts";
import { benchLiveNode } from "./liveNode.bench.ts";
import { benchMining } from "./mining.bench.ts";
import { benchNode } from "./node.bench.ts";
import { benchPage } from "./page.bench.ts";
import { benchSignatures } from "./signatures.bench.ts";
import { benchSpread } from "./spread.bench.ts";
import { benchTestnet } from "./testnet.bench.ts";
import { benchTransactions } from "./transactions.bench.ts";
import { benchViews } from "./views.bench.ts";

// npm run bench: every figure of the README, each beside a baseline measured in the same run. Machines differ and are shared;
// quote the ratios.

const [cpu] = cpus();
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(
  `${cpu?.model}, ${cpus().length} cores, ${memory}, Node.js ${process.version}, ${process.platform}-${process.arch}`,
);
benchEconomy();
console.log();
benchTransactions();
console.log();
benchSignatures();
console.log();
benchDifficulty();
console.log();
benchChain();
benchViews();
console.log();
benchNode();
console.log();
benchMining();
console.log();
await benchSpread();
console.log();
await benchEquihash();
console.log();
await benchPage();
console.log();
await benchTestnet();
console.log();
await benchLiveNode();
