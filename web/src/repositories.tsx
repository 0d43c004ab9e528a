// Which of the served repositories is shown, where there are several.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Schemas } from "./api";
import { visible } from "./text";

const below = /repositories\/([^/]+)\/$/;

export interface Place {
  /// The server's own address, with whatever stands before it.
  root: string;
  /// Empty for the repository that the server answers for without a name.
  repository: string;
}

export function placeOf(pathname: string): Place {
  const found = below.exec(pathname);
  if (found === null) return { root: pathname, repository: "" };
  return { root: pathname.slice(0, found.index), repository: decodeURIComponent(found[1]!) };
}

const names = signal<readonly string[]>([]);

async function load(): Promise<void> {
  const answer = await fetch(`${placeOf(location.pathname).root}api/v1/repositories`).catch(() => null);
  if (answer === null || !answer.ok) return;
  const told = (await answer.json()) as Schemas["Repositories"];
  names.value = told.repositories.map((repository) => repository.name);
}

function show(name: string): void {
  const { root } = placeOf(location.pathname);
  location.assign(`${root}repositories/${encodeURIComponent(name)}/${location.hash.split("?")[0]}`);
}

export function RepositoryChoice() {
  useEffect(() => void load(), []);
  if (names.value.length === 0) return null;
  const current = placeOf(location.pathname).repository || names.value[0]!;
  if (names.value.length === 1) return <span class="repository">{visible(current)}</span>;
  return (
    <select aria-label="Repository" value={current} onChange={(event) => show(event.currentTarget.value)}>
      {names.value.map((name) => (
        <option key={name} value={name}>
          {visible(name)}
        </option>
      ))}
    </select>
  );
}
