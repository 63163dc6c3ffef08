import { InputError } from "@fluxlab/core/command-line";
import type { RunnerChoice } from "./openRunner.ts";
import type { RunnerKind } from "./runner.ts";

/** Options of the command line about where nodes run. */
export interface RunnerOptions {
  readonly on: RunnerKind;
  readonly inventory?: string;
  readonly image?: string;
  readonly memoryMb?: number;
  readonly cpus?: number;
  readonly diskMb?: number;
}

const FLAGS = {
  inventory: "--inventory",
  image: "--image",
  memoryMb: "--memory-mb",
  cpus: "--cpus",
  diskMb: "--disk-mb",
} as const;
const OF_DOCKER = ["image", "memoryMb", "cpus", "diskMb"] as const;

/** What the options choose. @throws InputError for one that does not fit the others */
export function runnerChoice(options: RunnerOptions): RunnerChoice {
  const { on, inventory, image, memoryMb, cpus, diskMb } = options;
  const stranger = OF_DOCKER.find((name) => on !== "docker" && options[name] !== undefined);
  if (stranger !== undefined)
    throw new InputError(`${FLAGS[stranger]} is about containers: leave it out, or say --on docker`);
  if (on !== "ssh" && inventory !== undefined)
    throw new InputError("--inventory is about hosts: leave it out, or say --on ssh");
  if (on === "process") return { kind: "process" };
  if (on === "docker") {
    return {
      kind: "docker",
      ...(image === undefined ? {} : { image }),
      ...(memoryMb === undefined ? {} : { memoryMb }),
      ...(cpus === undefined ? {} : { cpus }),
      ...(diskMb === undefined ? {} : { diskMb }),
    };
  }
  if (inventory === undefined)
    throw new InputError("--on ssh needs --inventory FILE: which hosts there are, see docs/inventory.md");
  return { kind: "ssh", inventory };
}

/** The same options for another process. */
export const runnerArguments = (options: RunnerOptions): string[] => [
  ...["--on", options.on],
  ...Object.entries(FLAGS).flatMap(([name, flag]) => {
    const value = options[name as keyof typeof FLAGS];
    return value === undefined ? [] : [flag, String(value)];
  }),
];
