import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isForecastOver, KeptForecast } from "#contract/forecasts.ts";
import { forecastRoutes } from "#contract/routes/forecasts.ts";
import { cancelForecast, forecastQuery, keptForecastQuery, type Question } from "#web/entities/sends/forecast-query.ts";
import { urlOf } from "#web/lib/api.ts";
import { useEventSource } from "#web/lib/event-source.ts";

/** How often a forecast is read whose events do not come through, and how often one that is done is compared with the flow. */
const pollEvery = { lost: 2_000, done: 30_000 };

/**
 * Asks what a send would do and follows the answer while it grows. What nobody looks at any more is cancelled: where the question
 * changes, and where the line goes.
 */
export function useForecast(question: Question, { enabled }: { enabled: boolean }) {
  const asked = useQuery({ ...forecastQuery(question), enabled });
  const first = asked.data;
  const growing = first && !isForecastOver(first) ? first.id : null;
  const url = growing === null ? null : urlOf(forecastRoutes, "forecastEvents", { params: { id: growing } });
  const events = useEventSource(url, KeptForecast, { isLast: isForecastOver });
  const streamed = furthest(first, events.data);
  const isDone = streamed !== undefined && isForecastOver(streamed);
  const isLost = growing !== null && !isDone && events.state === "reconnecting";
  const read = useQuery({
    ...keptForecastQuery(first),
    refetchInterval: isLost ? pollEvery.lost : isDone && pollEvery.done,
  });
  const latest = furthest(first, events.data, read.data);

  const underWay = useRef<string | null>(null);
  underWay.current = latest && !isForecastOver(latest) ? latest.id : null;
  useEffect(() => {
    if (growing === null) return;
    return () => {
      // It would go on without anybody who looks. Whether this call arrives is of no matter to the person.
      if (underWay.current === growing) void cancelForecast(growing).catch(() => undefined);
    };
  }, [growing]);

  return { ...asked, latest, isOfBefore: asked.isPlaceholderData };
}

/** Of what is known of one forecast that which is furthest; of what is over the newest. */
export function furthest(first: KeptForecast | undefined, ...later: readonly (KeptForecast | undefined)[]): KeptForecast | undefined {
  if (!first) return undefined;
  return later.reduce<KeptForecast>((best, next) => {
    if (next?.id !== first.id) return best;
    if (isForecastOver(next)) return isForecastOver(best) && best.flowChanged ? best : next;
    return !isForecastOver(best) && next.looked > best.looked ? next : best;
  }, first);
}
