import { onBeforeUnmount, onMounted, type ShallowRef, shallowRef } from "vue";

/** The width of an element in whole pixels, kept up to date; `initial` before it is on the page. */
export function useWidth(
  element: Readonly<ShallowRef<HTMLElement | null>>,
  initial = 600,
): ShallowRef<number> {
  const width = shallowRef(initial);
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined && entry.contentRect.width > 0) width.value = Math.floor(entry.contentRect.width);
  });
  onMounted(() => {
    if (element.value !== null) observer.observe(element.value);
  });
  onBeforeUnmount(() => observer.disconnect());
  return width;
}
