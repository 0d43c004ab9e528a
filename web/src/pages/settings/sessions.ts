// Sessions and repositories of the service; they are the server's own and not in the description of the API.

import { Refusal } from "../../api";
import { headersOfWrite, leaveForLogin } from "../../login";

export interface Session {
  id: string;
  role: string;
  created_at: string;
  seen_at: string;
}

export interface Invitation {
  role: string;
  login_url: string;
  valid_seconds: number;
}

export interface Repository {
  name: string;
  api: string;
}

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const headers: Record<string, string> = method === "GET" ? {} : headersOfWrite();
  const answer = await fetch(`api/v1/${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  }).catch(() => {
    throw new Refusal(0, "the service does not answer", "unavailable", "is git changeling serve running?");
  });
  if (answer.status === 401) leaveForLogin();
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Refusal(answer.status, told.detail ?? `the service answered ${answer.status}`, told.kind ?? "", told.hint ?? "");
  }
  return told as T;
}

export const listSessions = () => ask<{ sessions: Session[] }>("GET", "sessions");
export const inviteViewer = () => ask<Invitation>("POST", "sessions", { role: "viewer" });
export const endSession = (id: string) => ask<object>("DELETE", `sessions/${encodeURIComponent(id)}`);
export const listRepositories = () => ask<{ repositories: Repository[] }>("GET", "repositories");
