// The pages, in the order of the navigation. A page that belongs to one thing (a run, a request) has no `label`: others
// link to it.

import type { ComponentType } from "preact";
import { AgentsAndSkills } from "./pages/agents/agents";
import { Board } from "./pages/board/board";
import { Changelings } from "./pages/changelings/changelings";
import { Chat } from "./pages/chat/chat";
import { NeedsYou } from "./pages/needs_you/needs_you";
import { Review } from "./pages/review/requests";
import { Roles } from "./pages/roles/roles";
import { Run } from "./pages/run/run";
import { Runs } from "./pages/run/runs";
import { Settings } from "./pages/settings/settings";
import { Time } from "./pages/time/time";
import { Trust } from "./pages/trust/trust";
import { Webhooks } from "./pages/webhooks/webhooks";

export interface Page {
  /// In the address: #/NAME.
  name: string;
  title: string;
  label?: string;
  component: ComponentType;
}

export const pages: readonly Page[] = [
  { name: "", title: "Needs you", label: "Needs you", component: NeedsYou },
  { name: "board", title: "Board", label: "Board", component: Board },
  { name: "runs", title: "Runs", label: "Runs", component: Runs },
  { name: "run", title: "Run", component: Run },
  { name: "review", title: "Review", label: "Review", component: Review },
  { name: "trust", title: "Trust", label: "Trust", component: Trust },
  { name: "changelings", title: "Changelings", label: "Changelings", component: Changelings },
  { name: "agents", title: "Agents and skills", component: AgentsAndSkills },
  { name: "roles", title: "Roles", component: Roles },
  { name: "webhooks", title: "Webhooks", label: "Webhooks", component: Webhooks },
  { name: "chat", title: "Chat", label: "Chat", component: Chat },
  { name: "time", title: "Time", label: "Time", component: Time },
  { name: "settings", title: "Settings", label: "Settings", component: Settings },
];
