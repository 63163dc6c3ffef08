import type { ApiFailure, NetworkPrediction, StoredRun } from "@fluxlab/lab-ui/api";
import { readAnyRecord } from "@fluxlab/reports/metrics";
import type { AnyRecord } from "@fluxlab/sim";

// The lab's server, if there is one: the built page works without.

/** The server does not know the token that came with a call, or none came. */
export class NoToken extends Error {}

/** How a call is made. */
export interface CallOptions {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: object;
  readonly token?: string;
}

/** @throws Error with the server's words, NoToken if it wants another token */
async function callServer(path: string, { method = "GET", body, token }: CallOptions = {}): Promise<string> {
  const response = await fetch(`api/${path}`, {
    method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.headers.get("content-type")?.startsWith("application/json") !== true)
    throw new Error("this page has no server of the lab: start it by npm start");
  if (response.ok) return text;
  const { error } = JSON.parse(text) as ApiFailure;
  throw response.status === 401 ? new NoToken(error) : new Error(error);
}

/** The same for what answers with data. */
export const askServer = async <T>(path: string, options?: CallOptions): Promise<T> =>
  JSON.parse(await callServer(path, options)) as T;

/**
 * Follows a stream of events until it has ended or is stopped; `onLost`: the server is gone. Gives what stops it. One that breaks is begun
 * anew, from its beginning, and `onEvent` hears everything again.
 */
export function followServer<T>(path: string, onEvent: (event: T) => void, onLost: () => void): () => void {
  const source = new EventSource(`api/${path}`);
  source.onmessage = ({ data }: MessageEvent<string>) => onEvent(JSON.parse(data) as T);
  source.onerror = () => onLost();
  return () => source.close();
}

/** The stored runs, newest first; undefined without a server of ours. */
export async function storedRuns(): Promise<readonly StoredRun[] | undefined> {
  try {
    return await askServer<readonly StoredRun[]>("runs");
  } catch {
    return undefined; // opened from a file, or the server has ended
  }
}

/** @throws Error if there is no such run, or it cannot be read. */
export const storedRecord = async (name: string): Promise<AnyRecord> =>
  readAnyRecord(await callServer(`runs/${encodeURIComponent(name)}`));

/** What simulations said of a stored run. @throws Error likewise */
export const storedVerification = (name: string): Promise<NetworkPrediction> =>
  askServer(`runs/${encodeURIComponent(name)}/verification`);
