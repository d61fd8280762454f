import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { CopyPlus, Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";
import { copyToNextYear, mostHolidays } from "./next-year.ts";

/** The days on which the window does not open, one below the other, and those of a year copied to the next. */
export function HolidayField({ value, set, facts }: NodePanelProps) {
  const days = (Array.isArray(value.holidays) ? value.holidays : []).map(String);
  const list = useRef<HTMLDivElement>(null);
  const error = facts.problemAt(["holidays"]);
  const add = () => {
    set(["holidays"], [...days, ""]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("[data-day]:last-of-type input")?.focus());
  };
  const copied = copyToNextYear(days);
  return (
    <Place at={["holidays"]}>
      <Stack gap="2" role="group" aria-label="Closed on these days">
        <Text textStyle="sm" fontWeight="medium">
          Closed on these days
        </Text>
        <Stack gap="1.5" ref={list}>
          {days.map((day, index) => {
            const problem = facts.problemAt(["holidays", index]);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a day that is typed on must not lose its field
              <Flex key={index} gap="1" align="start" data-day>
                <Box w="44">
                  <Place at={["holidays", index]}>
                    <TextField
                      label={`Day ${index + 1}`}
                      hideLabel
                      type="date"
                      value={day}
                      onChange={(next) =>
                        set(
                          ["holidays"],
                          days.map((each, at) => (at === index ? next : each)),
                        )
                      }
                      disabled={facts.disabled}
                      {...(problem !== undefined && { error: problem })}
                    />
                  </Place>
                </Box>
                <IconButton
                  icon={Trash2}
                  label={`Remove day ${index + 1}`}
                  tooltip="title"
                  disabled={facts.disabled}
                  onClick={() => set(["holidays"], days.length === 1 ? undefined : days.filter((_, at) => at !== index))}
                />
              </Flex>
            );
          })}
        </Stack>
        <Flex gap="2" wrap="wrap">
          <Button size="xs" icon={Plus} disabled={facts.disabled || days.length >= mostHolidays} onClick={add}>
            Add a day
          </Button>
          {copied && (
            <Button size="xs" icon={CopyPlus} disabled={facts.disabled} onClick={() => set(["holidays"], copied.days)}>
              Copy {copied.from} to {copied.to}
            </Button>
          )}
        </Flex>
        {error !== undefined && (
          <Text textStyle="sm" color="fg.error">
            {error}
          </Text>
        )}
      </Stack>
    </Place>
  );
}
