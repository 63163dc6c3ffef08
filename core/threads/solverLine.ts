import type { FromSolverThread, SolverAnswer, ToSolverThread } from "./messages.ts";

/** A worker as its host starts it. */
export interface SolverWorker {
  post(message: ToSolverThread, transfer: readonly MessagePort[]): void;
  /** Whom it tells what it has to say, and that it cannot go on. Called once. */
  attach(hear: (message: FromSolverThread) => void, fail: (error: Error) => void): void;
  /** Ends the worker, whatever it does. */
  terminate(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: SolverAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly onStep: () => void;
}

/** Questions to one worker and its answers. */
export class SolverLine {
  readonly #worker: SolverWorker;
  #waiting: Waiting | undefined;
  /** Why no more can be asked. */
  #ended: Error | undefined;

  constructor(worker: SolverWorker) {
    this.#worker = worker;
    worker.attach(
      (message) => this.#hear(message),
      (error) => this.#end(error),
    );
  }

  ask(
    message: ToSolverThread,
    onStep = () => {},
    transfer: readonly MessagePort[] = [],
  ): Promise<SolverAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#waiting = { resolve, reject, onStep };
      this.#worker.post(message, transfer);
    });
  }

  /** Ends the worker; whoever waits for it is told. */
  async close(): Promise<void> {
    this.#end(new Error("the solver was closed"));
    await this.#worker.terminate();
  }

  #hear(message: FromSolverThread): void {
    if (message.type === "step") this.#waiting?.onStep();
    else if (message.type === "broken") this.#end(new Error(message.message));
    else this.#waiting?.resolve(message);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#waiting?.reject(error);
  }
}
