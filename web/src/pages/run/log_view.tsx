// A log as lines: a link to each, words to look for, and what is earlier on request.

import { useEffect, useMemo, useState } from "preact/hooks";
import { href } from "../../router";
import { plural, visible } from "../../text";
import { Windowed } from "../../windowed";
import { lineAt, linesWith } from "./lines";
import type { makeLogStore } from "./log_store";

type Store = ReturnType<typeof makeLogStore>;
const mostLetters = 2_000;

function shortened(text: string): string {
  return text.length <= mostLetters ? visible(text) : `${visible(text.slice(0, mostLetters))} … (all of it is in the file)`;
}

interface SearchProps {
  words: string;
  onWords: (words: string) => void;
  found: number;
  current: number;
  onStep: (step: number) => void;
}

function Search({ words, onWords, found, current, onStep }: SearchProps) {
  return (
    <>
      <label class="inline">
        Find
        <input
          type="search"
          value={words}
          onInput={(event) => onWords(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && onStep(event.shiftKey ? -1 : 1)}
        />
      </label>
      {words !== "" && (
        <>
          <span role="status">{found === 0 ? "not in what is loaded" : `${current + 1} of ${found}`}</span>
          <button type="button" disabled={found === 0} onClick={() => onStep(-1)}>
            Previous
          </button>
          <button type="button" disabled={found === 0} onClick={() => onStep(1)}>
            Next
          </button>
        </>
      )}
    </>
  );
}

function useSearch(store: Store) {
  const [words, setWords] = useState("");
  const [current, setCurrent] = useState(0);
  const { lines } = store.state.value;
  const found = useMemo(() => linesWith(lines, words), [lines, words]);
  const index = found[current] ?? null;
  const byte = index === null ? null : lines[index]!.at;
  return {
    words, found, current, byte,
    onWords: (text: string) => (setWords(text), setCurrent(0)),
    onStep: (step: number) => found.length > 0 && setCurrent((current + step + found.length) % found.length),
  };
}

/// `marked` is the byte of a line that an address names; none for null.
export function LogView({ store, run, marked }: { store: Store; run: string; marked: number | null }) {
  const { lines, first, prepended, isLoaded } = store.state.value;
  const search = useSearch(store);
  useEffect(() => {
    if (marked !== null && isLoaded) void store.loadBackTo(marked);
  }, [marked, isLoaded]);
  const sought = search.byte ?? (marked !== null && isLoaded && first <= marked ? marked : null);
  const target = useMemo(() => (sought === null ? null : { index: lineAt(store.state.value.lines, sought) }), [sought]);
  if (isLoaded && lines.length === 0) return <p class="empty">Nothing is printed yet.</p>;
  return (
    <>
      <div class="toolbar">
        <Search {...search} found={search.found.length} />
        {first > 0 && (
          <button type="button" onClick={() => void store.loadEarlier()}>
            Load earlier
          </button>
        )}
        <small>{first > 0 ? `the last ${plural(lines.length, "line")}` : plural(lines.length, "line")}</small>
      </div>
      <Windowed
        label="Log"
        count={lines.length}
        prepended={prepended}
        followsEnd
        target={target}
        row={(index) => {
          const line = lines[index]!;
          return (
            <div key={line.at} class={line.at === sought ? "log-line marked" : "log-line"}>
              <a tabIndex={-1} aria-label="Link to this line" href={href("run", run, { at: String(line.at) })}>
                #
              </a>
              <span>{shortened(line.text)}</span>
            </div>
          );
        }}
      />
    </>
  );
}
