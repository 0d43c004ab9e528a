// A question of an agent, answered with one of the answers that it proposes or with any other.

import { useState } from "preact/hooks";
import { post } from "../../api";
import { attempt, tellDone } from "../../notices";
import { visible } from "../../text";
import type { Need } from "./kinds";

interface QuestionProps {
  run: string;
  question: NonNullable<Need["question"]>;
  onSettled: () => void;
}

export function QuestionAnswer({ run, question, onSettled }: QuestionProps) {
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  async function answer(words: string): Promise<void> {
    setBusy(true);
    await attempt(async () => {
      const taken = await post("/runs/{run}/answer", { path: { run }, body: { text: words, question: question.number } });
      tellDone(taken.read ? "The agent has your answer." : "Kept: the agent gets it when it asks again.");
    });
    setBusy(false);
    onSettled();
  }
  return (
    <>
      {question.choices.length > 0 && (
        <div class="actions">
          {question.choices.map((choice) => (
            <button key={choice} type="button" disabled={isBusy} onClick={() => void answer(choice)}>
              {visible(choice)}
            </button>
          ))}
        </div>
      )}
      <form
        class="message"
        onSubmit={(event) => {
          event.preventDefault();
          void answer(text);
        }}
      >
        <label>
          Your answer
          <input value={text} required autocomplete="off" onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <button type="submit" disabled={isBusy}>
          Answer
        </button>
      </form>
    </>
  );
}
