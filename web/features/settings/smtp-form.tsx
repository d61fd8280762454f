import { Flex, Grid, Stack, Text } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { ProviderInput, type SmtpSettings } from "#contract/providers.ts";
import { Button } from "#ui/button.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { toast } from "#ui/toaster.tsx";
import { providersQuery } from "#web/entities/members/member-queries.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";

interface SmtpFormProps {
  stored: SmtpSettings | undefined;
  hasPassword: boolean;
  inUse: boolean;
  onTest: () => void;
}

const securities = [
  { value: "starttls", label: "STARTTLS (usually port 587)" },
  { value: "tls", label: "TLS from the first byte (465)" },
  { value: "none", label: "None (only a server on this machine)" },
] as const;
/** The port each way usually has: offered when the way is changed and the port is still another way's usual one. */
const usualPort = { starttls: 587, tls: 465, none: 25 } as const;

export function SmtpForm({ stored, hasPassword, inUse, onTest }: SmtpFormProps) {
  const queryClient = useQueryClient();
  // The stored password never comes to the browser: it is kept, replaced or forgotten, and that is a choice of its own.
  const [replacing, setReplacing] = useState(!hasPassword);
  const form = useForm({
    schema: ProviderInput,
    initial: {
      host: stored?.host ?? "",
      port: stored?.port ?? (587 as number | null),
      security: stored?.security ?? ("starttls" as SmtpSettings["security"]),
      username: stored?.username ?? "",
      password: "",
      fromName: stored?.fromName ?? "",
      fromAddress: stored?.fromAddress ?? "",
      replyTo: stored?.replyTo ?? "",
    },
    toBody: ({ password, username, replyTo, ...settings }) => ({
      provider: "smtp",
      settings: { ...settings, ...(username && { username }), ...(replyTo && { replyTo }) },
      ...(replacing && { password }),
    }),
    onSubmit: async (body) => {
      await api("setProvider", { params: { channel: "email" }, body });
      await queryClient.invalidateQueries({ queryKey: providersQuery.queryKey });
      toast({ title: "E-mail now goes through your mail server", description: "Send a test message to be sure.", status: "success" });
    },
  });
  const { values, set } = form;
  const problem = (name: string) => form.problem(`settings.${name}`);
  return (
    <form ref={form.form} onSubmit={form.submit} noValidate>
      <Stack gap="4">
        <Grid templateColumns={{ base: "1fr", md: "1fr 7rem" }} gap="4">
          <TextField
            label="Server"
            placeholder="smtp.example.com"
            mono
            autoComplete="off"
            value={values.host}
            onChange={(host) => set("host", host)}
            error={problem("host")}
          />
          <NumberField
            label="Port"
            min={1}
            max={65535}
            width="full"
            value={values.port}
            onChange={(port) => set("port", port)}
            error={problem("port")}
          />
        </Grid>
        <SelectField
          label="Encryption"
          options={securities}
          value={values.security}
          onChange={(security) => {
            if (values.port === usualPort[values.security]) set("port", usualPort[security]);
            set("security", security);
          }}
          error={problem("security")}
        />
        <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
          <TextField
            label="User name"
            required={false}
            autoComplete="off"
            value={values.username}
            onChange={(username) => set("username", username)}
            error={problem("username")}
          />
          {replacing ? (
            <PasswordField
              label="Password"
              required={false}
              autoComplete="off"
              help="Kept encrypted on the server and never shown again."
              value={values.password}
              onChange={(password) => set("password", password)}
              error={form.problem("password")}
            />
          ) : (
            <Stack gap="1">
              <Text textStyle="sm" fontWeight="medium">
                Password
              </Text>
              <Flex align="center" gap="3" h="8">
                <Text textStyle="sm" color="fg.muted">
                  Stored
                </Text>
                <Button size="xs" onClick={() => setReplacing(true)}>
                  Replace password
                </Button>
              </Flex>
            </Stack>
          )}
        </Grid>
        <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
          <TextField
            label="Sender name"
            required={false}
            placeholder="Harbour Dental"
            value={values.fromName}
            onChange={(fromName) => set("fromName", fromName)}
            error={problem("fromName")}
          />
          <TextField
            label="Sender address"
            type="email"
            placeholder="hello@example.com"
            value={values.fromAddress}
            onChange={(fromAddress) => set("fromAddress", fromAddress)}
            error={problem("fromAddress")}
          />
        </Grid>
        <TextField
          label="Answers go to"
          type="email"
          required={false}
          help="When it is another address than the sender's."
          value={values.replyTo}
          onChange={(replyTo) => set("replyTo", replyTo)}
          error={problem("replyTo")}
        />
        <FormError error={form.error} shownAt={shownAt} />
        <Flex gap="2" wrap="wrap">
          <Button tone="primary" type="submit" busy={form.busy}>
            {inUse ? "Save mail server" : "Send e-mail through this server"}
          </Button>
          {inUse && (
            <Button icon={Send} onClick={onTest}>
              Send test message
            </Button>
          )}
        </Flex>
      </Stack>
    </form>
  );
}

const shownAt = [
  ...["host", "port", "security", "username", "fromName", "fromAddress", "replyTo"].map((name) => `settings.${name}`),
  "password",
];
