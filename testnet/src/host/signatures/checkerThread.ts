import { parentPort, workerData } from "node:worker_threads";
import { nobleEcdsa, type Params, ParseError, parseWhole, readBlock } from "@fluxlab/core";
import { loadNativeEcdsa } from "../nativeSecp256k1.ts";
import { askCurve, type ComingBlock } from "./blockQuestions.ts";
import { NotedCurve } from "./foreseenAnswers.ts";

// The thread of a CheckerPool: asks the curve for each block that comes, and answers with what it said.

const params = workerData as Params;
const curve = new NotedCurve(loadNativeEcdsa() ?? nobleEcdsa);

parentPort!.on("message", (coming: ComingBlock) => {
  const block = parseWhole(coming.payload, readBlock);
  if (!(block instanceof ParseError)) askCurve(curve.ecdsa, block, coming, params);
  parentPort!.postMessage(curve.takeNotes());
});
