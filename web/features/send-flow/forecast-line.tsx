import { Box, Flex, Icon, Text } from "@chakra-ui/react";
import { CalendarRange, ChevronDown } from "lucide-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import { isForecastOver, type KeptForecast, mostForecast } from "#contract/forecasts.ts";
import type { Launch } from "#contract/launch-values.ts";
import type { Narrowing } from "#contract/who-not.ts";
import { Button } from "#ui/button.tsx";
import { ProgressBar } from "#ui/progress-bar.tsx";
import type { Schedule } from "#web/entities/schedule/schedule-words.ts";
import { cancelForecast } from "#web/entities/sends/forecast-query.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import type { Audience } from "./audience.ts";
import { Disclosure } from "./disclosure.tsx";
import { ForecastDetails } from "./forecast-details.tsx";
import { forecastLine, lookingWords } from "./forecast-words.ts";
import { useForecast } from "./use-forecast.ts";

interface ForecastLineProps {
  flowId: string;
  /** The id that the send will have. */
  sendId: string;
  audience: Audience;
  schedule: Schedule | null;
  oncePerAddress: boolean;
  narrowing: Narrowing;
  /** What is given for what the flow asks for; null while something is missing. */
  launch: Launch | null;
  /** The moment after which nothing leaves; null where there is none. */
  notLaterThan: string | null;
  zone: string;
  /** Learns the id of the forecast that a send may name; null while there is none. */
  onForecast: (id: string | null) => void;
}

/** Says what would leave and when. Of many contacts the figures grow while one looks. Sending never waits for it. */
export function ForecastLine({
  flowId,
  sendId,
  audience,
  schedule,
  oncePerAddress,
  narrowing,
  launch,
  notLaterThan,
  zone,
  onForecast,
}: ForecastLineProps) {
  const { start, drip } = schedule ?? {};
  const question = {
    flowId,
    sendId,
    selection: audience.selection,
    oncePerAddress,
    ...narrowing,
    ...(launch?.values && { values: launch.values }),
    ...(launch?.contactValues && { contactValues: launch.contactValues }),
    ...(start && { start }),
    ...(drip && { drip }),
    ...(notLaterThan !== null && { notLaterThan }),
  };
  const { latest, isOfBefore, error, isFetching, refetch } = useForecast(question, {
    enabled: audience.total <= mostForecast && schedule !== null && launch !== null,
  });
  const nameable = latest?.state === "done" && !isOfBefore && schedule !== null && launch !== null ? latest.id : null;
  useEffect(() => onForecast(nameable), [nameable, onForecast]);

  const lookAgain = { onClick: () => void refetch(), busy: isFetching };
  if (error && !latest) return <Unknown {...lookAgain}>What would leave when is not known. {error.message}</Unknown>;
  if (latest?.state === "failed") return <Unknown {...lookAgain}>What would leave when is not known. {latest.errorMessage}</Unknown>;
  if (latest?.state === "cancelled" && !isFetching)
    return <Unknown {...lookAgain}>Looking was stopped before all contacts were looked at.</Unknown>;
  return (
    // The height of one line is kept, so that nothing below moves when the answer comes in.
    <Box minHeight="6" textStyle="sm" aria-busy={isFetching || (latest && !isForecastOver(latest))}>
      {latest && <Line latest={latest} zone={zone} />}
      {latest?.flowChanged && <Unknown {...lookAgain}>This flow was changed since. What is sent is the flow as it is now.</Unknown>}
    </Box>
  );
}

function Line({ latest, zone }: { latest: KeptForecast; zone: string }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const { forecast, looked, total } = latest;
  const isOver = isForecastOver(latest);
  const words = forecast && forecastLine(forecast, serverNow(), zone);
  // A flow that sends nothing has no line, whoever goes through it.
  if (isOver && !words) return null;
  return (
    <>
      <Flex gap="2" align="flex-start">
        <Icon boxSize="4" mt="0.5" color="fg.muted" flexShrink="0">
          <CalendarRange aria-hidden />
        </Icon>
        {/* A screen reader hears the end and not every step to it. */}
        <Text role={isOver ? "status" : undefined} flex="1" minW="0" fontVariantNumeric="tabular-nums">
          {isOver ? words : lookingWords(latest, words)}
        </Text>
        {words && (
          <Disclosure type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
            Forecast
            <Box as="span" transition="transform 150ms" transform={open ? "rotate(180deg)" : undefined}>
              <ChevronDown aria-hidden size={14} />
            </Box>
          </Disclosure>
        )}
      </Flex>
      {!isOver && (
        <Flex ms="6" mt="1" gap="3" align="center">
          <ProgressBar value={latest.state === "waiting" ? null : looked} max={total} label="Looking at contacts" />
          <Disclosure type="button" onClick={() => void cancelForecast(latest.id).catch(() => undefined)}>
            Stop
          </Disclosure>
        </Flex>
      )}
      <Box id={id} hidden={!open}>
        {open && forecast && <ForecastDetails forecast={forecast} of={latest} />}
      </Box>
    </>
  );
}

/** Something is not known, and can be asked again. */
function Unknown({ children, onClick, busy }: { children: ReactNode; onClick: () => void; busy: boolean }) {
  return (
    <Flex role="alert" gap="2" align="flex-start" textStyle="sm">
      <Text flex="1" minW="0" color="fg.muted">
        {children}
      </Text>
      <Button size="xs" onClick={onClick} busy={busy}>
        Look again
      </Button>
    </Flex>
  );
}
