import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, listen } from "../events";

class FakeSocket {
  static OPEN = 1;
  static made: FakeSocket[] = [];
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onclose = (_: { code: number }) => {};
  constructor(readonly address: string) {
    FakeSocket.made.push(this);
  }
}

interface Timer { act: () => void; pause: number }
let timers: Timer[] = [];

Object.assign(globalThis, {
  WebSocket: FakeSocket,
  location: new URL("http://localhost/"),
  setTimeout: (act: () => void, pause: number) => {
    const timer = { act, pause };
    timers.push(timer);
    return timer;
  },
  clearTimeout: (timer: Timer) => {
    timers = timers.filter((one) => one !== timer);
  },
});
// Each pause is then the longest that it can be.
Math.random = () => 1;

/// The only timer that runs: what it does, and how long it waits.
function onlyTimer(): Timer {
  assert.equal(timers.length, 1);
  return timers[0]!;
}

function opened(): FakeSocket {
  const socket = FakeSocket.made.at(-1)!;
  socket.onopen();
  return socket;
}

/// The pause after the connection was lost; the next one is made then.
function pauseAfterLoss(socket: FakeSocket): number {
  socket.onclose({ code: 1006 });
  const { act, pause } = onlyTimer();
  timers = [];
  act();
  return pause;
}

test("connections that are closed at once are tried with growing pauses, until one has shown itself good", () => {
  connect();
  assert.deepEqual([1, 2, 3, 4].map(() => pauseAfterLoss(opened())), [500, 1000, 2000, 4000]);
  const told = opened();
  told.onmessage({ data: "{}" });
  assert.equal(pauseAfterLoss(told), 500);
  assert.equal(pauseAfterLoss(opened()), 1000);
  const steady = opened();
  assert.equal(onlyTimer().pause, 10_000);
  onlyTimer().act();
  timers = [];
  assert.equal(pauseAfterLoss(steady), 500);
});

/// What a listener was told: "fresh", or the number of an event.
function told(act: () => void): (string | number)[] {
  const heard: (string | number)[] = [];
  const leave = listen({ onEvent: (event) => heard.push(event.seq), onFresh: () => heard.push("fresh") });
  act();
  leave();
  return heard;
}

function say(socket: FakeSocket, message: object): void {
  socket.onmessage({ data: JSON.stringify(message) });
}

function afterLoss(socket: FakeSocket): FakeSocket {
  pauseAfterLoss(socket);
  return opened();
}

test("a page loads when the service has said where the events begin, and asks for what comes after that", () => {
  let socket = FakeSocket.made.at(-1)!;
  assert.deepEqual(told(() => (socket = opened())), []);
  assert.equal(new URL(socket.address).search, "");
  assert.deepEqual(told(() => say(socket, { event: "begin", seq: 7 })), ["fresh"]);
  assert.deepEqual(told(() => say(socket, { seq: 8, event: "task:changed" })), [8]);
  let again = socket;
  assert.deepEqual(told(() => (again = afterLoss(socket))), []);
  assert.equal(new URL(again.address).search, "?after=8");
});

test("what is gone is told, and the next connection goes on from there", () => {
  const socket = FakeSocket.made.at(-1)!;
  assert.deepEqual(told(() => say(socket, { event: "reset", seq: 20 })), ["fresh"]);
  assert.equal(new URL(afterLoss(socket).address).search, "?after=20");
});
