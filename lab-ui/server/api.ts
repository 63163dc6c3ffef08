import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { InputError } from "@fluxlab/core/command-line";

// What the page asks of its server: routes, who may ask, and answers as JSON or as a stream of events.

/** A call, as a route gets it. */
interface Call {
  /** What the path's groups matched, decoded. */
  readonly params: readonly string[];
  /** Of a POST: what JSON says. */
  readonly body: unknown;
}

/** Sends one event. */
export type Send = (event: object) => void;

/** Something of the path's is not there. */
export class NotFound extends InputError {}

/**
 * What is done for a call. `answer` gives what JSON can hold, or a text that is JSON already; `follow` sends events until it resolves or
 * `signal` says that nobody listens any more.
 */
export type Route = {
  readonly method: "GET" | "POST" | "DELETE";
  /** Of the path below /api/. */
  readonly path: RegExp;
} & (
  | { readonly answer: (call: Call) => unknown }
  | { readonly follow: (call: Call, send: Send, signal: AbortSignal) => Promise<void> }
);

/** Text that is JSON already. */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const MOST_BYTES = 1024 * 1024;

/** Answers one call. What changes something, which is all but GET, needs the token. */
export async function answerCall(
  routes: readonly Route[],
  token: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = routes.filter((route) => route.path.test(path));
  const method = request.method === "HEAD" ? "GET" : request.method;
  const route = asked.find((each) => each.method === method);
  if (asked.length === 0) return fail(response, 404, `there is no api/${path}`);
  if (route === undefined) {
    response.setHeader("Allow", asked.map((each) => each.method).join(", "));
    return fail(response, 405, `api/${path} does not take ${method}`);
  }
  if (route.method !== "GET" && !hasToken(request, token))
    return fail(response, 401, "this needs the token that npm start prints");
  try {
    const params = (route.path.exec(path) ?? []).slice(1).map(decoded);
    const call = { params, body: route.method === "POST" ? await jsonOf(request) : undefined };
    if ("follow" in route) return await followed(route.follow, call, response);
    const answer = await route.answer(call);
    reply(response, 200, answer instanceof JsonText ? answer.text : JSON.stringify(answer ?? {}, plain));
  } catch (error) {
    if (error instanceof InputError)
      return fail(response, error instanceof NotFound ? 404 : 400, error.message);
    fail(response, 500, (error as Error).message);
  }
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const [given, wanted] = [Buffer.from(headers.authorization ?? ""), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new InputError(`a call has at most ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    throw new InputError("the call's body is no JSON", { cause: error });
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A stream of events, as EventSource reads it. */
async function followed(
  follow: (call: Call, send: Send, signal: AbortSignal) => Promise<void>,
  call: Call,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
  const send: Send = (event) => response.write(`data: ${JSON.stringify(event, plain)}\n\n`);
  try {
    await follow(call, send, gone.signal);
  } catch (error) {
    if (!gone.signal.aborted) send({ ended: (error as Error).message });
  }
  response.end();
}

/** Columns as arrays, as reports write them (reports/src/json.ts). */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<number>) : value;
}

const fail = (response: ServerResponse, status: number, error: string): void =>
  reply(response, status, JSON.stringify({ error }));

function reply(response: ServerResponse, status: number, json: string): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
  response.end(json);
}

/** What a field of a call's body may be. */
export interface Kind<T> {
  readonly words: string;
  is(value: unknown): value is T;
}

export const TEXT: Kind<string> = {
  words: "a text",
  is: (value): value is string => typeof value === "string",
};
export const WHOLE: Kind<number> = {
  words: "a whole number, 0 or more",
  is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
};
export const orNothing = <T>({ words, is }: Kind<T>): Kind<T | undefined> => ({
  words: `${words}, or nothing`,
  is: (value): value is T | undefined => value === undefined || is(value),
});

/** A field of a call's body. @throws InputError if the body has it not */
export function fieldOf<T>(body: unknown, field: string, kind: Kind<T>): T {
  const value = (body as Readonly<Record<string, unknown>> | null)?.[field];
  if (kind.is(value)) return value;
  throw new InputError(`${field}: expected ${kind.words}, got ${JSON.stringify(value)}`);
}

/** Waits; resolves early when `signal` says so. */
export const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener("abort", done);
  });
