// The button that asks for notifications of the browser.

import { isWanted, permission, turnOff, turnOn } from "../../notifications";

export function NotificationSwitch() {
  if (permission.value === "unsupported") return null;
  if (permission.value === "denied") {
    return <p class="empty">This browser shows no notifications of this page: it was told so in its settings.</p>;
  }
  return (
    <div class="toolbar">
      <button type="button" onClick={() => (isWanted.value ? turnOff() : void turnOn())}>
        {isWanted.value ? "No more notifications" : "Notify me in this browser"}
      </button>
      <small>{isWanted.value ? "What needs you is told" : "Tells what needs you"} while this page is open.</small>
    </div>
  );
}
