import { InputError } from "@fluxlab/core/command-line";
import type { Setting } from "./confFile.ts";

// fluxd's options as ours. Source: fluxd src/init.cpp HelpMessage, src/util.cpp ParseParameters.

/** A setting that takes part, and how: the last of the command line, or else the first of the file, or all there are. */
type Meaning =
  | { readonly kind: "one" | "every"; readonly option: string }
  /** `option` where it is on, `otherwise` where it is off. */
  | { readonly kind: "switch"; readonly option?: string; readonly otherwise?: string };

const one = (option: string): Meaning => ({ kind: "one", option });
const every = (option: string): Meaning => ({ kind: "every", option });
const on = (option: string): Meaning => ({ kind: "switch", option });
const off = (otherwise: string): Meaning => ({ kind: "switch", otherwise });

const MEANINGS: Readonly<Record<string, Meaning>> = {
  addnode: every("--addnode"),
  banscore: one("--ban-score"),
  bantime: one("--ban-time"),
  connect: every("--connect"),
  datadir: one("--datadir"),
  disablewallet: on("--no-wallet"),
  dnsseed: off("--no-dns-seeds"),
  exportdir: one("--export-dir"),
  externalip: one("--external-ip"),
  gen: on("--gen"),
  genproclimit: one("--gen-threads"),
  keypool: one("--key-pool"),
  listen: off("--no-listen"),
  loadblock: every("--load-blocks"),
  maxconnections: one("--max-connections"),
  maxtipage: one("--max-tip-age"),
  mineraddress: one("--miner-address"),
  mocktime: one("--mock-time"),
  par: one("--par"),
  prune: one("--prune"),
  reindex: on("--reindex"),
  rest: on("--rest"),
  rpcallowip: every("--rpc-allow-ip"),
  rpcpassword: one("--rpc-password"),
  rpcuser: one("--rpc-user"),
  whitelist: every("--whitelist"),
};

/** What publishers of ours have. Source: fluxd src/zmq/zmqnotificationinterface.cpp. */
const ZMQ = "zmqpub";

/** Put together to one option of ours each. */
const COMBINED = [
  "regtest",
  "testnet",
  "port",
  "bind",
  "rpcport",
  "rpcbind",
  "debug",
  "printtoconsole",
  "conf",
];

/** Options of fluxd that change nothing here: what they turn on is always on, or there is nothing that could be turned. */
const WITHOUT_EFFECT = new Set(
  (
    "server daemon discover txindex insightexplorer experimentalfeatures addressindex spentindex timestampindex showmetrics metricsui " +
    "metricsrefreshtime listenonion checkblocks checklevel checkblockindex checkmempool dbcache rpcthreads rpcworkqueue " +
    "rpcservertimeout logips logtimestamps shrinkdebugfile equihashsolver help-debug flushwallet walletbroadcast pid upnp"
  ).split(" "),
);

const isOn = (value: string): boolean => value === "" || Number.parseInt(value, 10) !== 0;

/** Ours, and fluxd's: those with one dash, `-name` or `-name=value`. */
export function splitArguments(argv: readonly string[]): {
  readonly ours: readonly string[];
  readonly settings: readonly Setting[];
} {
  const ours: string[] = [];
  const settings: Setting[] = [];
  for (const each of argv) {
    const match = /^-([A-Za-z?][\w-]+)(?:=(.*))?$/s.exec(each);
    if (match === null) ours.push(each);
    else settings.push({ name: match[1]!, value: match[2] ?? "", where: `-${match[1]}` });
  }
  return { ours, settings };
}

/** What settings come to: arguments of ours, and what a person should know about the rest. */
export interface Translation {
  readonly args: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Settings of the command line and of a file as arguments of ours. What the command line says is not asked of the file; options that
 * may be repeated are taken from both. @throws InputError for settings that contradict each other
 */
export function translate(fromLine: readonly Setting[], fromFile: readonly Setting[]): Translation {
  const settings = [...[...fromLine].reverse().map(positive), ...fromFile.map(positive)];
  const first = (name: string): Setting | undefined => settings.find((each) => each.name === name);
  const args: string[] = [...networkOf(first), ...placesOf(first)];
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const setting of settings) {
    const { name, value, where } = setting;
    const meaning = Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined;
    if (meaning?.kind === "every") args.push(meaning.option, value);
    else if (name.startsWith(ZMQ)) args.push("--zmq", `${name.slice(ZMQ.length)}=${value}`);
    else if (meaning !== undefined && !seen.has(name)) args.push(...single(meaning, value));
    else if (meaning === undefined && !COMBINED.includes(name)) {
      warnings.push(
        WITHOUT_EFFECT.has(name)
          ? `${where}: ${name} changes nothing here`
          : `${where}: unknown option ${name} is ignored`,
      );
    }
    seen.add(name);
  }
  return { args, warnings };
}

/** -nolisten is -listen=0. Source: fluxd src/util.cpp InterpretNegativeSetting. */
function positive(setting: Setting): Setting {
  const name = setting.name.slice(2);
  const negative = setting.name.startsWith("no") && MEANINGS[name]?.kind === "switch";
  return negative ? { ...setting, name, value: isOn(setting.value) ? "0" : "1" } : setting;
}

function single(meaning: Meaning, value: string): string[] {
  if (meaning.kind !== "switch") return [meaning.option, value];
  const chosen = isOn(value) ? meaning.option : meaning.otherwise;
  return chosen === undefined ? [] : [chosen];
}

type Lookup = (name: string) => Setting | undefined;

function networkOf(first: Lookup): string[] {
  const chosen = (["regtest", "testnet"] as const).filter((name) => isOn(first(name)?.value ?? "0"));
  if (chosen.length > 1)
    throw new InputError(`${first("testnet")?.where}: -regtest and -testnet exclude each other`);
  return chosen.length === 0 ? [] : ["--network", chosen[0] === "testnet" ? "test" : "regtest"];
}

/** Addresses to listen on, from their parts, and where the log goes. */
function placesOf(first: Lookup): string[] {
  const text = (name: string): string | undefined => first(name)?.value;
  const endpoint = (option: string, host: string | undefined, port: string | undefined, anyHost: string) =>
    host === undefined && port === undefined
      ? []
      : [option, port === undefined ? host! : `${bracketed(host ?? anyHost)}:${port}`];
  const debug = text("debug");
  return [
    ...(isOn(text("listen") ?? "1") ? endpoint("--listen", text("bind"), text("port"), "0.0.0.0") : []),
    ...endpoint("--rpc", text("rpcbind"), text("rpcport"), "127.0.0.1"),
    ...(debug !== undefined && debug !== "0" ? ["--log-level", "debug"] : []),
    ...(isOn(text("printtoconsole") ?? "1") ? [] : ["--log-file"]),
  ];
}

const bracketed = (host: string): string =>
  host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
