// Notifications of the browser while a page is open. They are given where the user has asked for them with a button, and
// a click opens the page that settles what it is about; nothing acts by itself.

import { effect, signal } from "@preact/signals";
import { messagesFor, type Message, toldAtFirst, type Told } from "./notification_rules";
import { waiting } from "./waiting";

/// "unsupported" also where the page is not from a safe place: over plain HTTP with a name of the network.
export type Permission = NotificationPermission | "unsupported";

const wishKey = "changeling-notifications";

function currentPermission(): Permission {
  return typeof Notification === "undefined" || !isSecureContext ? "unsupported" : Notification.permission;
}

export const permission = signal<Permission>("unsupported");
export const isWanted = signal(false);

/// Only where the user has pressed the button.
export async function turnOn(): Promise<void> {
  permission.value = await Notification.requestPermission();
  isWanted.value = permission.value === "granted";
  if (isWanted.value) localStorage.setItem(wishKey, "on");
}

export function turnOff(): void {
  isWanted.value = false;
  localStorage.removeItem(wishKey);
}

function show(message: Message): void {
  // Of several pages of one repository that are open the tag leaves one notification.
  const notification = new Notification(message.title, { body: message.text, tag: `${location.pathname} ${message.tag}` });
  notification.onclick = () => {
    window.focus();
    location.hash = message.link;
    notification.close();
  };
}

export function start(): void {
  permission.value = currentPermission();
  isWanted.value = permission.value === "granted" && localStorage.getItem(wishKey) === "on";
  let told: Told | null = null;
  effect(() => {
    const needs = waiting.state.value.value?.needs;
    if (needs === undefined) return;
    if (told === null) {
      told = toldAtFirst(needs);
      return;
    }
    const next = messagesFor(needs, told, Date.now());
    told = next.told;
    if (isWanted.peek()) next.messages.forEach(show);
  });
}
