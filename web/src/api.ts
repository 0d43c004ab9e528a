// The API as docs/openapi.json describes it, with its types. Addresses are relative to the page.

import type { components, paths } from "../generated/api";
import { headersOfWrite, leaveForLogin } from "./login";

export type { paths };
export type Schemas = components["schemas"];
export type Task = Schemas["Task"];
export type TaskCard = Schemas["TaskCard"];
export type TaskStatus = TaskCard["status"];
export type Run = Schemas["Run"];
export type Status = Schemas["Status"];
export type Problem = Schemas["Problem"];

type Method = "get" | "post" | "put" | "patch" | "delete";
type Having<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;
type Json<R> = R extends { content: { "application/json": infer J } } ? J : never;
type Answer<O> = O extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 202>]> : never;
type Query<O> = O extends { parameters: { query?: infer Q } } ? Q : never;
type InPath<O> = O extends { parameters: { path: infer V } } ? { path: V } : { path?: undefined };
type Body<O> = O extends { requestBody?: infer B } ? Json<B> : undefined;

type Reading<O> = { query?: Query<O>; signal?: AbortSignal } & InPath<O>;
/// `key` makes a POST that is sent again do nothing twice; each call has one of its own unless it is given.
type Writing<O> = { body?: Body<O>; ifMatch?: string; key?: string } & InPath<O>;

/// What the service did not do, and why. `status` is 0 when it could not be reached.
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly kind: string,
    readonly hint: string,
    readonly legal: string[] = [],
  ) {
    super(message);
  }
}

/// An answer with what the service calls this version of it.
export interface Tagged<T> {
  value: T;
  tag: string;
}

export function addressOf(template: string, path: Record<string, unknown> = {}, query: unknown = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") words.set(name, String(value));
  }
  const text = words.toString();
  return `api/v1${filled}${text === "" ? "" : `?${text}`}`;
}

/// Which values an address takes depends on its template; their types are checked where it is called.
function named(order: { path?: unknown }): Record<string, unknown> {
  return (order.path ?? {}) as Record<string, unknown>;
}

function refusalOf(status: number, problem: Partial<Problem>): Refusal {
  return new Refusal(
    status,
    problem.detail ?? `the service answered ${status}`,
    problem.kind ?? "internal",
    problem.hint ?? "",
    problem.legal,
  );
}

async function send(address: string, request: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, request);
  } catch (problem) {
    if (request.signal?.aborted) throw problem;
    throw new Refusal(0, "the service does not answer", "unavailable", "is git changeling serve running?");
  }
  if (answer.status === 401) leaveForLogin();
  if (answer.ok || answer.status === 304) return answer;
  const problem: Partial<Problem> = await answer.json().catch(() => ({}));
  throw refusalOf(answer.status, problem);
}

/// `known` is an entity tag; null says that the answer is still what it stands for.
export async function getUnlessKnown<P extends Having<"get">>(
  template: P,
  reading: Reading<Operation<P, "get">>,
  known: string,
): Promise<Tagged<Answer<Operation<P, "get">>> | null> {
  const headers: Record<string, string> = known === "" ? {} : { "If-None-Match": known };
  const answer = await send(addressOf(template, named(reading), reading.query), {
    headers,
    signal: reading.signal ?? null,
  });
  if (answer.status === 304) return null;
  return { value: await answer.json(), tag: answer.headers.get("ETag") ?? "" };
}

export async function getTagged<P extends Having<"get">>(
  template: P,
  reading: Reading<Operation<P, "get">>,
): Promise<Tagged<Answer<Operation<P, "get">>>> {
  const answer = await getUnlessKnown(template, reading, "");
  if (answer === null) throw new Refusal(304, "the service sent nothing", "internal", "");
  return answer;
}

export async function get<P extends Having<"get">>(
  template: P,
  reading: Reading<Operation<P, "get">>,
): Promise<Answer<Operation<P, "get">>> {
  return (await getTagged(template, reading)).value;
}

function headersOf(method: string, writing: { ifMatch?: string; key?: string }): Record<string, string> {
  const headers: Record<string, string> = headersOfWrite();
  if (writing.ifMatch !== undefined) headers["If-Match"] = writing.ifMatch;
  if (method === "post") headers["Idempotency-Key"] = writing.key ?? newKey();
  return headers;
}

/// Also where there is no crypto.randomUUID: over plain HTTP with a name of the network.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function write<M extends Method, P extends keyof paths>(
  method: M,
  template: P,
  writing: Writing<Operation<P, M>>,
): Promise<Answer<Operation<P, M>>> {
  const answer = await send(addressOf(template, named(writing)), {
    method: method.toUpperCase(),
    headers: headersOf(method, writing),
    body: writing.body === undefined ? null : JSON.stringify(writing.body),
  });
  return answer.json();
}

export const post = <P extends Having<"post">>(template: P, writing: Writing<Operation<P, "post">>) =>
  write("post", template, writing);
export const patch = <P extends Having<"patch">>(template: P, writing: Writing<Operation<P, "patch">>) =>
  write("patch", template, writing);
export const put = <P extends Having<"put">>(template: P, writing: Writing<Operation<P, "put">>) =>
  write("put", template, writing);
export const remove = <P extends Having<"delete">>(template: P, writing: Writing<Operation<P, "delete">>) =>
  write("delete", template, writing);
