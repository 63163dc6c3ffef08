import type { ContainerLimits } from "./docker/dockerRunner.ts";
import { processRunner } from "./processRunner.ts";
import type { PlaceRecord } from "./registry.ts";
import type { Runner } from "./runner.ts";

/** Where a testnet's nodes are to run, as the command line says it. */
export type RunnerChoice =
  | { readonly kind: "process" }
  | ({ readonly kind: "docker" } & ContainerLimits)
  /** `inventory`: a file that names the hosts. */
  | { readonly kind: "ssh"; readonly inventory: string };

/**
 * Makes ready what nodes need to run. `noted`: takes what is to be remembered before there is anything that could be left.
 * @throws InputError for what a person has to change
 */
export async function openRunner(
  choice: RunnerChoice,
  root: string,
  name: string,
  say: (text: string) => void,
  noted: (place: PlaceRecord) => void,
): Promise<Runner> {
  if (choice.kind === "docker") {
    noted({ kind: "docker", engine: process.env["DOCKER_HOST"] });
    const { DockerRunner } = await import("./docker/dockerRunner.ts");
    return DockerRunner.open(root, name, choice, say);
  }
  if (choice.kind === "ssh") {
    const { SshRunner } = await import("./ssh/sshRunner.ts");
    return SshRunner.open(root, name, choice.inventory, say, noted);
  }
  return processRunner;
}
