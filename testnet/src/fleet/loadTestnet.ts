import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Random } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { fileError } from "@fluxlab/sim/host";
import { InvalidScenarioText, parseYaml } from "@fluxlab/sim/scenario";
import { linkTrouble } from "./faults.ts";
import { earlierNodes, type FleetPlan, type LinkEnds } from "./fleet.ts";
import { NO_TROUBLE } from "./linkProxy.ts";
import type { NodeProgram } from "./runner.ts";
import { decodeTestnetScenario, type TestnetScenario } from "./testnetSchema.ts";

/** What the command line says instead of the scenario. */
export interface TestnetChanges {
  readonly nodes?: number;
  readonly seed?: number;
}

/**
 * Reads a testnet's scenario from a YAML file.
 * @throws InputError naming the file, the line, and what was expected there
 */
export function loadTestnet(file: string, changes: TestnetChanges = {}): TestnetScenario {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new InputError(`${file}: ${why}`, { cause: error });
  }
  try {
    const written = parseYaml("testnet scenario", text, decodeTestnetScenario);
    const scenario =
      changes.nodes === undefined && changes.seed === undefined
        ? written
        : decodeTestnetScenario({ ...written, ...changes });
    const groups = scenario.groups.map((group, i) => foundGroup(group, i, file));
    return { ...scenario, groups, network: networkOf(scenario.network, file) };
  } catch (error) {
    if (!(error instanceof InvalidScenarioText)) throw error;
    throw fileError(file, error.problems, error);
  }
}

/** Network files are looked for beside the scenario. */
function networkOf(network: string, scenarioFile: string): string {
  if (network === "regtest" || network === "lab") return network;
  const file = resolve(dirname(scenarioFile), network);
  if (existsSync(file)) return file;
  throw new InputError(`${scenarioFile}: network: there is no file ${file}`);
}

type Group = TestnetScenario["groups"][number];

/** So are programs, unless a variable of the environment has their path. */
function foundGroup({ nodes, binary, fluxd }: Group, index: number, scenarioFile: string): Group {
  const found = (field: string, path: string): string => {
    const at = `${scenarioFile}: groups[${index}].${field}`;
    const [, variable] = /^\$(\w+)$/.exec(path) ?? [];
    const named = variable === undefined ? path : process.env[variable];
    if (named === undefined)
      throw new InputError(
        `${at}: ${variable} is not set: ${variable}=/path/to/${field} npm run testnet -- …`,
      );
    const file = resolve(variable === undefined ? dirname(scenarioFile) : ".", named);
    if (existsSync(file)) return file;
    throw new InputError(`${at}: there is no file ${file}`);
  };
  return binary === undefined
    ? { nodes, fluxd: found("fluxd", fluxd!) }
    : { nodes, binary: found("binary", binary) };
}

/** Which nodes and links a scenario asks for. Equal scenarios ask for equal networks. */
export function fleetPlan({ nodes, topology, network, seed, links, groups }: TestnetScenario): FleetPlan {
  return {
    ...{ nodes, network, seed },
    links: "links" in topology ? topology.links : randomLinks(nodes, topology.random, seed),
    programs: new Map(
      groups.flatMap((group) => group.nodes.map((node) => [node, programOf(group)] as const)),
    ),
    trouble: { ...NO_TROUBLE, ...linkTrouble(links) },
  };
}

const programOf = ({ binary, fluxd }: Group): NodeProgram =>
  binary === undefined ? { kind: "fluxd", file: fluxd! } : { kind: "ours", file: binary };

function randomLinks(nodes: number, degree: number, seed: number): readonly LinkEnds[] {
  const random = Random.root(String(seed)).fork("topology");
  return Array.from({ length: nodes }, (_, dialler) => earlierNodes(dialler, degree, random)).flat();
}
