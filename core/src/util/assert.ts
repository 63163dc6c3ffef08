/**
 * Stops on a broken invariant: our own bug, never bad input. Stays on in every build.
 * `message` says why the condition should have held.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Marks a place no input can reach; the type error appears when a union gains a member. */
export function unreachable(value: never, title: string): never {
  throw new Error(`Invariant broken: ${title} has no case for ${String(value)}`);
}
