// What an agent at work has used, as the event stream tells it.

import { useEffect, useState } from "preact/hooks";
import type { Run } from "../../api";
import { listen, type ServiceEvent } from "../../events";

type Metrics = Partial<Pick<Run, "turns" | "cost_usd" | "tokens">>;

/// What the event says of this run; what it does not know is left out.
export function metricsIn(event: ServiceEvent, run: string): Metrics | null {
  if (event.event !== "run:metrics" || event.run !== run) return null;
  const { turns, cost_usd, tokens } = event as unknown as Metrics;
  return Object.fromEntries(Object.entries({ turns, cost_usd, tokens }).filter(([, value]) => value !== null && value !== undefined));
}

/// The record, while it runs with the newest numbers.
export function withMetrics(run: Run, metrics: Metrics): Run {
  return run.status === "running" ? { ...run, ...metrics } : run;
}

export function useMetrics(run: string): Metrics {
  const [metrics, setMetrics] = useState<Metrics>({});
  useEffect(() => {
    setMetrics({});
    return listen({
      onEvent: (event) => {
        const told = metricsIn(event, run);
        if (told !== null) setMetrics((before) => ({ ...before, ...told }));
      },
      onFresh: () => setMetrics({}),
    });
  }, [run]);
  return metrics;
}
