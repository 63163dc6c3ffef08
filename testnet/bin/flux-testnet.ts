import { spawn } from "node:child_process";
import { fstatSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EXIT, formatEta, InputError, runCommand } from "@fluxlab/core/command-line";
import { StatusLine } from "@fluxlab/core/host";
import { parseSeed } from "@fluxlab/sim/host";
import { parseYaml } from "@fluxlab/sim/scenario";
import {
  bySeed,
  type CollectOrder,
  controllerRuns,
  DEFAULT_ROOT,
  type ExecOrder,
  type Executed,
  emptyRunFolder,
  endAll,
  endTestnet,
  existingRecord,
  fleetPlan,
  type JUnitRun,
  junitXml,
  lastLogLines,
  loadTestnet,
  makeRoot,
  nodeFolderOf,
  openTestnet,
  order,
  outcomeJson,
  outcomeText,
  parseTime,
  RpcClient,
  type RpcOrder,
  RUNNER_KINDS,
  randomScenario,
  readRecord,
  reliabilityText,
  runnerArguments,
  runnerChoice,
  showTime,
  succeeded,
  type TestnetScenario,
  type TestnetStatus,
  testnetFolder,
  testnetNames,
  writeOutcome,
} from "@fluxlab/testnet/fleet";
import { Command, Option } from "commander";
import { laboratoryCommands } from "./laboratoryCommands.ts";
import { type Common, print, type Start, wholeNumber } from "./options.ts";

// npm run testnet: networks of real nodes on this machine.

const HELP = `
A network of real nodes, each with its own folder, address and ports; every link goes through a proxy, which makes it slow, lossy or
cut. Nodes are processes of this machine, which needs no privileges, or containers, or processes of hosts that ssh reaches.

Examples:
  npm run testnet -- plan scenarios/testnet/partition-heals.yaml
  npm run testnet -- run scenarios/testnet/partition-heals.yaml --repeat 5 --junit junit.xml
  npm run testnet -- verify scenarios/testnet/payout-fairness.yaml --simulations 10
  npm run testnet -- rehearse scenarios/rehearsals/pon-late-fifth.yaml --on process
  npm run testnet -- random odd.yaml --seed 7
  npm run testnet -- run odd.yaml --repeat 3 --again 4
  npm run testnet -- up scenarios/testnet/quiet.yaml --name mine
  npm run testnet -- up scenarios/testnet/quiet.yaml --name boxes --on docker --memory-mb 512 --cpus 0.5
  npm run testnet -- up scenarios/testnet/quiet.yaml --name far --on ssh --inventory hosts.yaml
  npm run testnet -- status mine
  npm run testnet -- rpc mine 0 getblockcount
  npm run testnet -- rpc mine all getpeerinfo
  npm run testnet -- fault mine '{partition: [[0], [1, 2]], for: 20 s}'
  npm run testnet -- exec boxes 1 nft list ruleset
  npm run testnet -- scale mine 5
  npm run testnet -- logs mine 2 --lines 50
  npm run testnet -- collect mine runs/mine --datadirs
  npm run testnet -- down mine
  npm run testnet -- down --all

Exit codes: 0 done, and all that was expected held; 1 something did not; 2 something to change; 130 interrupted.`;

const controller = new AbortController();
const { signal } = controller;

function load(file: string, { nodes, seed }: Start): TestnetScenario {
  return loadTestnet(file, {
    ...(nodes === undefined ? {} : { nodes }),
    ...(seed === undefined ? {} : { seed }),
  });
}

function plan(file: string, options: Start): void {
  const scenario = load(file, options);
  const { nodes, links, network } = fleetPlan(scenario);
  const name = options.name ?? scenario.name;
  if (options.json === true) return print({ name, network, nodes, links, scenario });
  const { faults, expect } = scenario;
  const lines = [
    `${name}: ${scenario.title}`,
    `  ${nodes} nodes of network ${network}, ${options.on === "process" ? "as processes" : `on ${options.on}`}; ${links.length} links, each through a proxy`,
    `  needs ${options.on === "process" ? `${2 * nodes + links.length + 1} TCP ports of the loopback interface and ` : ""}about ${nodes * MEMORY_MB} MB of memory`,
    `  folder ${testnetFolder(options.root, name)}`,
    ...faults.map(({ at = "0 s", ...fault }) => `  at ${at}: ${JSON.stringify(fault)}`),
    ...expect.map((text) => `  expects ${text}`),
    `  lasts ${scenario.run}`,
  ];
  console.log(lines.join("\n"));
}

/** Of one node process, measured: see docs/testnet.md. */
const MEMORY_MB = 140;

/** What is kept of a testnet. */
interface Collect {
  readonly datadirs?: true;
}

const DATADIRS = "and what is on the disks of nodes of ours, as they are at the moment";

interface RunOptions extends Start, Collect {
  readonly repeat: number;
  readonly again: number;
  readonly out?: string;
  readonly junit?: string;
}

/** Plays a scenario from nothing to its verdict, and leaves nothing but its report. */
async function run(file: string, options: RunOptions): Promise<void> {
  const first = load(file, options);
  const runs: JUnitRun[] = [];
  const outcomes: { readonly seed: number; readonly ok: boolean }[] = [];
  for (let i = 0; i < options.repeat * options.again; i++) {
    const scenario = { ...first, seed: first.seed + Math.floor(i / options.again) };
    const name = options.name ?? scenario.name;
    const time = options.again === 1 ? "" : ` run ${1 + (i % options.again)}`;
    const label = options.repeat === 1 ? name + time : `${name} seed ${scenario.seed}${time}`;
    const usual = `runs/testnet-${name}-seed${scenario.seed}${time.replaceAll(" ", "-")}`;
    const folder = emptyRunFolder(options.out ?? usual);
    const repeat = `npm run testnet -- run ${file} --seed ${scenario.seed}`;
    const outcome = await playOnce(scenario, name, label, folder, options);
    writeOutcome(folder, scenario, outcome, repeat);
    runs.push(outcome);
    outcomes.push({ seed: scenario.seed, ok: succeeded(outcome) });
    if (options.json === true) print({ ...outcomeJson(scenario, outcome, repeat), folder });
    else console.log(`${outcomeText(outcome)}\nfolder  ${folder}\nrepeat  ${repeat}`);
  }
  if (options.junit !== undefined) writeFileSync(options.junit, junitXml(runs));
  const seeds = bySeed(outcomes);
  if (options.json === true) {
    if (seeds.length > 1 || options.again > 1) print({ seeds });
  } else if (outcomes.length > 1) console.log(reliabilityText(seeds));
  if (outcomes.some(({ ok }) => !ok)) process.exitCode = EXIT.failed;
}

async function playOnce(
  scenario: TestnetScenario,
  name: string,
  label: string,
  folder: string,
  options: Start & Collect,
  whole = false,
): Promise<JUnitRun> {
  const { root } = options;
  const line = new StatusLine(process.stderr);
  const say = (text: string) => {
    line.clear();
    console.error(text);
  };
  const testnet = await openTestnet(scenario, { root, name, signal, say, on: runnerChoice(options) });
  try {
    say(`${scenario.nodes} nodes ready after ${showTime(testnet.readyMs)}`);
    const length = parseTime(scenario.run)!;
    const progress = (now: number) =>
      line.update(
        () =>
          `${label}  ${showTime(now)} of ${scenario.run}  at most ${formatEta((length - now) / 1_000)} left`,
      );
    const outcome = await testnet.play.toEnd(signal, progress, { whole });
    await testnet.collect(folder, options.datadirs === true);
    return { ...outcome, name: label };
  } finally {
    line.clear();
    await testnet.close();
  }
}

/** Starts a testnet that stays, under a controller of its own. */
async function up(file: string, options: Start): Promise<void> {
  const scenario = load(file, options);
  const name = options.name ?? scenario.name;
  const { root } = options;
  if (testnetNames(root).includes(name) && controllerRuns(root, name)) {
    const said = `testnet "${name}" runs already`;
    if (options.json === true) print({ name, already: true });
    else console.log(said);
    return;
  }
  runnerChoice(options); // what does not fit is said here, not by the controller
  makeRoot(root);
  const logFile = `${testnetFolder(root, name)}.controller.tmp`;
  const log = openSync(logFile, "w+");
  rmSync(logFile); // it goes with the last who has it open, whoever is killed
  const child = spawn(
    process.execPath,
    [
      ...[fileURLToPath(import.meta.url), "controller", file, "--root", root, "--name", name],
      ...(options.nodes === undefined ? [] : ["--nodes", String(options.nodes)]),
      ...(options.seed === undefined ? [] : ["--seed", String(options.seed)]),
      ...runnerArguments(options),
    ],
    { detached: true, stdio: ["ignore", log, log] },
  );
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  const beganAt = performance.now();
  while (!ended && readRecord(root, name)?.phase !== "ready") await sleep(50);
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (ended) throw new InputError(textOf(log));
  child.unref();
  const readyMs = Math.round(performance.now() - beganAt);
  const { nodes } = existingRecord(root, name);
  if (options.json === true) return print({ name, readyMs, nodes });
  console.log(`testnet "${name}": ${nodes.length} nodes ready after ${showTime(readyMs)}`);
  console.log(`end it by: npm run testnet -- down ${name}`);
}

/** All that was written to a file, wherever its writers are. */
function textOf(file: number): string {
  const bytes = Buffer.alloc(fstatSync(file).size);
  readSync(file, bytes, 0, bytes.length, 0);
  return bytes.toString("utf8").trim();
}

/** What `up` starts: holds the testnet until it is told to end. */
async function hold(file: string, options: Start & { readonly name: string }): Promise<void> {
  const { root, name } = options;
  const on = runnerChoice(options);
  const testnet = await openTestnet(load(file, options), { root, name, signal, say: () => {}, on });
  const interrupted = new Promise<void>((ended) =>
    signal.addEventListener("abort", () => ended(), { once: true }),
  );
  await Promise.race([testnet.asked, interrupted]);
  await testnet.close();
}

async function status(name: string | undefined, { root, json }: Common): Promise<void> {
  if (name === undefined) return list(root, json === true);
  const { nodes, sinceReadyMs, linkBytes, crashes, expectations, events } = await order<TestnetStatus>(
    root,
    name,
    "status",
  );
  if (json === true) return print({ name, nodes, sinceReadyMs, linkBytes, crashes, expectations, events });
  const kind = existingRecord(root, name).runner === "docker" ? "container" : "process";
  console.log(`${name}: ready for ${showTime(sinceReadyMs)}, ${linkBytes} bytes over all links`);
  for (const { index, state, height, tip, peers, listen, rpcPort, id, clockOffsetMs } of nodes) {
    const clock = clockOffsetMs === 0 ? "" : `  clock off by ${clockOffsetMs / 1_000} s`;
    console.log(
      `  node ${index}  ${state.padEnd(8)}  height ${height}  ${(tip ?? "").slice(0, 16)}  ${peers} peers  ` +
        `p2p ${listen}  rpc ${rpcPort}  ${id === undefined ? "-" : `${kind} ${id}`}${clock}`,
    );
  }
  for (const { text, outcome, seen } of expectations)
    console.log(`  ${outcome}: ${text}${outcome === "failed" ? ` (${seen})` : ""}`);
  for (const crash of crashes) console.log(crash);
}

function list(root: string, json: boolean): void {
  const all = testnetNames(root).map((name) => {
    const record = readRecord(root, name);
    const state = controllerRuns(root, name) ? (record?.phase ?? "starting") : "half-dead";
    return { name, state, nodes: record?.nodes.length ?? 0, title: record?.title ?? "" };
  });
  if (json) return print(all);
  if (all.length === 0) console.log(`no testnets in ${resolve(root)}`);
  for (const { name, state, nodes, title } of all) {
    const fix = state === "half-dead" ? `  (its controller was killed: down ${name})` : "";
    console.log(`${name}  ${state}  ${nodes} nodes  ${title}${fix}`);
  }
}

const nodeNumber = (text: string): number => {
  if (!/^\d{1,4}$/.test(text)) throw new InputError(`expected the number of a node, got "${text}"`);
  return Number(text);
};

function logs(name: string, node: string, { root, lines }: Common & { readonly lines: number }): void {
  const { nodes } = existingRecord(root, name);
  const index = nodeNumber(node);
  if (index >= nodes.length)
    throw new InputError(`there is no node ${index}: nodes are 0 to ${nodes.length - 1}`);
  console.log(lastLogLines(nodeFolderOf(testnetFolder(root, name), index), lines).join("\n"));
}

/** Parameters are JSON where they can be read as such, else text: as with `flux-cli`, but for quotes. */
function rpcParameter(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function rpc(
  name: string,
  which: string,
  method: string,
  parameters: readonly string[],
  { root, json }: Common,
): Promise<void> {
  const { nodes, runner } = existingRecord(root, name);
  const asked = which === "all" ? nodes : nodes.filter(({ index }) => index === nodeNumber(which));
  if (asked.length === 0)
    throw new InputError(`there is no node ${which}: nodes are 0 to ${nodes.length - 1}`);
  const folder = testnetFolder(root, name);
  const answers = await Promise.all(
    asked.map(async ({ index, rpcPort }) => {
      const client = new RpcClient(rpcPort, nodeFolderOf(folder, index));
      const params = parameters.map(rpcParameter);
      const asking: RpcOrder = { node: index, method, params };
      try {
        // A process here answers also when its controller is gone.
        const result = await (runner === "process"
          ? client.call(method, params)
          : order(root, name, "rpc", asking));
        return { node: index, result };
      } catch (error) {
        return { node: index, error: (error as Error).message };
      }
    }),
  );
  for (const answer of answers) {
    if (answer.error !== undefined) process.exitCode = EXIT.failed;
    if (json === true) print(answer);
    else if (answer.error !== undefined) console.error(`node ${answer.node}: ${answer.error}`);
    else console.log(`${which === "all" ? `node ${answer.node}: ` : ""}${shown(answer.result)}`);
  }
}

const shown = (result: unknown): string =>
  typeof result === "string" ? result : JSON.stringify(result, undefined, 2);

async function exec(
  name: string,
  node: string,
  command: readonly string[],
  { root, json }: Common,
): Promise<void> {
  const asking: ExecOrder = { node: nodeNumber(node), command };
  const { code, stdout, stderr } = await order<Executed>(root, name, "exec", asking);
  process.exitCode = code === 0 ? EXIT.ok : EXIT.failed;
  if (json === true) return print({ code, stdout, stderr });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
}

async function down(name: string | undefined, options: Common & { readonly all?: true }): Promise<void> {
  const { root } = options;
  if (name === undefined && options.all !== true) throw new InputError("down: name a testnet, or say --all");
  const ended = name === undefined ? await endAll(root) : [await endTestnet(root, name)];
  if (options.json === true) return print(ended);
  if (ended.length === 0) console.log("nothing was left");
  for (const { name, processes, containers } of ended) {
    const boxes = containers === 0 ? "" : `, ${containers} containers`;
    console.log(`${name}: ended (${processes} processes${boxes})`);
  }
}

function positiveNumber(text: string): number {
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(text) || Number(text) === 0)
    throw new InputError(`expected a number above 0 such as 0.5, got "${text}"`);
  return Number(text);
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const program = new Command("npm run testnet --")
  .enablePositionalOptions()
  .description("Starts, breaks, watches and ends networks of real nodes.")
  .addHelpText("after", HELP)
  .showHelpAfterError("(npm run testnet -- --help shows examples)");

/** A subcommand with the options that all have. */
function command(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option("--root <folder>", "where testnets live", DEFAULT_ROOT)
    .option("--json", "print data for programs");
}

const startOptions = (made: Command): Command =>
  made
    .addOption(new Option("--on <runner>", "where nodes run").choices(RUNNER_KINDS).default("process"))
    .option("--inventory <file>", "which hosts there are, with --on ssh")
    .option("--image <name>", "an engine's image with Node.js 22.18 or later, with --on docker")
    .option("--memory-mb <number>", "of each container", wholeNumber)
    .option("--cpus <number>", "processors of each container, such as 0.5", positiveNumber)
    .option(
      "--disk-mb <number>",
      "a disk in memory for the data of each container, that faults may fill",
      wholeNumber,
    )
    .option("--name <name>", "of the testnet (default: the scenario's)")
    .option("--nodes <number>", "so many instead of the scenario's", wholeNumber)
    .option("--seed <number>", "instead of the scenario's", parseSeed);

startOptions(command("plan <scenario>", "show what would be started")).action(plan);
startOptions(
  command("run <scenario>", "play a scenario to its end: a verdict, a report, nothing left behind"),
)
  .option("--repeat <times>", "with as many seeds, one after the other", wholeNumber, 1)
  .option("--again <times>", "each seed so often, to tell races from bugs", wholeNumber, 1)
  .option("--out <folder>", "for logs, observations and outcome (default: runs/testnet-NAME-seedN)")
  .option("--datadirs", DATADIRS)
  .option("--junit <file>", "write what was expected and what became of it as JUnit XML")
  .action(run);
laboratoryCommands({ command, startOptions, load, playOnce, signal });
command(
  "random <file>",
  "write a scenario drawn from a seed: nodes, links and faults by chance, and agreement in the end",
)
  .option("--seed <number>", "equal seeds, equal scenarios", parseSeed, 1)
  .option("--network <name>", "whose rules", "regtest")
  .action((file: string, { seed, network, json }: Common & { seed: number; network: string }) => {
    const scenario = randomScenario(seed, network);
    writeFileSync(file, `${JSON.stringify(scenario, undefined, 2)}\n`);
    if (json === true) print({ file, scenario });
    else console.log(`${file}: ${scenario.nodes} nodes, ${scenario.faults?.length ?? 0} faults`);
  });
startOptions(command("up <scenario>", "start a testnet that stays")).action(up);
startOptions(program.command("controller <scenario>", { hidden: true }).option("--root <folder>")).action(
  hold,
);
command("status [name]", "of one testnet, or which there are").action(status);
command("logs <name> <node>", "what a node said last")
  .option("--lines <number>", "so many", wholeNumber, 20)
  .action(logs);
command("rpc <name> <node> <method> [parameters...]", 'ask a node, or "all"').action(rpc);
command("exec <name> <node> <command...>", "run a command where a node is").passThroughOptions().action(exec);
command("fault <name> <fault>", "do a fault now, written as in a scenario").action(
  async (name: string, text: string, { root }: Common) => {
    console.log(
      await order(
        root,
        name,
        "fault",
        parseYaml("fault", text, (data) => data),
      ),
    );
  },
);
command("scale <name> <nodes>", "add nodes, or take away those with the highest numbers").action(
  async (name: string, nodes: string, { root }: Common) => {
    console.log(`${await order(root, name, "scale", wholeNumber(nodes))} nodes`);
  },
);
command("collect <name> <folder>", "copy logs and observations")
  .option("--datadirs", DATADIRS)
  .action(async (name: string, folder: string, { root, datadirs }: Common & Collect) => {
    const asking: CollectOrder = { into: emptyRunFolder(folder), data: datadirs === true };
    await order(root, name, "collect", asking);
    console.log(resolve(folder));
  });
command("down [name]", "end a testnet and take its files away")
  .option("--all", "every testnet, and what is left of killed ones")
  .action(down);
await runCommand(program, controller);
// Nothing is left to do then. Node.js 24 may turn for ever in its own clearing up where a peer's sudden end left a socket half closed.
process.once("beforeExit", () => process.exit());
