import { Flex, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { type ContactImport, undoDays } from "#contract/imports.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { refreshContacts } from "#web/entities/contacts/contact-queries.ts";
import { api } from "#web/lib/api.ts";

interface UndoImportProps {
  result: ContactImport;
  onUndone: (undone: ContactImport) => void;
}

/** Takes an import back as one step, after a question that says what will be deleted and what stays. */
export function UndoImport({ result, onUndone }: UndoImportProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const undo = useMutation({
    mutationFn: () => api("undoContactImport", { params: { id: result.id } }),
    onSuccess: async (undone) => {
      setAsking(false);
      onUndone(undone);
      await Promise.all([refreshContacts(client), client.invalidateQueries({ queryKey: ["contact-imports"] })]);
    },
  });
  if (result.undone)
    return (
      <Notice status="success" title="This import was undone">
        {undoneSentence(result.undone)}
      </Notice>
    );
  if (result.undoUntil === null) return null;
  if (!asking) {
    return (
      <Flex gap="3" align="center" wrap="wrap">
        <Button size="xs" icon={Undo2} onClick={() => setAsking(true)}>
          Undo this import
        </Button>
        <Text textStyle="xs" color="fg.muted">
          It can be undone as one step for {undoDays} days.
        </Text>
      </Flex>
    );
  }
  return (
    <Notice status="warning" title="Undo this import?">
      <Text mb="2">
        {plural(result.created, "contact")} that it added will go to the bin, with their flows ended, and the values that it changed go back
        to what they were. What somebody changed since stays. Opt-outs stay too.
      </Text>
      {undo.isError && (
        <Text mb="2" color="fg.error" role="alert">
          {undo.error.message}
        </Text>
      )}
      <Flex gap="2">
        <Button size="xs" tone="danger" autoFocus busy={undo.isPending} onClick={() => undo.mutate()}>
          Undo the import
        </Button>
        <Button size="xs" tone="ghost" disabled={undo.isPending} onClick={() => setAsking(false)}>
          Keep it
        </Button>
      </Flex>
    </Notice>
  );
}

function undoneSentence({ removed, restored, changedSince }: NonNullable<ContactImport["undone"]>): string {
  const stays = changedSince === 0 ? "" : ` Changed since, and left alone: ${plural(changedSince, "contact")}.`;
  return `${plural(removed, "contact")} deleted, ${plural(restored, "contact")} put back.${stays}`;
}
