// What of a chosen folder is a skill, and what its SKILL.md says.

/// Inside the folder that was chosen; null for hidden files, which no skill has.
export function pathInSkill(path: string): string | null {
  const parts = path.split("/").slice(1);
  return parts.length === 0 || parts.some((part) => part.startsWith(".")) ? null : parts.join("/");
}

const frontMatter = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

/// The service judges the whole text; "" where the name cannot be told.
export function nameIn(text: string): string {
  const head = frontMatter.exec(text)?.[1] ?? "";
  return /^name:[ \t]*["']?([a-z0-9-]+)["']?[ \t]*\r?$/m.exec(head)?.[1] ?? "";
}

/// Below the front matter.
export function instructionsOf(text: string): string {
  return text.replace(frontMatter, "").replace(/^[\r\n]+/, "");
}
