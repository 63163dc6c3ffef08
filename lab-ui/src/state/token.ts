import { shallowRef } from "vue";

// The word that the lab's server asks of whoever changes something. `npm start` prints it as part of the page's address.

const KEY = "flux-lab.token";

export const token = shallowRef(localStorage.getItem(KEY) ?? "");

export function setToken(given: string): void {
  token.value = given.trim();
  localStorage.setItem(KEY, token.value);
}

/** Keeps the token of the page's address, and takes it out of there. */
export function takeToken(): void {
  const address = new URL(window.location.href);
  const given = address.searchParams.get("token");
  if (given === null) return;
  setToken(given);
  address.searchParams.delete("token");
  window.history.replaceState(window.history.state, "", address);
}
