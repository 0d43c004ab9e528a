// The start page: what waits for a person, and below it how the repository stands.

import "./needs_you.css";
import { getUnlessKnown, type Status } from "../../api";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { waiting } from "../../waiting";
import { BeginChat } from "../chat/begin_chat";
import { Costs } from "./costs";
import { Forecast } from "./forecast";
import { Needs } from "./needs";
import { NotificationSwitch } from "./notification_switch";
import { Standing } from "./standing";

/// Only who may change something here may ask: it costs money.
function Ask() {
  if (!mayWrite.value) return null;
  return (
    <section aria-labelledby="ask">
      <h2 id="ask">Ask</h2>
      <BeginChat />
      <p>
        <a href={href("chat")}>All chats</a>
      </p>
    </section>
  );
}

export function NeedsYou() {
  const status = useResource<Status>(
    (known) => getUnlessKnown("/status", {}, known),
    (event) => event.event !== "work:progress",
  );
  return (
    <>
      <WhenLoaded from={waiting}>{(value) => <Needs of={value} from={waiting} />}</WhenLoaded>
      <NotificationSwitch />
      <WhenLoaded from={status}>
        {(value) => (
          <div class="standing">
            <Standing status={value} />
            <Costs spent={value.spent_usd} />
            <Forecast />
            <Ask />
          </div>
        )}
      </WhenLoaded>
    </>
  );
}
