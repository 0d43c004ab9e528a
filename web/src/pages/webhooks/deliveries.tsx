// What a webhook has received, the newest first, with headers, the answer and what came of it.

import { useEffect } from "preact/hooks";
import { getUnlessKnown, post } from "../../api";
import { WhenLoaded } from "../../loaded";
import { attempt } from "../../notices";
import { Ago, Badge, Properties } from "../../parts";
import { useResource } from "../../resource";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { visible } from "../../text";
import { type Delivery, standingOf } from "./outcomes";

const most = 50;
/// No event tells of a delivery that starts nothing.
const lookAgainMilliseconds = 5_000;

function Headers({ delivery }: { delivery: Delivery }) {
  const headers = Object.entries(delivery.headers);
  if (headers.length === 0) return null;
  return (
    <dl class="facts" aria-label="Headers">
      {headers.flatMap(([name, value]) => [
        <dt key={name}>
          <code>{visible(name)}</code>
        </dt>,
        <dd key={`${name} value`}>{visible(value)}</dd>,
      ])}
    </dl>
  );
}

function Replay({ delivery, onDone }: { delivery: Delivery; onDone: () => void }) {
  async function replay(): Promise<void> {
    const path = { webhook: delivery.webhook, delivery: delivery.key };
    await attempt(
      () => post("/webhooks/{webhook}/deliveries/{delivery}/replay", { path }),
      "It is worked off again, as a delivery of its own.",
    );
    onDone();
  }
  return (
    <div class="actions">
      <button type="button" onClick={() => void replay()}>
        Replay
      </button>
    </div>
  );
}

function DeliveryRow({ delivery, onDone }: { delivery: Delivery; onDone: () => void }) {
  const { word, tone } = standingOf(delivery);
  const reason = delivery.detail ?? delivery.problem;
  return (
    <li>
      <details class="subject">
        <summary>
          <code>{delivery.key.slice(0, 12)}</code> {visible(delivery.event ?? "no event")}{" "}
          <Badge tone={tone}>{visible(word)}</Badge>{" "}
          <small>
            <Ago time={delivery.received_at} />
          </small>
        </summary>
        <Properties
          of={[
            ["Received by", delivery.received_here ? "this machine" : visible(delivery.machine ?? "another machine")],
            ["Answer", delivery.answer],
            ["Id at the source", visible(delivery.delivery)],
            ["Why", reason === null ? null : visible(reason)],
            ["Run", delivery.run === null ? null : <a href={href("run", delivery.run)}>{visible(delivery.run)}</a>],
            [
              "Task",
              delivery.task === null ? null : <a href={href("board", "", { task: delivery.task })}>{visible(delivery.task)}</a>,
            ],
            ["Replay of", delivery.replay_of === null ? null : <code>{delivery.replay_of.slice(0, 12)}</code>],
            ["Worked off", <Ago time={delivery.finished_at} />],
          ]}
        />
        <Headers delivery={delivery} />
        {mayWrite.value && delivery.received_here && <Replay delivery={delivery} onDone={onDone} />}
      </details>
    </li>
  );
}

export function Deliveries({ webhook }: { webhook: string }) {
  const deliveries = useResource(
    (known) =>
      getUnlessKnown("/webhooks/{webhook}/deliveries", { path: { webhook }, query: { limit: most } }, known),
    (event) => event.event !== "work:progress",
  );
  useEffect(() => {
    const timer = setInterval(deliveries.reload, lookAgainMilliseconds);
    return () => clearInterval(timer);
  }, [deliveries]);
  return (
    <section aria-label="Deliveries">
      <h3>Deliveries</h3>
      <WhenLoaded from={deliveries}>
        {(found) =>
          found.deliveries.length === 0 ? (
            <p class="empty">Nothing has been received.</p>
          ) : (
            <ul class="rows">
              {found.deliveries.map((delivery) => (
                <DeliveryRow key={delivery.key} delivery={delivery} onDone={deliveries.reload} />
              ))}
            </ul>
          )
        }
      </WhenLoaded>
    </section>
  );
}
