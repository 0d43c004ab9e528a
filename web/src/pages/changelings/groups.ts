// The fields of a changeling by what they are about; one that is in none of these comes last.

import { changelingFields } from "../../../generated/fields";
import type { Field } from "../../form_values";
import type { FieldGroup } from "../../record_form";

const names: Record<string, readonly string[]> = {
  "What it does": ["description", "template", "agent", "run", "prompt", "output", "branch", "args", "env", "secrets"],
  When: ["schedule", "timezone", "on", "overlap", "catch_up", "enabled"],
  "What it may": [
    "path", "permissions", "refusals", "sandbox", "network", "sandbox_read", "sandbox_write", "max_memory_mb",
    "max_processes", "max_file_mb",
  ],
  Limits: ["timeout", "silence_timeout", "max_turns", "budget", "daily_budget", "max_open_prs"],
  "Before and after": ["setup", "copy", "verify"],
  "Its request": ["title", "labels", "reviewers", "draft", "draft_on_failure"],
};

export function groupsOf(fields: readonly Field[]): FieldGroup[] {
  const groups = Object.entries(names).map(([title, wanted]) => ({
    title,
    fields: wanted.flatMap((name) => fields.filter((field) => field.name === name)),
  }));
  const grouped = new Set(Object.values(names).flat());
  groups.push({ title: "Besides", fields: fields.filter((field) => !grouped.has(field.name)) });
  return groups.filter((group) => group.fields.length > 0);
}

export const changelingGroups = groupsOf(changelingFields);
