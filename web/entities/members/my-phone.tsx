import { Flex, Stack, Text } from "@chakra-ui/react";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MyPhone } from "#contract/my-phone.ts";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

export const myPhoneQuery = queryOptions({
  queryKey: ["my-phone"],
  queryFn: ({ signal }) => api("getMyPhone", { signal }),
  staleTime: 60_000,
});

interface MyPhoneFormProps {
  known: MyPhone;
  /** Leaves the number that is proven as it is; undefined where there is none. */
  onCancel?: (() => void) | undefined;
  onProven: () => void;
}

/** Asks for the number of one's telephone, and for the code that is sent to it. */
export function MyPhoneForm({ known, onCancel, onProven }: MyPhoneFormProps) {
  const client = useQueryClient();
  const [typed, setTyped] = useState(known.isProven ? "" : (known.phone ?? ""));
  const [code, setCode] = useState("");
  const [asks, setAsks] = useState<"phone" | "code">(known.phone !== null && !known.isProven ? "code" : "phone");
  const keep = (phone: MyPhone) => client.setQueryData(myPhoneQuery.queryKey, phone);
  const give = useMutation({
    mutationFn: () => api("saveMyPhone", { body: { phone: typed } }),
    onSuccess: (phone) => {
      keep(phone);
      setCode("");
      setAsks("code");
    },
  });
  const prove = useMutation({
    mutationFn: () => api("proveMyPhone", { body: { code } }),
    onSuccess: (phone) => {
      keep(phone);
      onProven();
    },
  });
  const doing = asks === "phone" ? give : prove;
  const problem = problemAt(doing.error, asks);
  return (
    <form
      noValidate
      aria-label="Your telephone"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (!doing.isPending) doing.mutate();
      }}
    >
      <Stack gap="2">
        {asks === "phone" ? (
          <TextField
            label="Number of your telephone"
            value={typed}
            maxLength={40}
            placeholder="+1 415 555 0123"
            autoComplete="tel"
            help="A code is sent to it, which shows that it is yours."
            error={problem}
            onChange={(next) => {
              setTyped(next);
              give.reset();
            }}
          />
        ) : (
          <TextField
            label="Code"
            value={code}
            maxLength={12}
            autoComplete="one-time-code"
            help={`It was sent to ${known.phone ?? "your telephone"} and counts for ten minutes.`}
            error={problem}
            onChange={(next) => {
              setCode(next);
              prove.reset();
            }}
          />
        )}
        {doing.error && problem === undefined && <Notice status="error">{doing.error.message}</Notice>}
        <Flex gap="2" wrap="wrap" align="center">
          <Button type="submit" size="xs" tone="primary" busy={doing.isPending} disabled={(asks === "phone" ? typed : code).trim() === ""}>
            {asks === "phone" ? "Send a code" : "Confirm"}
          </Button>
          {asks === "code" && (
            <Button size="xs" tone="ghost" disabled={prove.isPending} onClick={() => setAsks("phone")}>
              Another number or code
            </Button>
          )}
          {onCancel && (
            <Button size="xs" tone="ghost" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </Flex>
        {asks === "phone" && (
          <Text textStyle="xs" color="fg.muted">
            Only you get test messages there, and nobody else sees the number.
          </Text>
        )}
      </Stack>
    </form>
  );
}

const problemAt = (error: Error | null, path: string): string | undefined =>
  isApiError(error) ? error.problems.find((one) => one.path === path)?.message : undefined;
