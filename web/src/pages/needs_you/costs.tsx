// What was spent, against the caps.

import { getUnlessKnown, type Schemas, type Status } from "../../api";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { dollars, plural, visible } from "../../text";
import { capIn, loadSpending, shownDays, type Spending } from "./spending";

interface AgainstProps {
  label: string;
  spent: number;
  cap: number;
}

function Against({ label, spent, cap }: AgainstProps) {
  return (
    <p class="against">
      <span>
        {label}: <strong>{dollars(spent)}</strong>
        {cap > 0 ? ` of ${dollars(cap)}` : ", no cap"}
      </span>
      {cap > 0 && <meter aria-label={`${label}, of the cap`} min={0} max={cap} high={cap * 0.8} value={Math.min(spent, cap)} />}
    </p>
  );
}

function Day({ day }: { day: Spending }) {
  const shares = day.byChangeling.map(([name, cost]) => `${visible(name)} ${dollars(cost)}`).join(", ");
  return (
    <tr>
      <th scope="row">{day.day}</th>
      <td>{plural(day.runs, "run")}</td>
      <td>{dollars(day.usd)}</td>
      <td>{shares}</td>
    </tr>
  );
}

function Days({ days, isWhole }: { days: readonly Spending[]; isWhole: boolean }) {
  if (days.length === 0) return <p class="empty">No runs in {shownDays} days.</p>;
  return (
    <table>
      <caption>
        {isWhole ? `The last ${shownDays} days` : "The newest runs only"}
      </caption>
      <tbody>
        {days.map((day) => (
          <Day key={day.day} day={day} />
        ))}
      </tbody>
    </table>
  );
}

export function Costs({ spent }: { spent: Status["spent_usd"] }) {
  const settings = useResource<Schemas["Settings"]>(
    (known) => getUnlessKnown("/settings", {}, known),
    () => false,
  );
  const spending = useResource(loadSpending, (event) => event.event === "run:finished");
  const all = settings.state.value.value?.settings ?? [];
  return (
    <section aria-labelledby="cost">
      <h2 id="cost">Cost</h2>
      <Against label="Today" spent={spent.today} cap={capIn(all, "changeling.dailyBudget")} />
      <Against label="This month" spent={spent.month} cap={capIn(all, "changeling.monthlyBudget")} />
      <WhenLoaded from={spending}>{(value) => <Days days={value.days} isWhole={value.isWhole} />}</WhenLoaded>
    </section>
  );
}
