// What is done to all that are selected.

import { useState } from "preact/hooks";
import { AskReason } from "../../ask_reason";
import { plural } from "../../text";
import { columns, isLegal } from "./columns";
import { useBoard } from "./context";
import { priorities } from "./filters";
import type { TaskStatus } from "../../api";

interface ChoiceProps {
  label: string;
  choices: readonly { value: string; title: string }[];
  onChoose: (value: string) => void;
}

/// A list that does something when one of it is chosen, and shows its label again.
function Choice({ label, choices, onChoose }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value=""
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        event.currentTarget.value = "";
        if (chosen !== "") onChoose(chosen);
      }}
    >
      <option value="">{label}</option>
      {choices.map(({ value, title }) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </select>
  );
}

type Question = "drop" | "label" | null;

export function BulkBar() {
  const { store, move, moves } = useBoard();
  const [question, setQuestion] = useState<Question>(null);
  const selected = store.selected.value;
  if (selected.size === 0) return null;
  const statuses = new Set([...selected].flatMap((task) => store.card(task)?.status ?? []));
  return (
    <div class="bulk" role="toolbar" aria-label="Selected tasks">
      <strong>{plural(selected.size, "task")} selected</strong>
      <Choice
        label="Move to …"
        choices={columns
          .filter(({ status }) => [...statuses].some((from) => from !== status && isLegal(moves, from, status)))
          .map(({ status, title }) => ({ value: status, title }))}
        onChoose={(to) => move([...selected], to as TaskStatus)}
      />
      <Choice
        label="Priority …"
        choices={priorities.map((priority) => ({ value: priority, title: priority }))}
        onChoose={(priority) => void store.actOnSelected({ action: "edit", priority })}
      />
      <button type="button" onClick={() => setQuestion("label")}>
        Add label …
      </button>
      <button type="button" class="danger" onClick={() => setQuestion("drop")}>
        Drop …
      </button>
      <button type="button" onClick={() => store.clearSelection()}>
        Select none
      </button>
      {question === "label" && (
        <AskReason
          title={`Label ${plural(selected.size, "task")}`}
          label="Label"
          confirm="Add"
          isRequired
          onConfirm={(label) => void store.actOnSelected({ action: "edit", add_labels: [label] })}
          onClose={() => setQuestion(null)}
        />
      )}
      {question === "drop" && (
        <AskReason
          title={`Drop ${plural(selected.size, "task")}?`}
          label="Why nobody is to do it"
          confirm="Drop"
          onConfirm={(reason) => void store.actOnSelected({ action: "drop", reason })}
          onClose={() => setQuestion(null)}
        />
      )}
    </div>
  );
}
