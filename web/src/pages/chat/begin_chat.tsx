// A new chat, begun with a question.

import { post } from "../../api";
import { attempt } from "../../notices";
import { href } from "../../router";
import { Composer } from "./composer";

async function begin(text: string): Promise<boolean> {
  let id = "";
  const began = await attempt(async () => {
    id = (await post("/chat", { body: { text } })).id;
  });
  if (began) location.hash = href("chat", id);
  return began;
}

export function BeginChat() {
  return (
    <>
      <p>
        An agent that can read this repository, and change nothing, answers. It may propose a task, a changeling, a role, a
        webhook, a sub-agent or a skill; you confirm it, or not.
      </p>
      <Composer label="Ask something, or say what you want" isBusy={false} onSend={begin} />
    </>
  );
}
