// Which tasks the board shows; the conditions stand in the address.

import type { paths } from "../../api";

type Query = NonNullable<paths["/tasks"]["get"]["parameters"]["query"]>;
export const filterNames = ["search", "role", "label", "priority", "waiting"] as const;
export type Filters = Record<(typeof filterNames)[number], string>;

export const priorities = ["urgent", "high", "medium", "low"] as const;

export function filtersIn(params: URLSearchParams): Filters {
  return Object.fromEntries(filterNames.map((name) => [name, params.get(name) ?? ""])) as Filters;
}

export function hasFilters(filters: Filters): boolean {
  return filterNames.some((name) => filters[name] !== "");
}

export function noFilters(): Filters {
  return filtersIn(new URLSearchParams());
}

/// As the API takes them. An address that somebody has mistyped gets the API's own complaint.
export function queryOf(filters: Filters): Query {
  return {
    search: filters.search || undefined,
    role: filters.role || undefined,
    label: filters.label === "" ? undefined : [filters.label],
    priority: (filters.priority || undefined) as Query["priority"],
    unblocked: filters.waiting === "no" ? true : undefined,
  };
}
