import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf } from "../api";
import { pauseAfter } from "../events";
import { placeOf } from "../repositories";
import { pauseBefore } from "../resource";
import { href, routeOf } from "../router";

test("an address says page, thing and conditions, and is read back so", () => {
  const route = routeOf(href("run", "a/b c", { role: "x&y", empty: "" }));
  assert.equal(route.page, "run");
  assert.equal(route.rest, "a/b c");
  assert.deepEqual(Object.fromEntries(route.params), { role: "x&y" });
  assert.equal(href(""), "#/");
});

test("no fragment is the start page, and a broken one breaks nothing", () => {
  assert.equal(routeOf("").page, "");
  assert.equal(routeOf("#/").page, "");
  assert.equal(routeOf("#/run/%E0%A4%A").rest, "%E0%A4%A");
  assert.equal(routeOf("#/board?search=a?b").params.get("search"), "a?b");
});

test("addresses of the API are relative, and values cannot leave their place", () => {
  assert.equal(addressOf("/tasks/{task}/move", { task: "../halt?x" }), "api/v1/tasks/..%2Fhalt%3Fx/move");
  assert.equal(addressOf("/tasks", {}, { status: ["ready", "done"], search: "", limit: 5 }),
    "api/v1/tasks?status=ready%2Cdone&limit=5");
});

test("each failed attempt to connect waits longer, up to half a minute", () => {
  assert.equal(pauseAfter(0, 0), 250);
  assert.equal(pauseAfter(0, 1), 500);
  assert.equal(pauseAfter(3, 1), 4000);
  assert.equal(pauseAfter(50, 1), 30_000);
});

test("the server is found from the page of each repository, below any base path", () => {
  assert.deepEqual(placeOf("/"), { root: "/", repository: "" });
  assert.deepEqual(placeOf("/tools/repositories/my%20work/"), { root: "/tools/", repository: "my work" });
});

test("a first change is followed soon, a stream of them now and then", () => {
  assert.equal(pauseBefore(60_000), 250);
  assert.equal(pauseBefore(0), 2_000);
  assert.equal(pauseBefore(1_500), 500);
  assert.equal(pauseBefore(900, 200, 1_000), 200);
});
