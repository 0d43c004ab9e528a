/// The value of a field as a person would write it.
export function fieldText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(String).join("\n");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, text]) => `${name} = ${String(text)}`)
    .join("\n");
}
