import { readFileSync } from "node:fs";
import { InputError } from "@fluxlab/core/command-line";

/** One option as fluxd knows it, and who set it. */
export interface Setting {
  /** Without dashes. */
  readonly name: string;
  readonly value: string;
  /** "flux.conf:12", or "-name" of the command line. */
  readonly where: string;
}

/**
 * The settings of a flux.conf, in order: `key=value`, a comment behind "#". fluxd knows no sections; a key below `[section]` is
 * "section.key" to it, which is no option. Source: fluxd src/util.cpp ReadConfigFile. @throws InputError with file and line
 */
export function parseConf(text: string, file: string): Setting[] {
  let section = "";
  return text.split("\n").flatMap((raw, at): Setting[] => {
    const where = `${file}:${at + 1}`;
    const line = raw.replace(/#.*$/, "").trim();
    if (line === "") return [];
    const heading = /^\[(.*)\]$/.exec(line);
    if (heading !== null) {
      section = `${heading[1]}.`;
      return [];
    }
    const equals = line.indexOf("=");
    if (equals <= 0) throw new InputError(`${where}: expected key=value`); // the line may be a secret
    return [{ name: section + line.slice(0, equals).trim(), value: line.slice(equals + 1).trim(), where }];
  });
}

/** The same of a file; none of one that is not there, unless a person named it. @throws InputError */
export function readConf(file: string, named: boolean): Setting[] {
  try {
    return parseConf(readFileSync(file, "utf8"), file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if ((code === "ENOENT" || code === "ENOTDIR") && !named) return [];
    throw new InputError(`-conf=${file}: cannot be read (${code})`);
  }
}
