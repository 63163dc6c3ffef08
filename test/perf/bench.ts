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
// quote the ratios. Sections may be named: npm run bench -- spread page

const SECTIONS: Readonly<Record<string, () => void | Promise<void>>> = {
  economy: benchEconomy,
  transactions: benchTransactions,
  signatures: benchSignatures,
  difficulty: benchDifficulty,
  chain: benchChain,
  views: benchViews,
  node: benchNode,
  mining: benchMining,
  spread: benchSpread,
  equihash: benchEquihash,
  page: benchPage,
  testnet: benchTestnet,
  "live-node": benchLiveNode,
};

const named = process.argv.slice(2);
const unknown = named.find((name) => SECTIONS[name] === undefined);
if (unknown !== undefined) {
  console.error(
    `no section "${unknown}": expected some of ${Object.keys(SECTIONS).join(", ")}, or none for all`,
  );
  process.exit(2);
}
const [cpu] = cpus();
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(
  `${cpu?.model}, ${cpus().length} cores, ${memory}, Node.js ${process.version}, ${process.platform}-${process.arch}`,
);
for (const [name, bench] of Object.entries(SECTIONS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  await bench();
  console.log();
}
