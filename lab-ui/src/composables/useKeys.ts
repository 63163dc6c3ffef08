import { onBeforeUnmount, onMounted } from "vue";

/** Elements that want their keys for themselves. */
const TYPING = "input, textarea, select, [contenteditable='true'], dialog[open] *";

/**
 * What keys do while a component is on the page, by `KeyboardEvent.key`, with "Shift+" before it where Shift is held and the key is
 * not a sign of its own. Keys typed into a field are the field's; Space is also a button's and a link's.
 */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as HTMLElement;
    if (target.closest?.(TYPING)) return;
    if (event.key === " " && target.closest?.("button, a, summary, [role='tab']")) return;
    const name = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    const action = actions[name];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  onMounted(() => window.addEventListener("keydown", onKey));
  onBeforeUnmount(() => window.removeEventListener("keydown", onKey));
}
