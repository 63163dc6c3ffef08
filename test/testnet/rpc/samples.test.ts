import { answerRest } from "@fluxlab/testnet/rpc";
import { expect } from "vitest";
import { wasmEquihash } from "../../support/equihash.ts";
import { readLabChain, sharedChainOf } from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { RpcNode } from "../../support/rpcNode.ts";
import { readJson, readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// What fluxd answered, asked of a node with the same chain: bodies are compared as texts, so order and form of everything count.

interface RecordedCall {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly httpStatus: number;
  readonly body: string;
}

interface Samples {
  readonly mockTime: number;
  readonly calls: readonly RecordedCall[];
  readonly rest: readonly {
    readonly path: string;
    readonly httpStatus: number;
    readonly contentType: string;
    readonly body: string;
  }[];
}

interface Verbatim {
  readonly height: number;
  readonly tipTime: number;
  readonly rpc: Readonly<Record<string, unknown>>;
}

/** What depends on the recording daemon's disk, wallet and words: by method, members that are left out on both sides. */
const OWN: Readonly<Record<string, RegExp>> = {
  getblockchaininfo: /"size_on_disk":\d+/,
  getinfo: /"keypoololdest":\d+,"keypoolsize":\d+/,
  getnetworkinfo: /"subversion":"[^"]*"/,
};

/** Help and usage are in our own words. */
const isHelp = ({ method, body }: RecordedCall): boolean =>
  method === "help" || /"message":"[a-z]+(?:[^"\\]|\\")*\\n/.test(body);

/** fluxd sorts these by height alone, and not stably: what is of one height is in no order. */
const UNORDERED = new Set(["getaddressutxos"]);

function compared(method: string, body: string): string {
  const text = body.replace(OWN[method] ?? /^$/, "");
  return UNORDERED.has(method)
    ? text
        .split(/(?<=\}),/)
        .sort()
        .join()
    : text;
}

async function replayed(
  upTo: number,
  each: (node: RpcNode, height: number) => Promise<void>,
): Promise<RpcNode> {
  const chain = readLabChain();
  const shared = sharedChainOf(chain[0]!.block, "signatures", labnet(), wasmEquihash);
  const node = new RpcNode(shared, chain[0]!.line.time, { useCheckpoints: false });
  let latest = 0;
  for (const { line, block } of chain.slice(1, upTo + 1)) {
    latest = Math.max(latest, line.time);
    node.ports.time = latest * 1_000_000;
    expect(node.node.submitBlock(block).result).toEqual({ outcome: "active" });
    await each(node, line.height);
  }
  return node;
}

vectorTest(
  "every recorded call is answered as fluxd answered it",
  async () => {
    const { mockTime, calls, rest } = readJson<Samples>("labnet/rpc-samples.json");
    const node = await replayed(2100, async () => {});
    node.ports.time = mockTime * 1_000_000;
    const wrong: unknown[] = [];
    for (const recorded of calls) {
      const { method, params, httpStatus, body } = recorded;
      const reply = await node.answer(JSON.stringify({ id: "t", method, params }));
      const same = isHelp(recorded)
        ? reply.status === httpStatus
        : reply.status === httpStatus && compared(method, reply.body) === compared(method, body);
      const at = [...body].findIndex((letter, i) => letter !== reply.body[i]);
      const around = (text: string): string => text.slice(Math.max(0, at - 100), at + 100);
      if (!same)
        wrong.push({
          call: `${method} ${JSON.stringify(params).slice(0, 100)}`,
          ours: around(reply.body),
          theirs: around(body),
        });
    }
    expect(wrong).toEqual([]);
    for (const { path, httpStatus, contentType, body } of rest) {
      const reply = answerRest(path, node.context);
      const ours = {
        path,
        status: reply.status,
        type: reply.type,
        body: compared("getblockchaininfo", `${reply.body}`),
      };
      expect(ours).toEqual({
        path,
        status: httpStatus,
        type: contentType,
        body: compared("getblockchaininfo", body),
      });
    }
  },
  300_000,
);

/** The recording has numbers with a fraction as texts. */
vectorTest(
  "FluxNode lists are fluxd's at every recorded height",
  async () => {
    const verbatim = new Map(
      readJsonLines<Verbatim>("labnet/fluxnode-rpc-verbatim.jsonl").map((each) => [each.height, each]),
    );
    let asked = 0;
    await replayed(2100, async (node, height) => {
      for (const [method, result] of Object.entries(verbatim.get(height)?.rpc ?? {})) {
        expect({ height, method, result: await node.ask(method) }).toEqual({ height, method, result });
        asked++;
      }
    });
    expect(asked).toBe(verbatim.size * 6);
  },
  300_000,
);
