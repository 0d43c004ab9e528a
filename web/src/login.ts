// Without a login the page's own address answers with the login page, which comes back here afterwards.

let isLeaving = false;

/// What says that it is our page that asks for a change: cookies go to other ports of this host as well, and what a page
/// keeps does not (docs/service.md#who-may-ask).
export function headersOfWrite(): Record<string, string> {
  const word = localStorage.getItem("changeling-page-word") ?? "unknown";
  return { "X-Changeling": word, "Content-Type": "application/json" };
}

export function leaveForLogin(): void {
  if (isLeaving) return;
  isLeaving = true;
  location.reload();
}

export async function logOut(): Promise<void> {
  await fetch("logout", { method: "POST", headers: headersOfWrite() });
  leaveForLogin();
}
