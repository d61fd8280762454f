import { FlowInput } from "#contract/flow-inputs.ts";
import { isFromField } from "#contract/launch-values.ts";
import type { SendTerms } from "#contract/send-terms.ts";
import { Narrowing } from "#contract/who-not.ts";
import type { Db } from "../client.ts";

/** What a send was told when it was made; undefined when there is no such send. What its contacts took with them is not there. */
export async function findSendTerms(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<SendTerms | undefined> {
  const row = await db
    .selectFrom("flow_sends as s")
    .innerJoin("flow_versions as v", (join) => join.onRef("v.workspace_id", "=", "s.workspace_id").onRef("v.id", "=", "s.flow_version_id"))
    .select(["s.options", "v.nodes"])
    .where("s.workspace_id", "=", workspaceId)
    .where("s.id", "=", id)
    .executeTakeFirst();
  if (!row) return undefined;
  const options = record(row.options);
  const narrowing = Narrowing.safeParse(options.narrowing ?? {}).data;
  const labels = labelsIn(row.nodes);
  return {
    exclude: narrowing?.exclude ?? null,
    condition: narrowing?.condition ?? null,
    values: Object.entries(record(options.given)).map(([name, given]) => ({
      name,
      label: labels.get(name) ?? name,
      value: isValue(given) ? given : null,
      field: isFromField(given) ? given.field : null,
      fallback: isFromField(given) && isValue(given.fallback) ? given.fallback : null,
    })),
    ownValues: typeof options.givenApart === "number" ? options.givenApart : 0,
  };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const isValue = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** What the flow of the send calls what it asks for, by name. */
export function labelsIn(nodes: unknown): ReadonlyMap<string, string> {
  const inputs = (Array.isArray(nodes) ? nodes : [])
    .map(record)
    .filter(({ type }) => type === "start")
    .flatMap(({ data }) => record(record(data).config).inputs ?? []);
  return new Map(
    inputs.flatMap((one) => {
      const input = FlowInput.safeParse(one).data;
      return input ? [[input.name, input.label] as const] : [];
    }),
  );
}
