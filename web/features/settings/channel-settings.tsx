import { Stack } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { staysHere } from "#channels/stays-here.ts";
import { channels } from "#contract/messages.ts";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { providersQuery } from "#web/entities/providers/provider-queries.ts";
import { ApprovalRules } from "./approval-rules.tsx";
import { ChannelProvider } from "./channel-provider.tsx";
import { channelWords } from "./channel-words.ts";
import { HelpAnswer } from "./help-answer.tsx";
import { LinkTracking } from "./link-tracking.tsx";
import { LinksLeadHere } from "./links-lead-here.tsx";
import { PostalAddress } from "./postal-address.tsx";
import { Section } from "./section.tsx";
import { SendingHours } from "./sending-hours.tsx";
import { SmsCountries } from "./sms-countries.tsx";

const SendingDomain = lazy(async () => ({ default: (await import("./sending-domain.tsx")).SendingDomain }));

export function ChannelSettings() {
  const providers = useQuery(providersQuery);
  if (providers.isError) return <LoadError error={providers.error} onRetry={() => providers.refetch()} retrying={providers.isFetching} />;
  if (!providers.data) return <SkeletonRows rows={4} columns={["40%", "30%"]} />;
  const { items } = providers.data;
  return (
    <Stack gap="0">
      {channels.map((channel) => {
        const state = items.find((one) => one.channel === channel);
        return (
          <Section key={channel} title={channelLook[channel].name} lead={channelWords[channel].lead}>
            {/* The form of a provider that was just saved starts again from the stored settings. */}
            <ChannelProvider key={state?.updatedAt ?? "new"} channel={channel} state={state} />
            {channel === "sms" && (
              <>
                <SmsCountries />
                <HelpAnswer />
              </>
            )}
            {channel === "email" && state !== undefined && !staysHere(state.provider) && (
              <>
                <LinksLeadHere settings={state.settings} />
                <Suspense fallback={<SkeletonRows rows={4} columns={["20%", "60%"]} />}>
                  <SendingDomain />
                </Suspense>
              </>
            )}
            {channel === "email" && <PostalAddress isReal={state !== undefined && !staysHere(state.provider)} />}
          </Section>
        );
      })}
      <Section title="Sending rules" lead="They hold for all flows at once, also for sends under way.">
        <SendingHours />
      </Section>
      <Section title="Approval" lead="These sends wait until an admin or owner has looked at them. Nothing of them leaves before.">
        <ApprovalRules />
      </Section>
      <Section title="Clicks and opens" lead="What is noted of messages after they have left. Nothing, unless you turn it on.">
        <LinkTracking />
      </Section>
    </Stack>
  );
}
