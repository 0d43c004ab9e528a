import { render } from "preact";
import "./style.css";
import { start as startClock } from "./clock";
import { start as startEvents } from "./events";
import { start as startRouter } from "./router";
import { Shell } from "./shell";

startRouter();
startClock();
startEvents();
const place = document.getElementById("app")!;
place.replaceChildren();
render(<Shell />, place);
