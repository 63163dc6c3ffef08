import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram, startProgram, temporaryFolder } from "../support/program.ts";

const FLUX_LAB = "lab-ui/bin/flux-lab.ts";
const SCENARIO = "whitepaper-984-cumulus";

test("npm start serves the report on this machine until Ctrl-C, on the next port if the first is taken", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    const running = startProgram(FLUX_LAB, [
      SCENARIO,
      "--port",
      `${port}`,
      "--out",
      join(temporaryFolder(), "run"),
    ]);
    const output = await running.says(/http:\/\/127\.0\.0\.1:\d+\//);
    const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)![0];
    expect(address).not.toContain(`:${port}/`);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("984 Cumulus nodes");
    expect((await fetch(`${address}nodes.csv`)).status).toBe(200);
    expect((await fetch(`${address}../../package.json`)).status).toBe(404);
    expect((await fetch(`${address}%2e%2e%2f%2e%2e%2fpackage.json`)).status).toBe(404);
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
  expect(existsSync(`${out}/report.html`)).toBe(true);
});

test("a port that is none is refused", async () => {
  const { code, stderr } = await runProgram(FLUX_LAB, SCENARIO, "--port", "70000");
  expect(code).toBe(2);
  expect(stderr).toContain('--port: expected 0 to 65535, got "70000"');
});
