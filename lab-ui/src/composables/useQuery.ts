import { type LocationQueryValue, useRoute, useRouter } from "vue-router";

/** What the page's address says, and a way to say something else without a step in the reader's history. */
export function useQuery() {
  const route = useRoute();
  const router = useRouter();
  const first = (value: LocationQueryValue | LocationQueryValue[] | undefined) =>
    (Array.isArray(value) ? value[0] : value) ?? undefined;
  return {
    read: (name: string): string | undefined => first(route.query[name]),
    /** Undefined takes a name out. */
    write: (values: Readonly<Record<string, string | undefined>>): void => {
      const query = { ...route.query, ...values };
      for (const [name, value] of Object.entries(query)) if (value === undefined) delete query[name];
      void router.replace({ query });
    },
  };
}

/** A whole number from 0 on; undefined for any other text. */
export const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
