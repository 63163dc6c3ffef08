import type { Params } from "./params.ts";

/** `derive`, worked out once for each set of parameters: for what rules need at every header, in the form they need it. */
export function perParams<T extends object>(derive: (params: Params) => T): (params: Params) => T {
  const derived = new WeakMap<Params, T>();
  return (params) => {
    let value = derived.get(params);
    if (value === undefined) {
      value = derive(params);
      derived.set(params, value);
    }
    return value;
  };
}
