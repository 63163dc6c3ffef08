import { shallowRef } from "vue";
import { NoToken } from "../backend/server.ts";
import { token } from "../state/token.ts";

/** Something that a reader has the server do: whether it is under way, and what went wrong. */
export function useChange() {
  const isBusy = shallowRef(false);
  const failure = shallowRef("");
  const isTokenWrong = shallowRef(false);
  return {
    isBusy,
    failure,
    isTokenWrong,
    /** Does it; undefined: it went wrong, and the page says how. */
    async change<T>(act: (token: string) => Promise<T>): Promise<T | undefined> {
      isBusy.value = true;
      failure.value = "";
      isTokenWrong.value = false;
      try {
        return await act(token.value);
      } catch (error) {
        isTokenWrong.value = error instanceof NoToken;
        failure.value = error instanceof Error ? error.message : String(error);
        return undefined;
      } finally {
        isBusy.value = false;
      }
    },
  };
}
