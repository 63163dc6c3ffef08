import { InputError } from "@fluxlab/core/command-line";
import Docker from "dockerode";

/** Labels of everything that a testnet has at an engine. */
export const LABEL = { root: "flux-lab.root", testnet: "flux-lab.testnet", node: "flux-lab.node" } as const;

/** An engine that has not answered for so long does not. */
const ANSWER_MS = 15_000;

/** Where the engine is, for people. */
const engineName = (engine = process.env["DOCKER_HOST"]): string =>
  engine === undefined || engine === "" ? "unix:///var/run/docker.sock" : engine;

/**
 * The engine that DOCKER_HOST names, or the usual one; any that speaks Docker's interface will do. `engine`: another than DOCKER_HOST.
 * @throws InputError if none answers
 */
export async function openEngine(engine?: string): Promise<Docker> {
  const docker = connectTo(engine);
  try {
    await withinTime(docker.ping());
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const fix =
      code === "EACCES"
        ? "you may not use it: join the group docker, or run as root"
        : "start it (systemctl start docker), or name another by DOCKER_HOST";
    throw new InputError(
      `no container engine answers at ${engineName(engine)} (${code ?? message}): ${fix}`,
      {
        cause,
      },
    );
  }
  return docker;
}

async function withinTime<T>(answer: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS / 1_000} s`)), ANSWER_MS);
  });
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(late);
  }
}

function connectTo(engine: string | undefined): Docker {
  if (engine === undefined) return new Docker(); // reads DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH itself
  const socket = /^unix:\/\/(.+)$/.exec(engine)?.[1];
  if (socket !== undefined) return new Docker({ socketPath: socket });
  const { hostname, port } = new URL(engine);
  return new Docker({ host: hostname, port });
}

/** What an engine refused, as something a person can act on, where we know what; else the error itself. */
export function explainedEngineError(error: unknown, engine?: string): unknown {
  if (error instanceof InputError) return error;
  const { statusCode, message = "" } = error as { statusCode?: number; message?: string };
  if (statusCode === undefined) return error;
  const [, fix] = FIXES.find(([pattern]) => pattern.test(message)) ?? [];
  if (fix === undefined) return error;
  return new InputError(`engine ${engineName(engine)}: ${fix} (${message})`, { cause: error });
}

const FIXES: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, "its disk is full: make room, for instance by docker system prune"],
  [
    /port is already allocated|address already in use/i,
    "a port is taken: end what has it, or choose another",
  ],
  [
    /manifest unknown|pull access denied|not found: manifest|No such image/i,
    "it has no such image: pull or build it, or leave out --image",
  ],
  [
    /Minimum memory limit|range of CPUs/i,
    "it cannot give that much or that little: change --memory-mb or --cpus",
  ],
  [
    /could not find an available|non-overlapping/i,
    "it has no addresses left for a network: docker network prune",
  ],
];

/** Status of an engine's refusal; undefined: it is something else. */
export const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number }).statusCode;
