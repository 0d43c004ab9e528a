// What was spent, against the caps.

import { getUnlessKnown, type Status } from "../../api";
import { BarChart } from "../../bar_chart";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { dollars, plural, visible } from "../../text";
import { daysOf, type Report, shownDays, type Spender, spendersOf, type SpentDay } from "./spending";

const shownSpenders = 10;

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

function Day({ day }: { day: SpentDay }) {
  const shares = day.byChangeling.map(([name, cost]) => `${visible(name)} ${dollars(cost)}`).join(", ");
  return (
    <tr>
      <th scope="row">{day.date}</th>
      <td>{plural(day.runs, "run")}</td>
      <td>{dollars(day.usd)}</td>
      <td>{shares}</td>
    </tr>
  );
}

function Days({ days, cap }: { days: readonly SpentDay[]; cap: number }) {
  return (
    <>
      <BarChart
        label={`Cost of each of the last ${shownDays} days${cap > 0 ? `, against ${dollars(cap)} a day` : ""}; the table has the numbers`}
        bars={days.map(({ date, usd }) => ({ label: `${date}: ${dollars(usd)}`, value: usd }))}
        cap={cap}
      />
      <table>
        <caption>The last {shownDays} days</caption>
        <tbody>
          {[...days].reverse().map((day) => (
            <Day key={day.date} day={day} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function SpenderRow({ spender, days }: { spender: Spender; days: readonly SpentDay[] }) {
  const { name, todayUsd, capUsd, usd, byDay } = spender;
  const cap = capUsd > 0 ? ` of ${dollars(capUsd)} a day` : ", no cap of its own";
  return (
    <li>
      <span>
        {visible(name)}{" "}
        <small>
          {dollars(todayUsd)} today{cap} · {dollars(usd)} in {shownDays} days
        </small>
      </span>
      <BarChart
        label={`Cost of ${visible(name)} on each of the last ${shownDays} days${capUsd > 0 ? `, against ${dollars(capUsd)} a day` : ""}`}
        bars={byDay.map((value, index) => ({ label: `${days[index]!.date}: ${dollars(value)}`, value }))}
        cap={capUsd}
        height={40}
      />
    </li>
  );
}

function Spenders({ spenders, days }: { spenders: readonly Spender[]; days: readonly SpentDay[] }) {
  if (spenders.length === 0) return null;
  return (
    <>
      <h3>By changeling</h3>
      <ul class="rows spenders">
        {spenders.slice(0, shownSpenders).map((spender) => (
          <SpenderRow key={spender.name} spender={spender} days={days} />
        ))}
      </ul>
      {spenders.length > shownSpenders && <p class="empty">and {spenders.length - shownSpenders} more that cost less</p>}
    </>
  );
}

interface SpendingProps {
  spent: Status["spent_usd"];
  report: Report;
}

function Spending({ spent, report }: SpendingProps) {
  const days = daysOf(report);
  const cap = report.caps_usd.day ?? 0;
  return (
    <>
      <Against label="Today" spent={spent.today} cap={cap} />
      <Against label="This month" spent={spent.month} cap={report.caps_usd.month ?? 0} />
      <Days days={days} cap={cap} />
      <Spenders spenders={spendersOf(report)} days={days} />
    </>
  );
}

export function Costs({ spent }: { spent: Status["spent_usd"] }) {
  const report = useResource<Report>(
    (known) => getUnlessKnown("/report", { query: { since: `${shownDays}d` } }, known),
    (event) => event.event === "run:finished",
  );
  return (
    <section aria-labelledby="cost">
      <h2 id="cost">Cost</h2>
      <WhenLoaded from={report}>{(value) => <Spending spent={spent} report={value} />}</WhenLoaded>
    </section>
  );
}
