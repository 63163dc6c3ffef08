/** What has been acquired and has to be given back, last first, however it ends: processes, servers, timers, files. */
export class Releases {
  readonly #steps: { readonly what: string; readonly release: () => void | Promise<void> }[] = [];
  #running: Promise<readonly Error[]> | undefined;

  /** `what` names the thing in messages. */
  add(what: string, release: () => void | Promise<void>): void {
    this.#steps.push({ what, release });
  }

  /** Gives everything back, whatever fails on the way; a second call waits for the first. Answers with what failed. */
  release(): Promise<readonly Error[]> {
    this.#running ??= this.#release();
    return this.#running;
  }

  async #release(): Promise<readonly Error[]> {
    const failures: Error[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.release();
      } catch (cause) {
        failures.push(new Error(`${step.what}: ${(cause as Error).message}`, { cause }));
      }
    }
    return failures;
  }
}
