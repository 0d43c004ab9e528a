// How fast the board is drawn and scrolled; tests/bench/board runs it.

import assert from "node:assert/strict";

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const inOrder = (numbers) => [...numbers].sort((one, other) => one - other);

/// Milliseconds from the navigation to the first frame in which every filled column has cards.
async function paint(page) {
  await page.reload();
  return page.evaluate(async (filled) => {
    const isThere = () => filled.every((status) =>
      document.querySelector(`[aria-labelledby=column-${status}] .card`) !== null);
    while (!isThere()) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now();
  }, ["inbox", "planning", "ready", "review", "done"]);
}

/// Times between frames while the longest column is scrolled by half a card a frame.
async function frames(page) {
  return page.evaluate(async () => {
    const cards = document.querySelector("[aria-labelledby=column-ready] .cards");
    const times = [];
    let before = performance.now();
    for (let frame = 0; frame < 200; frame += 1) {
      cards.scrollTop += 56;
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - before);
      before = performance.now();
    }
    return times;
  });
}

export async function speed(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/board");
  await page.getByText(`${visit.facts.count} tasks`).waitFor();
  const loads = [];
  for (let round = 0; round < 9; round += 1) loads.push(await paint(page));
  await page.getByText(`${visit.facts.count} tasks`).waitFor();
  const cards = await page.locator(".card").count();
  assert.ok(cards <= 150);
  const times = inOrder(await frames(page));
  const painted = inOrder(loads);
  console.log(`${visit.facts.count} tasks: painted after ${at(painted, 0.5).toFixed(0)} ms (slowest ${at(painted, 1).toFixed(0)}), `
    + `${cards} cards in the page, frames ${at(times, 0.5).toFixed(1)} ms (p95 ${at(times, 0.95).toFixed(1)})`);
}
