// Without a login the page's own address answers with the login page, which comes back here afterwards.

let isLeaving = false;

export function leaveForLogin(): void {
  if (isLeaving) return;
  isLeaving = true;
  location.reload();
}

export async function logOut(): Promise<void> {
  await fetch("logout", { method: "POST", headers: { "X-Changeling": "1", "Content-Type": "application/json" } });
  leaveForLogin();
}
