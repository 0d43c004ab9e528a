// Tasks by status.

import { getUnlessKnown, type Schemas } from "../../api";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { plural, visible } from "../../text";

export function Board() {
  const tasks = useResource<Schemas["Tasks"]>(
    (known) => getUnlessKnown("/tasks", { query: { view: "card", limit: 200 } }, known),
    (event) => event.event.startsWith("work:"),
  );
  return (
    <WhenLoaded from={tasks}>
      {(value) => (
        <>
          <p>{plural(value.total, "task")}</p>
          <ul class="rows">
            {value.tasks.map((task) => (
              <li key={task.id}>
                <span>{visible(task.title)}</span>
                <small>
                  {task.status.replace("_", " ")} · {task.priority}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </WhenLoaded>
  );
}
