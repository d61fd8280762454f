import { Box, chakra, Flex, Heading, Icon, Stack, Text, VisuallyHidden } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronDown, ChevronUp, CircleCheck, CircleDashed, X } from "lucide-react";
import { useId, useState } from "react";
import type { z } from "zod";
import { type FirstStep, type FirstStepsPatch, firstSteps } from "#contract/first-steps.ts";
import { Button } from "#ui/button.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { firstStepsQuery } from "#web/entities/workspace/first-steps-query.ts";
import { api } from "#web/lib/api.ts";
import { stepWords } from "./steps.ts";

/** Milliseconds. Others of the workspace may settle steps too. */
const lookEvery = 15_000;

type Patch = z.input<typeof FirstStepsPatch>;

/**
 * What a new workspace needs before it can write to people, for those who may settle it. It is gone when all is done or when
 * somebody hides it.
 */
export function FirstSteps() {
  const { workspace, can } = useSession();
  const client = useQueryClient();
  const steps = useQuery({ ...firstStepsQuery, enabled: can("admin") && !workspace.isDemo, refetchInterval: lookEvery });
  const [open, setOpen] = useState(true);
  const listId = useId();
  const change = useMutation({
    mutationFn: (body: Patch) => api("updateFirstSteps", { body }),
    onSuccess: (now) => client.setQueryData(firstStepsQuery.queryKey, now),
  });
  if (!steps.data || steps.data.hidden) return null;
  const { done } = steps.data;
  const count = firstSteps.filter((step) => done[step]).length;
  if (count === firstSteps.length) return null;

  const hide = () =>
    change.mutate(
      { hidden: true },
      {
        onSuccess: () =>
          toast({
            title: "First steps hidden",
            status: "success",
            action: { label: "Show again", onClick: () => change.mutate({ hidden: false }) },
          }),
      },
    );
  return (
    <Box as="section" aria-label="First steps" borderBottomWidth="1px" bg="bg.subtle" px={{ base: "4", md: "6" }} py="2.5" flexShrink={0}>
      <Flex align="center" gap="2">
        <Heading as="h2" textStyle="md" fontWeight="600">
          First steps
        </Heading>
        <Text as="span" textStyle="sm" color="fg.muted" flex="1" minW="0" truncate>
          {count} of {firstSteps.length} done
        </Text>
        <IconButton
          icon={open ? ChevronUp : ChevronDown}
          label={open ? "Collapse the first steps" : "Show the first steps"}
          tooltip="title"
          size="xs"
          aria-expanded={open}
          aria-controls={listId}
          onClick={() => setOpen(!open)}
        />
        <IconButton icon={X} label="Hide the first steps" tooltip="title" size="xs" onClick={hide} disabled={change.isPending} />
      </Flex>
      {change.isError && (
        <Box mt="2">
          <Notice status="error">{change.error.message}</Notice>
        </Box>
      )}
      <Stack
        as="ol"
        id={listId}
        hidden={!open}
        listStyleType="none"
        gap="0"
        mt="1.5"
        maxH={{ base: "40dvh", md: "none" }}
        overflowY="auto"
        display={open ? "flex" : "none"}
      >
        {firstSteps.map((step) => (
          <Step
            key={step}
            step={step}
            done={done[step]}
            busy={change.isPending}
            onConfirm={(which) => change.mutate({ confirm: [which] })}
          />
        ))}
      </Stack>
    </Box>
  );
}

interface StepProps {
  step: FirstStep;
  done: boolean;
  busy: boolean;
  onConfirm: (step: "country" | "timeZone") => void;
}

function Step({ step, done, busy, onConfirm }: StepProps) {
  const { workspace } = useSession();
  const { title, text, link, confirm } = stepWords[step](workspace);
  return (
    <chakra.li
      display="flex"
      flexShrink={0}
      gap="2.5"
      py={{ base: "1.5", md: "0.5" }}
      alignItems={{ base: "flex-start", md: "center" }}
      minH="9"
      flexWrap={{ base: "wrap", md: "nowrap" }}
    >
      <Icon boxSize="4" mt={{ base: "0.5", md: "0" }} flexShrink={0} color={done ? "fg.success" : "fg.subtle"}>
        {done ? <CircleCheck aria-hidden /> : <CircleDashed aria-hidden />}
      </Icon>
      <Box flex="1" minW={{ base: "calc(100% - 2rem)", md: "0" }} textStyle="sm">
        <Text as="span" fontWeight="medium" color={done ? "fg.muted" : undefined}>
          {title}
          <VisuallyHidden>{done ? " (done)" : " (to do)"}</VisuallyHidden>
        </Text>
        {!done && (
          <Text as="span" color="fg.muted">
            {" · "}
            {text}
          </Text>
        )}
      </Box>
      {!done && (
        <Flex gap="2" flexShrink={0} ms={{ base: "1.625rem", md: "0" }}>
          {confirm && (
            <Button size="xs" onClick={() => onConfirm(confirm.step)} disabled={busy}>
              {confirm.label}
            </Button>
          )}
          <Button asChild size="xs" tone={confirm ? "ghost" : "secondary"}>
            <Link to={link.to} search={link.search ?? {}}>
              {link.label}
              <VisuallyHidden>: {title}</VisuallyHidden>
            </Link>
          </Button>
        </Flex>
      )}
    </chakra.li>
  );
}
