import { Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSession } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import type { ApiError } from "#web/lib/api-error.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { phoneCountryOptions } from "#web/lib/phone-countries.ts";
import { SaveButton } from "./save-button.tsx";

const nameOf = (code: string): string => phoneCountryOptions.find(({ value }) => value === code)?.label ?? code;

/** The countries to which the workspace sends SMS. Numbers of all others are skipped, so nobody can run up a bill abroad. */
export function SmsCountries() {
  const { workspace, can } = useSession();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const stored = workspace.smsCountries;
  const countries = [...(chosen ?? stored)].sort((a, b) => nameOf(a).localeCompare(nameOf(b), "en"));
  const changed = chosen !== null && (chosen.length !== stored.length || chosen.some((code) => !stored.includes(code)));
  const save = useMutation<unknown, ApiError, readonly string[]>({
    mutationFn: (list) => {
      // The own country alone goes along when the workspace gets another one.
      const isOwnAlone = list.length === 1 && list[0] === workspace.country;
      return api("updateWorkspace", { body: { smsCountries: isOwnAlone ? null : [...list] } });
    },
    onSuccess: async () => {
      await refreshSession(client);
      setChosen(null);
      toast({ title: "Countries saved", status: "success" });
    },
  });
  const mayChange = can("admin");
  return (
    <Stack gap="3" mt="6">
      <Stack gap="0.5">
        <Heading as="h3" textStyle="sm" fontWeight="600">
          Countries
        </Heading>
        <Text color="fg.muted" textStyle="sm">
          SMS go to numbers of these countries only. Contacts with other numbers are skipped, and the preview of a send counts them. A
          change holds at once, also for sends under way.
        </Text>
      </Stack>
      <Flex as="ul" listStyleType="none" wrap="wrap" gap="2" aria-label="Countries that get SMS">
        {countries.map((code) => (
          <Flex
            as="li"
            key={code}
            align="center"
            gap="1"
            ps="3"
            pe={mayChange ? "1" : "3"}
            minH="8"
            borderWidth="1px"
            borderRadius="full"
            textStyle="sm"
          >
            {nameOf(code)}
            {mayChange && (
              <IconButton
                icon={X}
                size="xs"
                label={`Remove ${nameOf(code)}`}
                onClick={() => setChosen(countries.filter((one) => one !== code))}
              />
            )}
          </Flex>
        ))}
      </Flex>
      {countries.length === 0 && <Notice status="warning">Without a country no SMS leaves.</Notice>}
      {mayChange ? (
        <>
          <SelectField
            label="Add a country"
            width="80"
            value=""
            placeholder="Choose a country"
            onChange={(code) => setChosen([...countries, code])}
            options={phoneCountryOptions.filter(({ value }) => !countries.includes(value))}
          />
          <FormError error={save.error} shownAt={[]} />
          <Flex gap="2">
            <SaveButton busy={save.isPending} changed={changed} onClick={() => save.mutate(countries)}>
              Save countries
            </SaveButton>
            {changed && <Button onClick={() => setChosen(null)}>Undo</Button>}
          </Flex>
        </>
      ) : (
        <Notice status="info">Admins and owners change the countries.</Notice>
      )}
    </Stack>
  );
}
