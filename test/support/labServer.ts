import { builtPage, serveLab } from "@fluxlab/lab-ui/server";
import { afterAll, beforeAll } from "vitest";

/** What a file's tests know of their server; filled in before the first of them. */
export interface TestServer {
  /** http://127.0.0.1:PORT/ */
  address: string;
  token: string;
  /** Folder of the built page. */
  page: string;
}

/** Builds the page if it has to be, and serves it and the runs of a folder to all tests of a file. */
export function labServer(runs = "runs", before: () => void = () => {}): TestServer {
  const server: TestServer = { address: "", token: "", page: "" };
  let close = async () => {};
  beforeAll(async () => {
    before();
    server.page = builtPage(() => {});
    const started = await serveLab(server.page, runs, 0);
    Object.assign(server, { address: started.address, token: started.token });
    close = started.close;
  }, 180_000);
  afterAll(() => close());
  return server;
}
