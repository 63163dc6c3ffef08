import { shallowRef, watchEffect } from "vue";

const THEMES = ["auto", "light", "dark"] as const;

/** Follow the system, or not. */
export type Theme = (typeof THEMES)[number];

const KEY = "flux-lab.theme";

const isTheme = (value: string | null): value is Theme => THEMES.includes(value as Theme);

const stored = localStorage.getItem(KEY);

/** What the reader chose; kept in this browser. */
export const theme = shallowRef<Theme>(isTheme(stored) ? stored : "auto");

watchEffect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  localStorage.setItem(KEY, theme.value);
});
