import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "./wallet/walletFile.ts";

// Who may call. Source: fluxd src/rpc/protocol.cpp GenerateAuthCookie, src/httprpc.cpp RPCAuthorized.

/** Name and password. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const COOKIE_FILE = ".cookie";
const COOKIE_USER = "__cookie__";

/** Where the cookie of a node lies that uses this folder. */
export const cookiePath = (folder: string): string => join(folder, COOKIE_FILE);

/** Credentials for one run. */
export const newCookie = (): Credentials => ({
  user: COOKIE_USER,
  password: randomBytes(32).toString("base64"),
});

/** Leaves credentials where whoever may read the folder's files finds them. */
export const writeCookie = (folder: string, { user, password }: Credentials): void =>
  writeDurably(cookiePath(folder), `${user}:${password}`);

export const removeCookie = (folder: string): void => rmSync(cookiePath(folder), { force: true });

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Whether the header of a request names these credentials. Takes as long whatever is wrong with it. */
export function isAuthorized(header: string, { user, password }: Credentials): boolean {
  const given = /^Basic ([A-Za-z0-9+/=]+)$/.exec(header)?.[1] ?? "";
  const wanted = digest(`${user}:${password}`);
  return timingSafeEqual(digest(Buffer.from(given, "base64").toString("utf8")), wanted);
}
