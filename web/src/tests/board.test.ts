import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status, TaskCard } from "../api";
import { isLegal, orderFor } from "../pages/board/columns";
import { filtersIn, queryOf } from "../pages/board/filters";
import { placeAfter } from "../pages/board/keyboard";
import { claimOf, type Facts, factsOf, whyNotRunning } from "../pages/board/why";
import { cardHeight, mostCards, scrollFor, visibleRange } from "../pages/board/window";

const now = Date.parse("2026-11-30T12:00:00Z");
const card: TaskCard = {
  id: "abcd2345", title: "Mend the roof", status: "ready", priority: "medium", complexity: null, labels: [], role: "",
  parent: "", blocked_by: [], blocked_reason: "", closed_gate: null, lease: null, run: null, attempts: 0, dropped: false,
  updated_at: "2026-11-30T11:00:00Z",
};
const facts: Facts = { halted: false, cap: "", workers: [""], untrustedRoles: new Set(), missingLogins: new Map() };

test("why nobody works on a task", () => {
  const why = (changes: Partial<TaskCard>, others: Partial<Facts> = {}) =>
    whyNotRunning({ ...card, ...changes }, { ...facts, ...others }, now);
  assert.equal(why({}), "");
  assert.equal(why({ blocked_by: ["x1", "x2"] }), "waits for x1, x2");
  assert.equal(whyNotRunning({ ...card, blocked_by: ["x1"] }, facts, now, () => "Buy\u202e nails"), "waits for Buy\\u{202e} nails");
  assert.equal(why({ closed_gate: "person" }), "waits for a person's approval");
  assert.equal(why({ closed_gate: "until:2026-11-30T13:00:00Z" }), "waits until in 1 h");
  assert.equal(why({ closed_gate: "check:build" }), "waits for check:build");
  assert.equal(why({}, { workers: [] }), "no worker is running here");
  assert.equal(why({ role: "writer" }, { workers: ["painter"] }), "no worker for role writer is running here");
  assert.equal(why({ role: "writer" }, { workers: ["painter", "writer"] }), "");
  assert.equal(why({ role: "writer" }, { untrustedRoles: new Set(["writer"]) }), "role writer is not trusted here");
  assert.equal(why({ role: "writer" }, { missingLogins: new Map([["writer", "claude is not logged in"]]) }), "claude is not logged in");
  assert.equal(why({}, { missingLogins: new Map([["writer", "claude is not logged in"]]) }), "");
  assert.equal(why({}, { halted: true }), "everything is switched off");
  assert.equal(why({}, { cap: "the cap is reached" }), "the cap is reached");
  assert.equal(why({}, { cap: "the cap is reached", workers: [] }), "the cap is reached");
  assert.equal(why({ status: "in_flight" }, { cap: "the cap is reached" }), "");
  assert.equal(why({ status: "blocked", blocked_reason: "the key\u202e" }), "the key\\u{202e}");
  assert.equal(why({ status: "done" }, { workers: [] }), "");
});

test("a claim names its owner, its end, and whether it may still be lost", () => {
  const lease = { owner: "ann@laptop", token: 1, expires_at: "2026-11-30T12:09:00Z" };
  assert.equal(claimOf(card, now), "");
  assert.equal(claimOf({ ...card, lease }, now), "ann@laptop · lease ends in 9 min");
  assert.equal(claimOf({ ...card, lease: { ...lease, provisional: true } }, now),
    "ann@laptop · lease ends in 9 min · the remote does not know it yet");
  assert.equal(claimOf({ ...card, lease }, now + 600_000), "ann@laptop · lease ended 1 min ago");
});

test("only what is seen of a long column is in the page, and never more than a few", () => {
  assert.deepEqual(visibleRange(0, 0, 0), { first: 0, end: 0 });
  assert.deepEqual(visibleRange(0, 5 * cardHeight, 3), { first: 0, end: 3 });
  const middle = visibleRange(100 * cardHeight, 5 * cardHeight, 10_000);
  assert.ok(middle.first <= 100 && middle.end >= 106);
  const high = visibleRange(100 * cardHeight, 500 * cardHeight, 10_000);
  assert.equal(high.end - high.first, mostCards);
  assert.deepEqual(visibleRange(1e9, 5 * cardHeight, 4), { first: 3, end: 4 });
  assert.equal(scrollFor(10, 0, 5 * cardHeight), 6 * cardHeight);
  assert.equal(scrollFor(2, 6 * cardHeight, 5 * cardHeight), 2 * cardHeight);
  assert.equal(scrollFor(3, cardHeight, 5 * cardHeight), cardHeight);
});

test("keys lead from card to card, and over empty columns", () => {
  const counts = [2, 0, 5];
  assert.deepEqual(placeAfter("ArrowDown", { column: 0, index: 0 }, counts), { column: 0, index: 1 });
  assert.equal(placeAfter("ArrowDown", { column: 0, index: 1 }, counts), undefined);
  assert.equal(placeAfter("ArrowUp", { column: 0, index: 0 }, counts), undefined);
  assert.deepEqual(placeAfter("ArrowRight", { column: 0, index: 1 }, counts), { column: 2, index: 1 });
  assert.deepEqual(placeAfter("ArrowLeft", { column: 2, index: 4 }, counts), { column: 0, index: 1 });
  assert.deepEqual(placeAfter("End", { column: 2, index: 0 }, counts), { column: 2, index: 4 });
  assert.equal(placeAfter("a", { column: 0, index: 0 }, counts), undefined);
});

test("which request takes a task where", () => {
  assert.deepEqual(orderFor("inbox", "ready"), { action: "move", status: "ready" });
  assert.deepEqual(orderFor("ready", "blocked", "why"), { action: "block", reason: "why" });
  assert.deepEqual(orderFor("blocked", "ready"), { action: "unblock" });
  assert.deepEqual(orderFor("inbox", "done"), { action: "done" });
  assert.deepEqual(orderFor("review", "done"), { action: "move", status: "done" });
});

test("conditions in the address become a question to the API", () => {
  const filters = filtersIn(new URLSearchParams("search=parse&label=core&waiting=no&unknown=1"));
  assert.deepEqual(queryOf(filters),
    { search: "parse", role: undefined, label: ["core"], priority: undefined, unblocked: true });
});

test("a move is offered where the request that does it is legal", () => {
  const moves = [
    { from: "inbox", to: "ready", by: "move" }, { from: "ready", to: "in_flight", by: "claim" },
    { from: "ready", to: "done", by: "close" }, { from: "blocked", to: "ready", by: "unblock" },
    { from: "ready", to: "blocked", by: "block" },
  ] as const;
  for (const [from, to] of [["inbox", "ready"], ["ready", "done"], ["blocked", "ready"], ["ready", "blocked"]] as const) {
    assert.equal(isLegal(moves, from, to), true, `${from} to ${to}`);
  }
  assert.equal(isLegal(moves, "ready", "in_flight"), false, "a worker claims, the board does not");
  assert.equal(isLegal(moves, "inbox", "done"), false);
  assert.equal(isLegal(null, "inbox", "done"), true, "until the table is known");
});

test("a cap of the status is a reason, without its sums", () => {
  const status = (cap_reached: string | null) =>
    factsOf({ halt: null, cap_reached, sessions: [], missing_logins: [] } as unknown as Status, []).cap;
  assert.equal(status(null), "");
  assert.equal(
    status("the cap of $2.00 for this repository today is reached: $2.00 spent or set aside, and this run may cost $0.00"),
    "the cap of $2.00 for this repository today is reached",
  );
  assert.equal(status("changeling.dailyBudget: '\u202e' is no amount"), "changeling.dailyBudget: '\\u{202e}' is no amount");
});
