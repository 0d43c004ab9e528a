// What is said on every page while an agent that something needs is not logged in.

import { href } from "./router";
import { visible } from "./text";
import { waiting } from "./waiting";

export function LoginBanner() {
  const needs = waiting.state.value.value?.needs ?? [];
  const missing = needs.filter((need) => need.kind === "login");
  if (missing.length === 0) return null;
  return (
    <div class="banner" role="alert">
      {missing.map((need) => (
        <p key={need.subject}>
          {visible(need.text)}. <a href={href("settings")}>Give it a login</a>
        </p>
      ))}
    </div>
  );
}
