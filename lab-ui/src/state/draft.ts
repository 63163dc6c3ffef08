import { computed, onScopeDispose, shallowRef, watch } from "vue";
import type { CheckedText, LibraryEntry, Speed } from "../backend/library.ts";
import { text } from "../text/en.ts";
import { checkText, editText, measureSpeed } from "./tools.ts";

/** One thing wrong with a scenario's text. */
export interface TextProblem {
  /** Dotted, from the root: "population.cumulus". */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Milliseconds after the last key. */
const CHECK_AFTER = 150;
const MEASURE_AFTER = 600;

/** A scenario in work: its text, what is wrong with it, and how long it would take. */
export function useDraft(entry: LibraryEntry) {
  const yaml = shallowRef(entry.yaml);
  const checked = shallowRef<CheckedText>(entry);
  /** The newest text that was in order. */
  const valid = shallowRef<LibraryEntry>(entry);
  const isChecking = shallowRef(false);
  const speed = shallowRef<Speed>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  async function check(): Promise<void> {
    const mine = ++asked;
    const answer = await checkText(yaml.value);
    if (mine !== asked) return; // overtaken by newer text
    isChecking.value = false;
    checked.value = answer;
    if ("problems" in answer) return;
    valid.value = answer;
    timer = setTimeout(() => void measure(mine), MEASURE_AFTER);
  }

  async function measure(mine: number): Promise<void> {
    const answer = await measureSpeed(valid.value.scenario);
    if (mine === asked) speed.value = answer;
  }

  watch(yaml, () => {
    isChecking.value = true;
    speed.value = undefined;
    clearTimeout(timer);
    timer = setTimeout(() => void check(), CHECK_AFTER);
  });
  onScopeDispose(() => clearTimeout(timer));
  void check();

  return {
    yaml,
    valid,
    isChecking,
    speed,
    isValid: computed(() => !isChecking.value && !("problems" in checked.value)),
    problems: computed((): readonly TextProblem[] =>
      "problems" in checked.value
        ? checked.value.problems.map(({ path, line, column, expected, got }) => ({
            path: path.join("."),
            line,
            column,
            message: text.editor.expected(
              expected,
              got === undefined ? text.editor.missing : text.editor.got(JSON.stringify(got)),
            ),
          }))
        : [],
    ),
    /** Changes one field; undefined takes it out. */
    set: async (path: string, value: string | number | undefined) => {
      yaml.value = await editText(yaml.value, path.split("."), value);
    },
  };
}
