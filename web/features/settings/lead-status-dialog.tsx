import { Stack } from "@chakra-ui/react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { type LeadStatus, type StatusColor, type StatusKind, statusColors, statusKinds } from "#contract/lead-statuses.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { upperFirst } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { leadStatusUsageQuery } from "#web/entities/lead-statuses/lead-status-queries.ts";
import { api } from "#web/lib/api.ts";
import { kindWords } from "./lead-status-row.tsx";
import { RenameNotice } from "./rename-notice.tsx";
import { useCarriedOver } from "./use-carried-over.ts";

/** A status that is edited, `new`, or a value of contacts that is to be added under its name. */
export type StatusTarget = LeadStatus | "new" | { name: string };

interface Draft {
  name: string;
  color: StatusColor;
  kind: StatusKind;
  isDefault: boolean;
}
const blank: Draft = { name: "", color: "grey", kind: "open", isDefault: false };

const editedOf = (target: StatusTarget | null): LeadStatus | undefined =>
  target !== null && target !== "new" && "id" in target ? target : undefined;

/** Adds or changes a lead status. */
export function LeadStatusDialog({ target, onClose }: { target: StatusTarget | null; onClose: () => void }) {
  const carried = useCarriedOver();
  const form = useId();
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(blank);
  const edited = editedOf(target);
  const save = useMutation({
    mutationFn: async ({ name, color, kind, isDefault }: Draft) => {
      const saved = edited ?? (await api("createLeadStatus", { body: { name, color, kind } }));
      const changes = {
        ...(saved.name !== name && edited && { name }),
        ...(saved.color !== color && { color }),
        ...(saved.kind !== kind && { kind }),
        ...(saved.isDefault !== isDefault && { isDefault }),
      };
      if (Object.keys(changes).length === 0) return { ...saved, job: null };
      return api("updateLeadStatus", { params: { id: saved.id }, body: changes });
    },
    onSuccess: ({ name, job }) => {
      carried.follow(job);
      toast({ status: "success", title: edited ? `${name} was saved` : `${name} was added` });
      onClose();
    },
    onSettled: carried.refresh,
  });
  const { reset } = save;
  useEffect(() => {
    if (target === null) return;
    reset();
    setDraft(target === "new" ? blank : { ...blank, ...target });
  }, [target, reset]);
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  const isNamed = draft.name.trim() !== "";
  const renamed = edited !== undefined && isNamed && draft.name.trim() !== edited.name ? edited : null;
  const usage = useQuery({ ...leadStatusUsageQuery(edited?.id ?? ""), enabled: edited !== undefined });
  return (
    <Dialog
      open={target !== null}
      onClose={onClose}
      closeable={!save.isPending}
      title={edited ? "Edit lead status" : "Add lead status"}
      initialFocusRef={input}
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={form} busy={save.isPending} disabled={!isNamed}>
            {edited ? "Save" : "Add status"}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isNamed && !save.isPending) save.mutate({ ...draft, name: draft.name.trim() });
        }}
      >
        <Stack gap="4">
          <TextField
            label="Name"
            value={draft.name}
            onChange={(name) => set({ name })}
            maxLength={100}
            autoComplete="off"
            required
            ref={input}
          />
          {renamed && usage.data && <RenameNotice usage={usage.data} name={renamed.name} />}
          <SelectField
            label="Colour"
            value={draft.color}
            onChange={(color) => set({ color })}
            options={statusColors.map((value) => ({ value, label: upperFirst(value) }))}
          />
          <SelectField
            label="Kind"
            value={draft.kind}
            onChange={(kind) => set({ kind })}
            options={statusKinds.map((value) => ({ value, label: kindWords[value] }))}
            help="Whether a contact with this status is still a lead, or was won or lost."
          />
          <Checkbox label="New contacts begin with this status" checked={draft.isDefault} onChange={(isDefault) => set({ isDefault })} />
          {save.isError && <Notice status="error">{save.error.message}</Notice>}
        </Stack>
      </form>
    </Dialog>
  );
}
