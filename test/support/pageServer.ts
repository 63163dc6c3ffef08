import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A file that is served: its type and what is in it. */
export interface ServedFile {
  readonly type: "text/html" | "text/javascript" | "application/wasm";
  readonly body: string | Uint8Array;
}

/** What a page needs to be cross-origin isolated, so that its threads may share memory. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Serves files by path on a free port of this machine while `use` runs; `isolated`: with the headers for shared memory. */
export async function withPageServer(
  files: Readonly<Record<string, ServedFile>>,
  isolated: boolean,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const server = createServer(({ url }, response) => {
    const file = files[url ?? ""];
    response.writeHead(file === undefined ? 404 : 200, {
      "Content-Type": file?.type ?? "text/plain",
      ...(isolated ? ISOLATION : {}),
    });
    response.end(file?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
