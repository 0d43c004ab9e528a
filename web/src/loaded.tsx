// What is shown while something is loaded, and when it could not be.

import type { ComponentChildren } from "preact";
import type { Resource } from "./resource";
import { visible } from "./text";

interface LoadedProps<T> {
  from: Resource<T>;
  children: (value: T) => ComponentChildren;
}

/// What was loaded before stays below the problem that keeps it from being loaded anew.
export function WhenLoaded<T>({ from, children }: LoadedProps<T>) {
  const { value, problem } = from.state.value;
  return (
    <>
      {problem !== null && (
        <p class="notice problem" role="alert">
          <span>
            {visible(problem.message)}
            {problem.hint !== "" && <small>{visible(problem.hint ?? "")}</small>}
          </span>
          <button type="button" onClick={from.reload}>
            Try again
          </button>
        </p>
      )}
      {value !== null ? children(value) : problem === null && <p class="empty">Loading …</p>}
    </>
  );
}
