import { request } from "node:http";
import { RPC, RpcError, RpcServer } from "@fluxlab/testnet/rpc";
import { afterEach, describe, expect, test, vi } from "vitest";

const servers: RpcServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const AUTHORIZATION = `Basic ${Buffer.from("user:pass").toString("base64")}`;

async function served(call: (method: string, params: readonly unknown[]) => Promise<never | string>) {
  const faults: unknown[] = [];
  const server = await RpcServer.start({
    host: "127.0.0.1",
    port: 0,
    credentials: { user: "user", password: "pass" },
    allowed: () => false,
    call,
    rest: (path) => ({ status: 200, type: "text/plain", body: path }),
    report: (error) => faults.push(error),
  });
  servers.push(server);
  const ask = async (
    body: string,
    headers: Record<string, string> = { authorization: AUTHORIZATION },
    path = "/",
  ) => {
    const reply = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: "POST", headers, body });
    return { status: reply.status, text: await reply.text(), headers: reply.headers };
  };
  return { server, ask, faults };
}

const echo = async (method: string, params: readonly unknown[]): Promise<string> => {
  if (method === "fail") throw new RpcError(RPC.notFound, "not here");
  if (method === "break") throw new Error("our bug");
  if (method === "unknown") throw new RpcError(RPC.methodNotFound, "Method not found");
  return `${method} ${params.length}`;
};

describe("JSON-RPC", () => {
  test("answers in fluxd's form", async () => {
    const { ask } = await served(echo);
    expect(await ask('{"id":"t","method":"a","params":[1,2]}')).toMatchObject({
      status: 200,
      text: '{"result":"a 2","error":null,"id":"t"}\n',
    });
    expect(await ask('{"method":"a","params":null}')).toMatchObject({
      text: '{"result":"a 0","error":null,"id":null}\n',
    });
  });

  test.each([
    ['{"id":1,"method":"fail"}', 500, { code: -5, message: "not here" }],
    ['{"id":1,"method":"unknown"}', 404, { code: -32601, message: "Method not found" }],
    ['{"id":1,"method":"a","params":{}}', 400, { code: -32600, message: "Params must be an array" }],
    ['{"id":1,"method":7}', 400, { code: -32600, message: "Method must be a string" }],
    ['{"id":1}', 400, { code: -32600, message: "Missing method" }],
    ["7", 400, { code: -32600, message: "Invalid Request object" }],
    ["{", 500, { code: -32700, message: "Parse error" }],
  ])("%s has status %i", async (body, status, error) => {
    const { ask } = await served(echo);
    const reply = await ask(body);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.text)).toMatchObject({ result: null, error });
  });

  test("a batch is answered one by one with status 200", async () => {
    const { ask } = await served(echo);
    const { status, text } = await ask('[{"id":1,"method":"a"},{"id":2,"method":"fail"},7]');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject([
      { result: "a 0", id: 1 },
      { error: { code: -5 }, id: 2 },
      { error: { code: -32600 }, id: null },
    ]);
  });

  test("our own fault is told, reported, and survived", async () => {
    const { ask, faults } = await served(echo);
    expect((await ask('{"method":"break"}')).status).toBe(500);
    expect(faults).toHaveLength(1);
    expect((await ask('{"method":"a"}')).status).toBe(200);
  });
});

describe("HTTP", () => {
  test("without the password nothing is answered", async () => {
    const { ask } = await served(echo);
    for (const headers of [{}, { authorization: "Basic bm8=" }, { authorization: "Bearer x" }] as Record<
      string,
      string
    >[]) {
      const reply = await ask('{"method":"a"}', headers);
      expect(reply.status).toBe(401);
      expect(reply.headers.get("www-authenticate")).toBe('Basic realm="jsonrpc"');
      expect(reply.text).toBe("");
    }
  });

  test("other paths and methods", async () => {
    const { server, ask } = await served(echo);
    expect((await ask("{}", undefined, "/other")).status).toBe(404);
    const got = await fetch(`http://127.0.0.1:${server.port}/`);
    expect([got.status, await got.text()]).toEqual([405, "JSONRPC server handles only POST requests"]);
    const rest = await fetch(`http://127.0.0.1:${server.port}/rest/chaininfo.json`);
    expect(await rest.text()).toBe("/rest/chaininfo.json");
  });

  test("more than 32 MiB are not read", async () => {
    const { server } = await served(echo);
    const status = await new Promise((resolve) => {
      const headers = { authorization: AUTHORIZATION };
      const sent = request({ port: server.port, host: "127.0.0.1", method: "POST", headers }, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      });
      sent.on("error", () => {}); // the server hangs up while we still send
      const part = Buffer.alloc(1024 * 1024, 32);
      for (let i = 0; i < 33; i++) sent.write(part);
      sent.end();
    });
    expect(status).toBe(413);
  });

  test("what waits too long in line is told so", async () => {
    const release: (() => void)[] = [];
    const { ask } = await served(async () => {
      await new Promise<void>((resolve) => release.push(resolve));
      return "done";
    });
    const replies = Array.from({ length: 30 }, () => ask('{"method":"slow"}'));
    let refused = 0;
    for (const reply of replies) void reply.then(({ status }) => (refused += status === 500 ? 1 : 0));
    // The overflow is answered while nothing is released.
    await vi.waitFor(() => expect(refused).toBe(10), { timeout: 60_000 });
    const pump = setInterval(() => {
      for (const each of release.splice(0)) each();
    }, 1);
    const statuses = (await Promise.all(replies)).map(({ status }) => status);
    clearInterval(pump);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
  });
});
