// What the board is to show.

import { useEffect, useState } from "preact/hooks";
import { setParams } from "../../router";
import { filterNames, type Filters, hasFilters, priorities } from "./filters";

const pauseMilliseconds = 200;

/// Typing is followed by one question, not by one for each letter.
function useTyped(name: keyof Filters, value: string) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => setParams({ [name]: typed.trim() }), pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [typed]);
  return { value: typed, onInput: (event: { currentTarget: HTMLInputElement }) => setTyped(event.currentTarget.value) };
}

function Select({ name, label, filters, choices }: SelectProps) {
  return (
    <select
      aria-label={label}
      value={filters[name]}
      onChange={(event) => setParams({ [name]: event.currentTarget.value })}
    >
      {choices.map(([value, title]) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </select>
  );
}

interface SelectProps {
  name: keyof Filters;
  label: string;
  filters: Filters;
  choices: readonly (readonly [string, string])[];
}

export function FilterBar({ filters, roles }: { filters: Filters; roles: readonly string[] }) {
  const search = useTyped("search", filters.search);
  const label = useTyped("label", filters.label);
  const named = filters.role === "" || roles.includes(filters.role) ? roles : [...roles, filters.role];
  return (
    <div class="filters" role="search" aria-label="Tasks">
      <input type="search" id="board-search" aria-label="Words in title or description" placeholder="Search" {...search} />
      <input type="search" aria-label="Label" placeholder="Label" {...label} />
      <Select
        name="role"
        label="Role"
        filters={filters}
        choices={[["", "Any role"], ...named.map((role) => [role, role] as const)]}
      />
      <Select
        name="priority"
        label="Priority"
        filters={filters}
        choices={[["", "Any priority"], ...priorities.map((priority) => [priority, priority] as const)]}
      />
      <Select
        name="waiting"
        label="Waiting"
        filters={filters}
        choices={[
          ["", "Waiting or not"],
          ["no", "Waits for nothing"],
        ]}
      />
      {hasFilters(filters) && (
        <button type="button" onClick={() => setParams(Object.fromEntries(filterNames.map((name) => [name, ""])))}>
          Show all
        </button>
      )}
    </div>
  );
}
