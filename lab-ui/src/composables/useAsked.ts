import { type ShallowRef, shallowRef, type WatchSource, watch } from "vue";

/**
 * What a run answers to a question that changes with `sources`: asked one at a time, and then the newest, since a scrub asks more often
 * than a busy run answers. The last answer stays until the next; `ask` gives undefined where there is nothing to ask.
 */
export function useAsked<T>(
  sources: readonly WatchSource[],
  ask: () => Promise<T> | undefined,
): ShallowRef<T | undefined> {
  const answer = shallowRef<T>();
  let asking = false;
  let askAgain = false;
  async function askNow(): Promise<void> {
    askAgain = asking;
    if (asking) return;
    asking = true;
    try {
      answer.value = await ask();
    } finally {
      asking = false;
    }
    if (askAgain) await askNow();
  }
  watch([...sources], askNow, { immediate: true });
  return answer;
}
