import { render } from "preact";
import "./style.css";
import "./overlays.css";
import { start as startClock } from "./clock";
import { start as startEvents } from "./events";
import { start as startNotifications } from "./notifications";
import { start as startRouter } from "./router";
import { start as startSession } from "./session";
import { Shell } from "./shell";

// See login.js: the next link of another site is tried again.
sessionStorage.removeItem("changeling-tried");
startRouter();
startClock();
startEvents();
startSession();
startNotifications();
const place = document.getElementById("app")!;
place.replaceChildren();
render(<Shell />, place);
