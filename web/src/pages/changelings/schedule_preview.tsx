// The next three times of a schedule while it is typed.

import { useEffect, useState } from "preact/hooks";
import { get, type Refusal, type Schemas } from "../../api";
import { Ago } from "../../parts";
import { visible } from "../../text";

const pauseMilliseconds = 250;

type Shown = { times: Schemas["ScheduleTimes"] } | { problem: string } | null;

export function SchedulePreview({ changeling, schedule, timezone }: Record<"changeling" | "schedule" | "timezone", string>) {
  const [shown, setShown] = useState<Shown>(null);
  useEffect(() => {
    setShown(null);
    if (schedule.trim() === "") return;
    const stopped = new AbortController();
    const query = { changeling, schedule, timezone };
    const timer = setTimeout(() => {
      get("/schedule-times", { query, signal: stopped.signal })
        .then((times) => setShown({ times }))
        .catch((problem: Refusal) => stopped.signal.aborted || setShown({ problem: problem.message }));
    }, pauseMilliseconds);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [changeling, schedule, timezone]);
  if (shown === null) return null;
  if ("problem" in shown) return <small class="wrong">{visible(shown.problem)}</small>;
  return (
    <small>
      next:{" "}
      {shown.times.times.map((time, index) => (
        <span key={time}>
          {index > 0 && ", "}
          {visible(shown.times.local_times[index] ?? time)} (<Ago time={time} />)
        </span>
      ))}
    </small>
  );
}
