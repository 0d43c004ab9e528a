// What would let an agent use a tool that it was refused.

const countOfMore = /^\d+ more$/;

/// As Claude Code writes it; an agent with another notation gets its tool's name, which can be corrected.
export function permissionFor(refused: string): string {
  const [tool = "", ...rest] = refused.split(": ");
  const action = rest.join(": ");
  return tool === "Bash" && action !== "" ? `Bash(${action})` : tool;
}

/// Each refused tool; how many more there were names none.
export function toolsAmong(refused: readonly string[]): string[] {
  return refused.filter((one) => !countOfMore.test(one));
}

export function withPermissions(given: readonly string[], added: readonly string[]): string[] {
  const wanted = added.map((one) => one.trim()).filter((one) => one !== "");
  return [...new Set([...given, ...wanted])];
}
