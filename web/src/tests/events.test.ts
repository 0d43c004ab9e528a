import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../events";

class FakeSocket {
  static OPEN = 1;
  static made: FakeSocket[] = [];
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onclose = (_: { code: number }) => {};
  constructor() {
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
