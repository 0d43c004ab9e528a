// The time that pages show ages by; it goes on every few seconds.

import { signal } from "@preact/signals";

export const now = signal(Date.now());

export function start(): void {
  setInterval(() => {
    now.value = Date.now();
  }, 5_000);
}
