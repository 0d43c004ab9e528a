// The event stream (docs/service.md#events). It says where it begins; the number of the last event that came is
// remembered, so that after a lost connection exactly what was missed comes.

import { signal } from "@preact/signals";
import { leaveForLogin } from "./login";

export interface ServiceEvent {
  seq: number;
  event: string;
  time?: string;
  task?: string;
  run?: string;
  changeling?: string;
  [field: string]: unknown;
}

/// `fresh`: what happened before is not known, so everything has to be loaded (again).
export type Listener = { onEvent(event: ServiceEvent): void; onFresh(): void };

/// What comes besides numbered events (docs/service.md#what-a-client-says): answers to commands, the output of runs.
export interface Message {
  id?: number;
  ok?: boolean;
  event?: string;
  run?: string;
  [field: string]: unknown;
}

/// `onOpen` is called whenever a connection stands, also at once for one that does already.
export type Channel = { onOpen(): void; onMessage(message: Message): void };

export type Connection = { state: "connecting" } | { state: "live" } | { state: "waiting"; seconds: number };
export const connection = signal<Connection>({ state: "connecting" });

/// Of a run, but for what its agent has used: that is told often, and stands in no list.
export function isRunChange(event: ServiceEvent): boolean {
  return event.event.startsWith("run:") && event.event !== "run:metrics";
}

const sessionOver = 4401;
/// A connection that has stood so long counts as a good one, also when nothing came.
const steadyAfter = 10_000;
const listeners = new Set<Listener>();
const channels = new Set<Channel>();
let socket: WebSocket | null = null;
let last: number | null = null;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/// Until the returned function is called.
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/// Until the returned function is called.
export function join(channel: Channel): () => void {
  channels.add(channel);
  if (socket?.readyState === WebSocket.OPEN) channel.onOpen();
  return () => channels.delete(channel);
}

/// Lost while there is no connection; who needs it says it again in `onOpen`.
export function say(message: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/// How long to wait before the attempt after so many failed ones, in milliseconds; `chance` is from 0 to 1.
export function pauseAfter(failed: number, chance: number): number {
  const longest = Math.min(30_000, 500 * 2 ** Math.min(failed, 10));
  return longest / 2 + (longest / 2) * chance;
}

function addressOfStream(): string {
  const address = new URL("api/v1/events", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.hash = "";
  address.search = last === null ? "" : `after=${last}`;
  return address.href;
}

function tellFresh(): void {
  for (const listener of [...listeners]) listener.onFresh();
}

function receive(text: string): void {
  const message = JSON.parse(text) as Message;
  if (message.seq === undefined) {
    for (const channel of [...channels]) channel.onMessage(message);
    return;
  }
  const event = message as ServiceEvent;
  last = event.seq;
  if (event.event === "begin" || event.event === "reset") return tellFresh();
  for (const listener of [...listeners]) listener.onEvent(event);
}

/// A browser does not say why a connection was refused; an ordinary request finds out whether it was the login.
async function askForLogin(): Promise<void> {
  const answer = await fetch("api/v1/repositories").catch(() => null);
  if (answer?.status === 401) leaveForLogin();
}

function connectLater(): void {
  const pause = pauseAfter(failures, Math.random());
  failures += 1;
  connection.value = { state: "waiting", seconds: Math.ceil(pause / 1000) };
  clearTimeout(timer);
  timer = setTimeout(connect, pause);
}

function noteSuccess(): void {
  failures = 0;
}

export function connect(): void {
  clearTimeout(timer);
  if (socket !== null) return;
  connection.value = { state: "connecting" };
  const mine = new WebSocket(addressOfStream());
  let wasOpen = false;
  let steady: ReturnType<typeof setTimeout> | undefined;
  socket = mine;
  mine.onopen = () => {
    wasOpen = true;
    // Not at once: a service can take a connection and close it, again and again.
    steady = setTimeout(noteSuccess, steadyAfter);
    connection.value = { state: "live" };
    for (const channel of [...channels]) channel.onOpen();
  };
  mine.onmessage = (message) => {
    noteSuccess();
    receive(message.data);
  };
  mine.onclose = (end) => {
    clearTimeout(steady);
    socket = null;
    if (end.code === sessionOver) return leaveForLogin();
    if (!wasOpen) void askForLogin();
    connectLater();
  };
}

/// Connects now, and whenever there is reason to hope: the network is back, the page is looked at again.
export function start(): void {
  const again = () => {
    if (connection.value.state === "waiting" && document.visibilityState === "visible") connect();
  };
  addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  connect();
}
