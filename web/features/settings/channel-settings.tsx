import { Stack } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { providersQuery } from "#web/entities/members/member-queries.ts";
import { EmailProvider } from "./email-provider.tsx";
import { Section } from "./section.tsx";
import { SmsProvider } from "./sms-provider.tsx";

export function ChannelSettings() {
  const providers = useQuery(providersQuery);
  if (providers.isError) return <LoadError error={providers.error} onRetry={() => providers.refetch()} retrying={providers.isFetching} />;
  if (!providers.data) return <SkeletonRows rows={4} columns={["40%", "30%"]} />;
  const of = (channel: "sms" | "email") => providers.data.items.find((one) => one.channel === channel);
  const email = of("email");
  return (
    <Stack gap="0">
      <Section title="SMS" lead="How text messages leave, or do not.">
        <SmsProvider />
      </Section>
      <Section title="E-mail" lead="Caught on this machine, or sent through your own mail server.">
        {/* A saved provider is another form: it begins again from what is stored. */}
        <EmailProvider key={email?.updatedAt ?? "new"} state={email} />
      </Section>
    </Stack>
  );
}
