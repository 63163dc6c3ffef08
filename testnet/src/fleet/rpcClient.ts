import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolderOf } from "./nodeFolder.ts";
import type { NodeRpc } from "./runner.ts";

/** A node that answered with an error, in fluxd's terms. */
export class RpcRefusal extends Error {
  override name = "RpcRefusal";
  readonly code: number;
  /** Without the command. */
  readonly said: string;

  constructor(method: string, code: number, message: string) {
    super(`${method}: ${message} (code ${code})`);
    this.code = code;
    this.said = message;
  }
}

/** A node that did not answer: not there, not ready, or standing still. */
export class RpcSilence extends Error {
  override name = "RpcSilence";
}

/** An answer that takes longer is none. */
const TIMEOUT_MS = 30_000;

/** Asks one node, as `flux-cli` does: by its port and the cookie in its folder. */
export class RpcClient implements NodeRpc {
  readonly #url: string;
  readonly #cookieFile: string;

  constructor(port: number, nodeFolder: string) {
    this.#url = `http://127.0.0.1:${port}/`;
    this.#cookieFile = join(dataFolderOf(nodeFolder), ".cookie");
  }

  /** The result of a command. @throws RpcRefusal, RpcSilence */
  async call<T>(method: string, params: readonly unknown[] = [], timeoutMs = TIMEOUT_MS): Promise<T> {
    const reply = (await this.#post(method, params, timeoutMs)) as {
      readonly result: T;
      readonly error: { readonly code: number; readonly message: string } | null;
    };
    if (reply.error !== null) throw new RpcRefusal(method, reply.error.code, reply.error.message);
    return reply.result;
  }

  async #post(method: string, params: readonly unknown[], timeoutMs: number): Promise<unknown> {
    try {
      const cookie = readFileSync(this.#cookieFile, "utf8").trim(); // a new one each time the node starts
      const response = await fetch(this.#url, {
        method: "POST",
        headers: {
          authorization: `Basic ${Buffer.from(cookie).toString("base64")}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ method, params, id: 1 }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return await response.json();
    } catch (cause) {
      throw new RpcSilence(`${method}: no answer from ${this.#url}: ${(cause as Error).message}`, { cause });
    }
  }
}
