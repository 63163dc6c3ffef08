import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeWif, encodeWif, toDisplayHex } from "@fluxlab/core";
import type { Json } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { type CommandContext, type CommandGroup, walletOf } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { REFERENCE_VERSION } from "../version.ts";

// Wallets as text that fluxd reads and writes: a key a line, then what is known of it. Source: fluxd src/wallet/rpcdump.cpp.

const dumpTime = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");

/** What is no plain letter, as %xx. Source: fluxd src/wallet/rpcdump.cpp EncodeDumpString. */
const encodeLabel = (label: string): string =>
  [...Buffer.from(label, "utf8")]
    .map((byte) =>
      byte <= 0x20 || byte >= 0x80 || byte === 0x25
        ? `%${byte.toString(16).padStart(2, "0")}`
        : String.fromCharCode(byte),
    )
    .join("");

function dumpText(context: CommandContext): string {
  const wallet = walletOf(context, "keys");
  const { api } = context;
  const { chain } = api.node;
  const { tree } = chain.shared;
  const keys = [...wallet.dumped()].sort((a, b) => a.created - b.created);
  const lines = keys.map(({ key, created, pooled, address }) => {
    const label = wallet.labelOf(address);
    const known = label !== undefined ? `label=${encodeLabel(label)}` : pooled ? "reserve=1" : "change=1";
    return `${encodeWif(key, api.params)} ${dumpTime(created)} ${known} # addr=${address}`;
  });
  return [
    `# Wallet dump created by Flux ${REFERENCE_VERSION}`,
    `# * Created on ${dumpTime(api.now())}`,
    `# * Best block at time of backup was ${chain.tipHeight} (${toDisplayHex(chain.tipHash)}),`,
    `#   mined on ${dumpTime(tree.time(chain.tip))}`,
    "",
    ...lines,
    "",
    "# End of dump",
    "",
  ].join("\n");
}

function dumpWallet(args: Args, context: CommandContext): Json {
  const name = args.at(0).text();
  const { exportFolder } = context;
  if (exportFolder === undefined)
    throw new RpcError(RPC.internal, "Cannot export wallet until the -exportdir option has been set");
  if (!/^[A-Za-z0-9]+$/.test(name))
    throw new RpcError(
      RPC.parameter,
      "Filename is invalid as only alphanumeric characters are allowed.  Try 'name' instead.",
    );
  const file = join(exportFolder, name);
  if (existsSync(file)) throw new RpcError(RPC.parameter, `Cannot overwrite existing file ${file}`);
  const text = dumpText(context);
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 }); // keys are for their owner
  } catch {
    throw new RpcError(RPC.parameter, "Cannot open wallet dump file");
  }
  return file;
}

function importWallet(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context, "keys");
  let text: string;
  try {
    text = readFileSync(args.at(0).text(), "utf8");
  } catch {
    throw new RpcError(RPC.parameter, "Cannot open wallet dump file");
  }
  for (const line of text.split("\n")) {
    const [words = "", address] = line.split(/\s*# addr=/);
    if (line.startsWith("#") || words.trim() === "") continue;
    const [wif = "", , ...facts] = words.trim().split(/\s+/);
    const key = decodeWif(wif, context.api.params);
    if (key === undefined) continue; // a shielded one, or none; fluxd goes on, too
    wallet.importKey(key);
    const label = facts.find((fact) => fact.startsWith("label="))?.slice("label=".length);
    if (label !== undefined && address !== undefined) wallet.setLabel(address.trim(), decodeLabel(label));
  }
  return null;
}

const decodeLabel = (text: string): string => {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
};

export const walletDumpCommands: CommandGroup = {
  category: "Wallet",
  commands: [
    {
      name: "dumpwallet",
      usage: 'dumpwallet "filename"',
      help: "Writes all keys to a new text file of the export folder, and returns its path. Whoever reads it can spend.",
      takes: [1, 1],
      run: dumpWallet,
    },
    {
      name: "importwallet",
      usage: 'importwallet "filename"',
      help: "Takes in the keys of a file that dumpwallet wrote, those of transparent addresses.",
      takes: [1, 1],
      run: importWallet,
    },
  ],
};
