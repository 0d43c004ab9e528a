// What was typed into a form that was left: it is there again when one comes back, until the browser's tab is closed. What
// was saved, or given up, is forgotten. Secrets are never kept so.

import type { Texts } from "./form_values";

/// Of several repositories of a service each has its own.
function keyOf(form: string): string {
  return `changeling-draft ${location.pathname} ${form}`;
}

export function draftOf(form: string | undefined): Texts {
  if (form === undefined) return {};
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Texts) : {};
  } catch {
    return {};
  }
}

export function keepDraft(form: string | undefined, texts: Texts): void {
  if (form === undefined) return;
  if (Object.keys(texts).length === 0) return dropDraft(form);
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(texts));
  } catch {
    // The browser keeps no more; the form itself goes on.
  }
}

export function dropDraft(form: string | undefined): void {
  if (form !== undefined) sessionStorage.removeItem(keyOf(form));
}

/// For a form whose fields the browser holds: what was typed before is put in, and what is typed is kept.
export function followDraft(form: string, element: HTMLFormElement): void {
  for (const [name, text] of Object.entries(draftOf(form))) {
    const field = element.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
      field.value = text;
    }
  }
  element.addEventListener("input", () => {
    const texts = [...new FormData(element)].filter(([, value]) => typeof value === "string" && value !== "");
    keepDraft(form, Object.fromEntries(texts) as Texts);
  });
}
