// The page that is shown stands in the fragment of the address: #/board?role=x. So it needs nothing of the server, and no
// base path; it can be sent to others, and the browser's way back works.

import { signal } from "@preact/signals";

export interface Route {
  page: string;
  /// What stands behind the page's name: of #/run/20261130-1 the word 20261130-1.
  rest: string;
  params: URLSearchParams;
}

export function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [page = "", ...rest] = path.split("/");
  return { page, rest: decoded(rest.join("/")), params: new URLSearchParams(query) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function href(page: string, rest = "", params: Record<string, string> = {}): string {
  const words = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== "")).toString();
  const path = rest === "" ? page : `${page}/${encodeURIComponent(rest)}`;
  return `#/${path}${words === "" ? "" : `?${words}`}`;
}

export const route = signal<Route>(routeOf(typeof location === "undefined" ? "" : location.hash));

/// Changes conditions in the address without a step in the browser's history; an empty value takes one out.
export function setParams(changes: Record<string, string>): void {
  const { page, rest, params } = route.value;
  const address = href(page, rest, { ...Object.fromEntries(params), ...changes });
  history.replaceState(null, "", address);
  route.value = routeOf(address);
}

export function start(): void {
  addEventListener("hashchange", () => {
    route.value = routeOf(location.hash);
  });
}
