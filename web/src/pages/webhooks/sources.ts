// What differs from source to source in the form of a webhook.

import { webhookFields } from "../../../generated/fields";
import type { Schemas } from "../../api";
import type { Field } from "../../form_values";

export type Source = Schemas["NewWebhook"]["source"];
export type Target = "changeling" | "task";

function field(name: string): Field {
  return webhookFields.find((one) => one.name === name)!;
}

export const sources = field("source").choices as readonly Source[];

/// These make the secret themselves, and show it to whoever sets them up.
const withOwnSecret: ReadonlySet<Source> = new Set(["slack", "linear"]);

export function makesItsSecret(source: Source): boolean {
  return withOwnSecret.has(source);
}

/// Of the others only an address, or a list of people, would say who may.
const withPeople: ReadonlySet<Source> = new Set(["github", "gitea", "gitlab"]);

const ofTasks = ["task", "description", "role", "status"];
const ofAll = ["events", "conditions", "mapping"];

/// The fields that mean something for the source and what it is for, in the order of the form.
export function fieldsFor(source: Source, target: Target): Field[] {
  const names = [
    ...(target === "task" ? ofTasks : []),
    ...ofAll,
    ...(withPeople.has(source) ? ["actors"] : []),
    ...(source === "github" ? ["poll"] : []),
  ];
  return names.map(field);
}

export const nameField = field("name");

const prefixOfStandard = "whsec_";
const secretBytes = 32;

/// A new secret, as the source takes it. It is made here and sent to the service, which never gives one back.
export function newSecret(source: Source): string {
  const bytes = crypto.getRandomValues(new Uint8Array(secretBytes));
  if (source === "standard") return prefixOfStandard + btoa(String.fromCharCode(...bytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/// Where the source sends to: relative to the page, so below a base path and in one repository of several, too.
export function addressOf(name: string, page: string): string {
  return new URL(`hooks/${encodeURIComponent(name)}`, page.replace(/[?#].*$/s, "")).href;
}
