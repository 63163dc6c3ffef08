import { InputError } from "@fluxlab/core/command-line";
import { runCommandLine } from "./runCommandLine.ts";

/**
 * The files of all libraries that a program of this machine loads, the loader among them; none if it holds all it needs.
 * @throws InputError naming a library that is missing
 */
export async function librariesOf(program: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runCommandLine(["ldd", program]);
  if (code !== 0 && !/not a dynamic executable/.test(stderr))
    throw new InputError(`ldd ${program} failed: ${stderr.trim()}`);
  const [, missing] = /^\s*(\S+) => not found$/m.exec(stdout) ?? [];
  if (missing !== undefined)
    throw new InputError(`${program}: this machine lacks ${missing}, which it loads: install it`);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file]) => file!);
}
