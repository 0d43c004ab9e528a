// What schedules will start, and what that may cost.

import { getUnlessKnown, type Schemas } from "../../api";
import { now } from "../../clock";
import { isRunChange } from "../../events";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { dollars, duration, plural, relative, visible } from "../../text";
import { nextTimes, type PlannedTime } from "./forecast_times";

type Plan = Schemas["Plan"];
const shownTimes = 5;

function cost(sum: { expected_cost_usd: number; cost_known: boolean }): string {
  return sum.cost_known ? `about ${dollars(sum.expected_cost_usd)}` : `at least ${dollars(sum.expected_cost_usd)}`;
}

function Next({ next }: { next: PlannedTime }) {
  return (
    <li>
      <span>
        {visible(next.changeling)} <small>{relative(next.time, now.value)}</small>
      </span>
      {next.obstacle !== "" && <small class="why">{visible(next.obstacle)}</small>}
    </li>
  );
}

function Coming({ plan }: { plan: Plan }) {
  if (plan.total.runs === 0 && plan.plan.length === 0) return <p class="empty">No schedule starts anything in the coming week.</p>;
  return (
    <>
      <p>
        {plural(plan.total.runs, "run")} in {plural(plan.days.length, "day")}, {cost(plan.total)}, {" "}
        {duration(plan.total.expected_duration_ms)} of work
      </p>
      <ul class="rows">
        {nextTimes(plan.plan, shownTimes).map((next) => (
          <Next key={`${next.changeling} ${next.time}`} next={next} />
        ))}
      </ul>
    </>
  );
}

export function Forecast() {
  const plan = useResource<Plan>(
    (known) => getUnlessKnown("/plan", { query: { days: 7 } }, known),
    (event) => isRunChange(event) || event.event.startsWith("trigger:"),
  );
  return (
    <section aria-labelledby="forecast">
      <h2 id="forecast">The coming week</h2>
      <WhenLoaded from={plan}>{(value) => <Coming plan={value} />}</WhenLoaded>
    </section>
  );
}
