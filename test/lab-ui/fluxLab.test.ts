import { existsSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram, startProgram, temporaryFolder } from "../support/program.ts";

const FLUX_LAB = "lab-ui/bin/flux-lab.ts";
const SCENARIO = "whitepaper-984-cumulus";

/** The answer to a GET whose Host header says `host`. */
const statusFor = (address: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(address, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

/** The page is asked for each time, what it names is kept for good; both come compressed to whoever can read that. */
async function expectKept(address: string, html: string): Promise<void> {
  const page = await fetch(address, { headers: { "accept-encoding": "gzip" } });
  expect(page.headers.get("cache-control")).toBe("no-cache");
  expect(page.headers.get("content-encoding")).toBe("gzip");
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)![1]!;
  const br = await fetch(`${address}${script}`, { headers: { "accept-encoding": "br" } });
  expect(br.headers.get("cache-control")).toContain("immutable");
  expect(br.headers.get("content-encoding")).toBe("br");
  const plain = await fetch(`${address}${script}`, { headers: { "accept-encoding": "identity" } });
  expect(plain.headers.get("content-encoding")).toBeNull();
  const [small, large] = [br, plain].map(({ headers }) => Number(headers.get("content-length")));
  expect(small!).toBeLessThan(large! / 2);
  expect(await br.text()).toBe(await plain.text());
}

test("npm start serves the lab on this machine until Ctrl-C, on the next port if the first is taken", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    const running = startProgram(FLUX_LAB, [SCENARIO, "--port", `${port}`]);
    const output = await running.says(/http:\/\/127\.0\.0\.1:\d+\//);
    expect(output).toContain(`#/run/${SCENARIO}`);
    const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)![0];
    expect(address).not.toContain(`:${port}/`);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    const html = await page.text();
    expect(html).toContain("<title>Flux Lab</title>");
    await expectKept(address, html);
    expect(await (await fetch(`${address}api/runs`)).json()).toBeInstanceOf(Array);
    for (const path of ["api/nothing", "api/runs/..%2f..", "api/runs/%2e%2e", "%2e%2e%2fpackage.json"])
      expect((await fetch(`${address}${path}`)).status, path).toBe(404);
    expect((await fetch(`${address}api/runs`, { method: "POST" })).status).toBe(405);
    expect(await statusFor(address, "evil.example")).toBe(403);
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
  } finally {
    taken.close();
  }
});

test("npm start -- --once leaves the report and ends", async () => {
  const out = join(temporaryFolder(), "run");
  const { code, stdout } = await runProgram(FLUX_LAB, SCENARIO, "--once", "--out", out);
  expect(code).toBe(0);
  expect(stdout).toContain(`report  ${out}/report.html`);
  expect(stdout).toContain("http://127.0.0.1:4400/");
  expect(existsSync(`${out}/report.html`)).toBe(true);
});

test("a port that is none, and a place that the lab does not show, are refused", async () => {
  const [port, out] = await Promise.all([
    runProgram(FLUX_LAB, SCENARIO, "--port", "70000"),
    runProgram(FLUX_LAB, SCENARIO, "--out", "/tmp/elsewhere/run"),
  ]);
  expect(port.code).toBe(2);
  expect(port.stderr).toContain('--port: expected 0 to 65535, got "70000"');
  expect(out.code).toBe(2);
  expect(out.stderr).toContain("--out: the lab shows runs in runs/ alone");
});
