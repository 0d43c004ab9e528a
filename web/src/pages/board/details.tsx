// Everything about one task, and what can be changed of it.

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { getUnlessKnown, patch, Refusal, type Schemas, type Task } from "../../api";
import { now } from "../../clock";
import { Dialog } from "../../dialog";
import { WhenLoaded } from "../../loaded";
import { attempt, tellDone } from "../../notices";
import { useResource } from "../../resource";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { relative, visible, visibleLines } from "../../text";
import { titleOf } from "./columns";
import { priorities } from "./filters";

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function TaskRow({ name, tasks }: { name: string; tasks: readonly string[] }) {
  if (tasks.length === 0) return null;
  return (
    <Row name={name}>
      {tasks.map((task) => (
        <a key={task} class="task-link" href={href("board", "", { task })}>
          {visible(task)}
        </a>
      ))}
    </Row>
  );
}

function Facts({ task }: { task: Task }) {
  return (
    <dl class="facts">
      <Row name="Id">{task.id}</Row>
      <Row name="Status">
        {titleOf(task.status)}
        {task.blocked_reason !== "" && `: ${visible(task.blocked_reason)}`}
      </Row>
      <TaskRow name="Waits for" tasks={task.blocked_by} />
      <TaskRow name="Is waited for by" tasks={task.blocks} />
      <TaskRow name="Part of" tasks={task.parent === "" ? [] : [task.parent]} />
      <TaskRow name="Has parts" tasks={task.children} />
      {task.gates.length > 0 && (
        <Row name="Gates">
          {task.gates.map(({ gate, opened_at }) => `${visible(gate)}${opened_at === null ? "" : " (open)"}`).join(", ")}
        </Row>
      )}
      {task.lease !== undefined && (
        <Row name="Claimed by">
          {visible(task.lease.owner)}, lease ends {relative(task.lease.expires_at, now.value)}
          {task.lease.provisional === true && ", which the remote does not know yet"}
        </Row>
      )}
      <Row name="Added">
        {relative(task.created_at, now.value)} by {visible(task.created_by)}
      </Row>
      <Row name="Changed">
        {relative(task.updated_at, now.value)} by {visible(task.updated_by)}
      </Row>
    </dl>
  );
}

function Attempts({ attempts }: { attempts: Task["attempts"] }) {
  if (attempts.length === 0) return null;
  return (
    <>
      <h3>Attempts</h3>
      <ul class="rows">
        {attempts.map((one, index) => (
          <li key={index}>
            <span>
              {visible(one.outcome)}
              {one.error !== "" && `: ${visible(one.error)}`}
            </span>
            <small>
              {one.run !== "" && <a href={href("run", one.run)}>{visible(one.run)}</a>} {visible(one.owner)},{" "}
              {relative(one.ended_at, now.value)}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

function editIn(form: FormData): Schemas["TaskEdit"] {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const list = (name: string, separator: string) =>
    text(name)
      .split(separator)
      .map((word) => word.trim())
      .filter((word) => word !== "");
  return {
    title: text("title"),
    description: text("description"),
    acceptance: list("acceptance", "\n"),
    priority: text("priority"),
    role: text("role"),
    labels: list("labels", ","),
  };
}

/// What somebody else changed meanwhile is not overwritten.
function explained(problem: unknown): unknown {
  if (!(problem instanceof Refusal) || problem.status !== 412) return problem;
  return new Refusal(412, "somebody has changed this task meanwhile", "conflict", "it was loaded anew; look again");
}

interface EditProps {
  task: Task;
  tag: string;
  onDone: () => void;
}

function Edit({ task, tag, onDone }: EditProps) {
  // What is typed belongs to the version that was shown at first.
  const [shown] = useState({ task, tag });
  async function save(form: HTMLFormElement): Promise<void> {
    const order = { path: { task: task.id }, body: editIn(new FormData(form)), ifMatch: shown.tag };
    const isDone = await attempt(async () => {
      await patch("/tasks/{task}", order).catch((problem: unknown) => {
        throw explained(problem);
      });
    });
    if (!isDone) return;
    tellDone("Saved.");
    onDone();
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save(event.currentTarget);
      }}
    >
      <EditFields task={shown.task} />
      <div class="actions">
        <button type="submit" class="primary">
          Save
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function EditFields({ task }: { task: Task }) {
  return (
    <>
      <label>
        Title
        <input name="title" required maxLength={500} defaultValue={task.title} />
      </label>
      <label>
        What is to be done, and why
        <textarea name="description" rows={6} defaultValue={task.description} />
      </label>
      <label>
        When it is done, one a line
        <textarea name="acceptance" rows={3} defaultValue={task.acceptance.join("\n")} />
      </label>
      <div class="fields">
        <label>
          Priority
          <select name="priority">
            {priorities.map((priority) => (
              <option key={priority} value={priority} selected={priority === task.priority}>
                {priority}
              </option>
            ))}
          </select>
        </label>
        <label>
          Role
          <input name="role" defaultValue={task.role} />
        </label>
        <label>
          Labels, with commas
          <input name="labels" defaultValue={task.labels.join(", ")} />
        </label>
      </div>
    </>
  );
}

function Reading({ task, onEdit }: { task: Task; onEdit: () => void }) {
  return (
    <>
      {task.description !== "" && <p class="prose">{visibleLines(task.description)}</p>}
      {task.acceptance.length > 0 && (
        <>
          <h3>When it is done</h3>
          <ul>
            {task.acceptance.map((criterion, index) => (
              <li key={index}>{visible(criterion)}</li>
            ))}
          </ul>
        </>
      )}
      <Facts task={task} />
      <Attempts attempts={task.attempts} />
      {mayWrite.value && (
        <div class="actions">
          <button type="button" onClick={onEdit}>
            Edit
          </button>
        </div>
      )}
    </>
  );
}

export function Details({ id, onClose }: { id: string; onClose: () => void }) {
  const tag = useRef("");
  const task = useResource<Task>(
    async (known) => {
      const answer = await getUnlessKnown("/tasks/{task}", { path: { task: id } }, known);
      if (answer !== null) tag.current = answer.tag;
      return answer;
    },
    (event) => event.task === id,
    [id],
  );
  const [isEdited, setEdited] = useState(false);
  const title = task.state.value.value?.title ?? id;
  return (
    <Dialog title={visible(title)} onClose={onClose}>
      <WhenLoaded from={task}>
        {(value) =>
          isEdited ? (
            <Edit
              task={value}
              tag={tag.current}
              onDone={() => {
                setEdited(false);
                task.reload();
              }}
            />
          ) : (
            <Reading task={value} onEdit={() => setEdited(true)} />
          )
        }
      </WhenLoaded>
      <button type="button" class="close" aria-label="Close" onClick={onClose}>
        ×
      </button>
    </Dialog>
  );
}
