import { Box, Flex, Icon, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { CalendarRange, ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { mostForecast } from "#contract/forecasts.ts";
import { Button } from "#ui/button.tsx";
import type { Schedule } from "#web/entities/schedule/schedule-words.ts";
import { forecastQuery } from "#web/entities/sends/forecast-query.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import type { Audience } from "./audience.ts";
import { Disclosure } from "./disclosure.tsx";
import { ForecastDetails } from "./forecast-details.tsx";
import { forecastLine } from "./forecast-words.ts";

interface ForecastLineProps {
  flowId: string;
  /** The id that the send will have. */
  sendId: string;
  audience: Audience;
  schedule: Schedule | null;
  oncePerAddress: boolean;
  zone: string;
}

/** Says what would leave and when, for as many contacts as can be looked at while a person waits. Sending never waits for it. */
export function ForecastLine({ flowId, sendId, audience, schedule, oncePerAddress, zone }: ForecastLineProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const { start, drip } = schedule ?? {};
  const question = { flowId, sendId, selection: audience.selection, oncePerAddress, ...(start && { start }), ...(drip && { drip }) };
  const found = useQuery({ ...forecastQuery(question), enabled: audience.total <= mostForecast && schedule !== null });
  if (audience.total > mostForecast) return null;
  if (found.isError && !found.data) {
    return (
      <Flex role="alert" gap="2" align="flex-start" textStyle="sm">
        <Text flex="1" minW="0" color="fg.muted">
          What would leave when is not known. {found.error.message}
        </Text>
        <Button size="xs" onClick={() => void found.refetch()} busy={found.isFetching}>
          Look again
        </Button>
      </Flex>
    );
  }
  const line = found.data ? forecastLine(found.data, serverNow(), zone) : null;
  return (
    // The height of one line is kept, so that nothing below moves when the answer comes in.
    <Box minHeight="6" textStyle="sm" aria-busy={found.isFetching}>
      {found.data && line && (
        <>
          <Flex gap="2" align="flex-start">
            <Icon boxSize="4" mt="0.5" color="fg.muted" flexShrink="0">
              <CalendarRange aria-hidden />
            </Icon>
            <Text role="status" flex="1" minW="0" fontVariantNumeric="tabular-nums">
              {line}
            </Text>
            <Disclosure type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
              Forecast
              <Box as="span" transition="transform 150ms" transform={open ? "rotate(180deg)" : undefined}>
                <ChevronDown aria-hidden size={14} />
              </Box>
            </Disclosure>
          </Flex>
          <Box id={id} hidden={!open}>
            {open && <ForecastDetails forecast={found.data} question={question} />}
          </Box>
        </>
      )}
    </Box>
  );
}
