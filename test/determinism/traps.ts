// What a deterministic run must never touch, set to throw while one is played.

const INEXACT_MATH = [
  ...["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "exp", "expm1"],
  ...["hypot", "log", "log10", "log1p", "log2", "pow", "sin", "sinh", "tan", "tanh"],
] as const;

const HOST_FUNCTIONS = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch"] as const;

/** Every [object, member] that is trapped. */
export const TRAPPED: readonly (readonly [object, string])[] = [
  [globalThis, "Date"],
  [globalThis, "Intl"],
  [globalThis, "performance"],
  [Math, "random"],
  ...INEXACT_MATH.map((name) => [Math, name] as const),
  ...HOST_FUNCTIONS.map((name) => [globalThis, name] as const),
];

/** Runs `play` while reaching for any of {@link TRAPPED} throws, and puts everything back. */
export function withTraps<T>(play: () => T): T {
  const originals = TRAPPED.map(([target, name]) => Object.getOwnPropertyDescriptor(target, name));
  try {
    for (const [target, name] of TRAPPED) {
      const get = (): never => {
        throw new Error(`A run must not reach for ${name}`);
      };
      Object.defineProperty(target, name, { get, configurable: true });
    }
    return play();
  } finally {
    TRAPPED.forEach(([target, name], i) => {
      const original = originals[i];
      if (original !== undefined) Object.defineProperty(target, name, original);
    });
  }
}
