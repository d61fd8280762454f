import { Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSession } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import type { ApiError } from "#web/lib/api-error.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { SaveButton } from "./save-button.tsx";

/** What every e-mail of a flow ends with: the postal address that the law asks for. The link to unsubscribe stands there by itself. */
export function PostalAddress({ isReal }: { isReal: boolean }) {
  const { workspace, can } = useSession();
  const client = useQueryClient();
  const stored = workspace.postalAddress ?? "";
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed ?? stored;
  const save = useMutation<unknown, ApiError, string>({
    mutationFn: (address) => api("updateWorkspace", { body: { postalAddress: address.trim() === "" ? null : address.trim() } }),
    onSuccess: async () => {
      await refreshSession(client);
      setTyped(null);
      toast({ title: "Postal address saved", status: "success" });
    },
  });
  const problem = save.error?.problems.find(({ path }) => path === "postalAddress")?.message;
  return (
    <Stack gap="3" mt="6">
      <Stack gap="0.5">
        <Heading as="h3" textStyle="sm" fontWeight="600">
          At the end of marketing e-mails
        </Heading>
        <Text color="fg.muted" textStyle="sm">
          Every marketing e-mail ends with the name of the workspace, this address, and a link by which people unsubscribe. To put the link
          somewhere else, write {"{{ unsubscribe_url }}"} in the e-mail.
        </Text>
      </Stack>
      {isReal && stored === "" && (
        <Notice status="warning" title="The postal address is missing">
          Marketing e-mail must say where the business is reached by post, for example in the United States (CAN-SPAM). E-mails leave
          without it until it is entered here.
        </Notice>
      )}
      {can("admin") ? (
        <>
          <TextAreaField
            label="Postal address"
            required={false}
            rows={3}
            placeholder={"1 Harbour Street\nSpringfield, IL 62701"}
            value={value}
            onChange={setTyped}
            error={problem}
          />
          <FormError error={save.error} shownAt={["postalAddress"]} />
          <Flex gap="2">
            <SaveButton busy={save.isPending} changed={value.trim() !== stored} onClick={() => save.mutate(value)}>
              Save postal address
            </SaveButton>
          </Flex>
        </>
      ) : (
        <Text textStyle="sm" whiteSpace="pre-line">
          {stored === "" ? "No postal address is entered. Admins and owners change it." : stored}
        </Text>
      )}
    </Stack>
  );
}
