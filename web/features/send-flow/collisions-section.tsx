import { Box, Spinner, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { CalendarDays } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import { type Collisions, collisionLimits } from "#contract/collisions.ts";
import { formatCount, plural } from "#ui/format.ts";
import { lazyLater } from "#ui/lazy-later.ts";
import { LoadError } from "#ui/load-error.tsx";
import { collisionsQuery } from "#web/entities/sends/collisions-query.ts";
import type { Audience } from "./audience.ts";
import { Fold } from "./fold.tsx";

const CollisionDays = lazyLater(async () => (await import("./collision-days.tsx")).CollisionDays);

interface CollisionsSectionProps {
  audience: Audience;
  zone: string;
  /** The contacts that are left out by hand. */
  leftOut: readonly string[];
  onLeaveOut: (contactIds: readonly string[]) => void;
  /** Begins the send at this time on the workspace's clock. */
  onStartAt: (at: string) => void;
  disabled: boolean;
}

/** What the chosen contacts get in the next days anyway: one line, with the days folded away. */
export function CollisionsSection({ audience, disabled, ...days }: CollisionsSectionProps) {
  const [open, setOpen] = useState(false);
  const isTooMany = audience.total > collisionLimits.contacts;
  const isCalm = useLater(calmMs);
  const collisions = useQuery({ ...collisionsQuery(audience.selection), enabled: !isTooMany && (isCalm || open) });
  const { data } = collisions;
  return (
    <Fold
      icon={CalendarDays}
      title="Next 7 days"
      summary={isTooMany ? tooMany : data ? collisionSummary(data) : collisions.isError ? "Not known" : "Looking what they get already…"}
      open={open}
      onOpen={setOpen}
      disabled={disabled}
    >
      {isTooMany ? (
        <Text p="3" textStyle="sm">
          {`What contacts get already is looked at for ${formatCount(collisionLimits.contacts)} at most. The forecast above tells how many may get no more.`}
        </Text>
      ) : data ? (
        <Suspense fallback={<Spinner size="sm" m="3" />}>
          <CollisionDays collisions={data} {...days} disabled={disabled} />
        </Suspense>
      ) : collisions.isError ? (
        <Box p="3">
          <LoadError
            title="What these contacts get already is not known"
            error={collisions.error}
            onRetry={() => void collisions.refetch()}
            retrying={collisions.isFetching}
          />
        </Box>
      ) : (
        <Spinner size="sm" m="3" />
      )}
    </Fold>
  );
}

/** Milliseconds. The forecast goes first, and whoever presses at once has nothing looked at that they do not see. */
const calmMs = 1_500;

function useLater(milliseconds: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return isOver;
}

const tooMany = `Looked at for up to ${formatCount(collisionLimits.contacts)} contacts`;

/** What they get already, in one line. */
export function collisionSummary({ planned, days, who }: Collisions): string {
  const messages = days.reduce((sum, day) => sum + day.messages, 0);
  const full = who.filter(({ isFull }) => isFull).length;
  const gets =
    planned === 0 ? "They get nothing else" : `${plural(planned, "contact gets", "contacts get")} ${plural(messages, "other message")}`;
  return full === 0 ? gets : `${gets}, ${formatCount(full)} at the limit`;
}
