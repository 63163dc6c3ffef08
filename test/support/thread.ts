import { Worker } from "node:worker_threads";

/** What `call` comes to in a worker thread after `script`, which `bundle` made. */
export const callInThread = <T>(script: string, call: string): Promise<T> =>
  new Promise((resolve, reject) => {
    const source = `${script}\nrequire("node:worker_threads").parentPort.postMessage(${call});`;
    const thread = new Worker(source, { eval: true });
    thread.once("message", resolve);
    thread.once("error", reject);
  });
