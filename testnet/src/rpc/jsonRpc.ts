import { type Json, jsonText } from "@fluxlab/core/host";
import { keepDecimals } from "./args.ts";
import { RPC, RpcError } from "./rpcError.ts";

// JSON-RPC 1.0 as fluxd speaks it. Source: fluxd src/httprpc.cpp HTTPReq_JSONRPC, src/rpc/server.cpp JSONRPCExecBatch.

/** Runs one call. */
export type Caller = (method: string, params: readonly unknown[]) => Promise<Json>;

/** What goes out: the body, which ends with a newline, and the status of HTTP. */
export interface RpcReply {
  readonly status: number;
  readonly body: string;
}

/** Calls of one batch; more are refused, so that one request cannot keep the node busy for ever. */
const MAX_BATCH = 1_000;

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

function readCall(value: unknown): Call {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RpcError(RPC.invalidRequest, "Invalid Request object");
  }
  const { id = null, method, params } = value as { id?: unknown; method?: unknown; params?: unknown };
  const fail = (message: string): never => {
    throw new RpcError(RPC.invalidRequest, message);
  };
  if (method === undefined || method === null) fail("Missing method");
  if (typeof method !== "string") return fail("Method must be a string");
  if (params !== undefined && params !== null && !Array.isArray(params)) fail("Params must be an array");
  return { id, method, params: (params as readonly unknown[] | undefined | null) ?? [] };
}

const idOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "id" in value ? value.id : null;

const replyText = (result: Json, error: Json, id: unknown): string =>
  `{"result":${jsonText(result)},"error":${jsonText(error)},"id":${JSON.stringify(id ?? null)}}`;

interface Answer {
  readonly text: string;
  readonly code: number | undefined;
}

/** A fault of ours is told as one: the node goes on. `report` hears of it. */
async function answer(value: unknown, call: Caller, report: (error: unknown) => void): Promise<Answer> {
  try {
    const { id, method, params } = readCall(value);
    return { text: replyText(await call(method, params), null, id), code: undefined };
  } catch (error) {
    if (!(error instanceof RpcError)) report(error);
    const { code, message } =
      error instanceof RpcError ? error : new RpcError(RPC.misc, `internal: ${(error as Error).message}`);
    return { text: replyText(null, { code, message }, idOf(value)), code };
  }
}

const statusOf = (code: number | undefined): number => {
  if (code === undefined) return 200;
  if (code === RPC.invalidRequest) return 400;
  return code === RPC.methodNotFound ? 404 : 500;
};

/** Answers the body of a request, one call or a batch, which always has status 200. */
export async function answerRequest(
  body: string,
  call: Caller,
  report: (error: unknown) => void,
): Promise<RpcReply> {
  let request: unknown;
  try {
    request = JSON.parse(body, keepDecimals);
  } catch {
    const error = { code: RPC.parse, message: "Parse error" };
    return { status: 500, body: `${replyText(null, error, null)}\n` };
  }
  if (!Array.isArray(request)) {
    const { text, code } = await answer(request, call, report);
    return { status: statusOf(code), body: `${text}\n` };
  }
  if (request.length > MAX_BATCH) {
    const error = { code: RPC.invalidRequest, message: `A batch has at most ${MAX_BATCH} calls` };
    return { status: 400, body: `${replyText(null, error, null)}\n` };
  }
  const texts: string[] = [];
  for (const each of request) texts.push((await answer(each, call, report)).text);
  return { status: 200, body: `[${texts.join(",")}]\n` };
}
