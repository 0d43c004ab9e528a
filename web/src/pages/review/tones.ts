import type { Schemas } from "../../api";
import type { Tone } from "../../parts";

export const tones: Record<Schemas["PullRequest"]["state"], Tone> = { open: "warn", merged: "good", closed: "plain" };
