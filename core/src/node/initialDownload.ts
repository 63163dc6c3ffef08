import { compareU256, u256FromHex } from "../bytes/u256.ts";
import type { Params } from "../params/params.ts";
import { perParams } from "../params/perParams.ts";
import type { NodeContext } from "./nodeContext.ts";

const minimumWork = perParams(({ minimumChainWork }: Params) => u256FromHex(minimumChainWork));

/** Whether a node is still catching up with the network; once it is not, it never is again. */
export class InitialDownload {
  readonly #context: NodeContext;
  #over: boolean;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#over = false;
  }

  /** Not at genesis either, but that is not for good. Source: fluxd src/main.cpp IsInitialBlockDownload. */
  get running(): boolean {
    if (this.#over) return false;
    const { chain, shared, params, settings, seconds } = this.#context;
    const { tree } = shared.chain;
    if (chain.tipHeight === 0) return false;
    if (compareU256(tree.work(chain.tip), minimumWork(params)) < 0) return true;
    if (tree.time(chain.tip) < seconds - settings.maxTipAge) return true;
    this.#over = true;
    return false;
  }
}
