import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import type { SealedMaster } from "./encryption.ts";

/** A key as the file has it. */
export interface StoredKey {
  /** SEC form, wire hex. */
  readonly publicKey: string;
  /** 32 bytes: wire hex, or sealed under the master key if there is one. */
  readonly secret: string;
  /** Unix seconds; 0: unknown, so the whole chain counts. */
  readonly created: number;
  /** Waits to be handed out. */
  readonly pooled: boolean;
}

/** A payment of this wallet. */
export interface SentPayment {
  /** Display order. */
  readonly txid: string;
  readonly hex: string;
  /** Unix seconds. */
  readonly time: number;
  /** Of the tip then; undefined: noted by an earlier version. */
  readonly height?: number;
  readonly comment: string;
  readonly to: string;
  /** The one address it was paid from, if the owner named one. */
  readonly from?: string;
}

/** What a wallet remembers. Coins are not in it: the chain says what they are. */
export interface WalletContents {
  /** 1: from when the address book held only addresses with a label. */
  readonly format: 1 | 2;
  readonly network: string;
  readonly master: SealedMaster | undefined;
  readonly keys: readonly StoredKey[];
  /** Redeem scripts, wire hex. */
  readonly scripts: readonly string[];
  /** Addresses that are looked at and cannot be spent from. */
  readonly watched: readonly string[];
  /** The address book, account by address: whatever the owner was told or told us. Change is not in it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly sent: readonly SentPayment[];
  /** What getaccountaddress says until it was paid. */
  readonly accountAddress?: string;
}

/** A wallet without keys. */
export const emptyWallet = (network: string): WalletContents => ({
  format: 2,
  network,
  master: undefined,
  keys: [],
  scripts: [],
  watched: [],
  labels: {},
  sent: [],
});

/** Where a wallet's contents are kept. */
export interface WalletStore {
  load(): WalletContents | undefined;
  /** When it returns, the contents survive a crash. */
  save(contents: WalletContents): void;
}

/** Nobody but the owner reads keys. */
const OWNER_ONLY = 0o600;

/** A file that is replaced as a whole: whatever happens, the contents before or after are there. */
export class WalletFile implements WalletStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws InputError if the file is none of ours */
  load(): WalletContents | undefined {
    if (!existsSync(this.#path)) return undefined;
    let contents: WalletContents;
    try {
      contents = JSON.parse(readFileSync(this.#path, "utf8")) as WalletContents;
    } catch (error) {
      throw new InputError(
        `${this.#path}: not a wallet: ${(error as Error).message}: restore it from a backup`,
      );
    }
    if (contents.format !== 1 && contents.format !== 2) {
      throw new InputError(
        `${this.#path}: format ${contents.format} is not one this version reads: update this program`,
      );
    }
    return contents;
  }

  save(contents: WalletContents): void {
    writeDurably(this.#path, `${JSON.stringify(contents, undefined, 1)}\n`);
  }
}

/** Writes beside the file and moves over it, each step on the disk before the next. */
export function writeDurably(path: string, text: string): void {
  const draft = `${path}.tmp`;
  const descriptor = openSync(draft, "w", OWNER_ONLY);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
