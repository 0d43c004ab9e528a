// Talking with an agent about the repository. What it proposes is shown as a form with its difference, and nothing of it
// exists before it is confirmed; confirming names the digest of what is shown.

import { useEffect, useRef, useState } from "preact/hooks";
import { getUnlessKnown, post, type Schemas } from "../../api";
import type { ServiceEvent } from "../../events";
import { WhenLoaded } from "../../loaded";
import { attempt } from "../../notices";
import { Ago } from "../../parts";
import { useResource } from "../../resource";
import { href, route } from "../../router";
import { mayWrite } from "../../session";
import { dollars, plural, visible } from "../../text";
import { ChatMessage } from "./message";
import "./chat.css";

type ChatCard = Schemas["ChatCard"];

const concerns = (event: ServiceEvent): boolean => event.event === "chat:message";

interface ComposerProps {
  label: string;
  isBusy: boolean;
  onSend: (text: string) => Promise<boolean>;
}

/// Enter sends, as in every chat; with Shift it is a new line.
function Composer({ label, isBusy, onSend }: ComposerProps) {
  const [text, setText] = useState("");
  const [isSending, setSending] = useState(false);
  async function send(): Promise<void> {
    if (text.trim() === "" || isBusy || isSending) return;
    setSending(true);
    if (await onSend(text)) setText("");
    setSending(false);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        {label}
        <textarea rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKeyDown} />
      </label>
      <button type="submit" class="primary" disabled={isBusy || isSending}>
        Send
      </button>
    </form>
  );
}

function Card({ chat }: { chat: ChatCard }) {
  return (
    <li>
      <span class="row-main">
        <a href={href("chat", chat.id)}>{chat.title === "" ? chat.id : visible(chat.title)}</a>
        <small>
          {plural(chat.messages_count, "message")} · {dollars(chat.cost_usd)} · <Ago time={chat.touched_at} />
          {chat.answering && " · the agent is at work"}
        </small>
      </span>
    </li>
  );
}

function spentToday({ spent_usd, cap_usd }: Schemas["ChatDay"]): string {
  return `Chats have cost ${dollars(spent_usd)} today${cap_usd === null ? "" : ` of ${dollars(cap_usd)}`}.`;
}

function Chats() {
  const chats = useResource((known) => getUnlessKnown("/chat", {}, known), concerns);
  async function begin(text: string): Promise<boolean> {
    let id = "";
    const began = await attempt(async () => {
      id = (await post("/chat", { body: { text } })).id;
    });
    if (began) location.hash = href("chat", id);
    return began;
  }
  return (
    <>
      <p>
        An agent that can read this repository, and change nothing, answers. It may propose a task, a changeling, a role, a
        webhook, a sub-agent or a skill; you confirm it, or not.
      </p>
      <Composer label="Ask something, or say what you want" isBusy={false} onSend={begin} />
      <WhenLoaded from={chats}>
        {({ chats: all, day }) => (
          <>
            <p role="status">{spentToday(day)}</p>
            {all.length === 0 ? (
              <p class="empty">There is no chat yet.</p>
            ) : (
              <ul class="rows">
                {all.map((chat) => (
                  <Card key={chat.id} chat={chat} />
                ))}
              </ul>
            )}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

/// Keeps the end of the conversation in sight when something has come.
function End({ of }: { of: string }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [of]);
  return <div ref={end} />;
}

function Conversation({ id }: { id: string }) {
  const path = { chat: id };
  const chat = useResource((known) => getUnlessKnown("/chat/{chat}", { path }, known), concerns, [id]);
  async function send(text: string): Promise<boolean> {
    const sent = await attempt(() => post("/chat/{chat}/messages", { path, body: { text } }));
    chat.reload();
    return sent;
  }
  async function stop(): Promise<void> {
    await attempt(() => post("/chat/{chat}/stop", { path }), "The agent is asked to stop.");
    chat.reload();
  }
  return (
    <WhenLoaded from={chat}>
      {({ messages, answering, cost_usd, agent }) => (
        <>
          <p role="status">
            <a href={href("chat")}>All chats</a> · {visible(agent)} · {dollars(cost_usd)} so far
            {answering && " · the agent is at work"}
          </p>
          <ol class="talk">
            {messages.map((message, index) => (
              <ChatMessage key={index} chat={id} message={message} onDecided={chat.reload} />
            ))}
          </ol>
          {answering && (
            <button type="button" class="danger" onClick={() => void stop()}>
              Stop
            </button>
          )}
          <Composer label="Your message" isBusy={answering} onSend={send} />
          <End of={`${messages.length} ${answering}`} />
        </>
      )}
    </WhenLoaded>
  );
}

export function Chat() {
  const id = route.value.rest;
  if (!mayWrite.value) return <p class="empty">Chats are shown to whoever may change something here.</p>;
  return id === "" ? <Chats /> : <Conversation key={id} id={id} />;
}
