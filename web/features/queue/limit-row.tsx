import { Box, Flex, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { QueueLimits } from "#contract/queue.ts";
import { Button } from "#ui/button.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshQueue } from "#web/entities/queue/queue-query.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";

interface LimitRowProps {
  label: string;
  /** How it stands now. */
  children: ReactNode;
  /** The limit; null where there is none. */
  value: number | null;
  min: number;
  max: number;
  /** The name of the field while it is changed. */
  field: string;
  /** A hint beside the field, for example what an empty field means. */
  help: string;
  /** Whether the field may be empty, which means no limit. */
  optional: boolean;
  toLimits: (value: number | null) => QueueLimits;
  editable: boolean;
}

/** A limit. Everybody reads it, admins change it in place, and a change is in force at once. */
export function LimitRow({ label, children, value, min, max, field, help, optional, toLimits, editable }: LimitRowProps) {
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [typed, setTyped] = useState(value);
  const row = useRef<HTMLFormElement>(null);
  const open = useRef<HTMLButtonElement>(null);
  const save = useMutation({
    mutationFn: (limits: QueueLimits) => api("updateQueueLimits", { body: limits }),
    onSuccess: async () => {
      // The queue is read again before the field closes, so that the limit shown is the one in force.
      await refreshQueue(client);
      setEditing(false);
      toast({ status: "success", title: `${label}: the new limit is in force` });
    },
  });
  useEffect(() => {
    if (editing) row.current?.querySelector("input")?.focus();
  }, [editing]);
  const wrong =
    typed === null
      ? optional
        ? undefined
        : "A number is needed"
      : Number.isInteger(typed) && typed >= min && typed <= max
        ? undefined
        : `A whole number from ${min.toLocaleString("en")} to ${max.toLocaleString("en")}`;
  const close = () => {
    setEditing(false);
    save.reset();
    requestAnimationFrame(() => open.current?.focus());
  };
  return (
    <Box role="listitem" px="4" py="3" aria-label={label}>
      <Flex gap="4" align="center" minH="8">
        <Box flex="1" minW="0" textStyle="sm">
          <Text fontWeight="500">{label}</Text>
          <Box color="fg.muted" fontVariantNumeric="tabular-nums">
            {children}
          </Box>
        </Box>
        {editable && !editing && (
          <Button
            ref={open}
            size="xs"
            aria-label={`Change ${label}`}
            onClick={() => {
              setTyped(value);
              setEditing(true);
            }}
          >
            Change
          </Button>
        )}
      </Flex>
      {editing && (
        <form
          ref={row}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (wrong === undefined && !save.isPending) save.mutate(toLimits(typed));
          }}
          onKeyDown={(event) => event.key === "Escape" && !save.isPending && close()}
        >
          <Flex gap="2" mt="2" align="flex-end" wrap="wrap">
            <Box width="32">
              <NumberField label={field} value={typed} onChange={setTyped} min={min} max={max} width="full" />
            </Box>
            <Button tone="primary" type="submit" busy={save.isPending} disabled={wrong !== undefined || typed === value}>
              Save
            </Button>
            <Button tone="ghost" onClick={close} disabled={save.isPending}>
              Cancel
            </Button>
          </Flex>
          <Text mt="1" textStyle="xs" color={wrong ? "fg.error" : "fg.muted"} role={wrong ? "alert" : undefined}>
            {wrong ?? help}
          </Text>
          {save.isError && (
            <Box mt="2">
              <RefusalNotice error={save.error} onRetry={() => save.mutate(toLimits(typed))} />
            </Box>
          )}
        </form>
      )}
    </Box>
  );
}
