import { customKey } from "#contract/custom-fields.ts";
import { isRecord } from "../graph/checked-node.ts";
import { foldKey, type Raw, type RawReader, readRaw } from "./raw-values.ts";
import { choice, type Note, step, type Translate, withoutEffect } from "./translation.ts";

interface Pair {
  name: string;
  value: string;
}

const toText = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);

/** Names with values, as an object or as a list of pairs. */
function readPairs(settings: RawReader, ...names: string[]): Pair[] {
  const list = settings.list(...names);
  if (!list) return Object.entries(settings.record(...names) ?? {}).map(([name, value]) => ({ name, value: toText(value) }));
  return list.flatMap((item) => {
    const pair = readRaw(isRecord(item) ? item : {});
    const name = pair.text("name", "key", "header", "field");
    return name === undefined ? [] : [{ name, value: toText(pair.take("value")) }];
  });
}

/** Who calls, as headers. A password or a token in the file is carried along, and told. */
function readAuth(settings: RawReader): { headers: Pair[]; notes: Note[] } {
  const inner = settings.record("auth", "authentication", "authorization");
  const type = foldKey(
    (inner ? readRaw(inner).text("type", "kind", "method") : settings.text("auth", "authtype", "authentication", "authenticationtype")) ??
      "",
  );
  if (type === "" || type === "none" || type === "noauth") return { headers: [], notes: [] };
  const auth = inner ? readRaw(inner) : settings;
  const secret = auth.text("token", "bearertoken", "accesstoken", "apikey", "key", "keyvalue", "value");
  if (type === "bearer" && secret !== undefined)
    return { headers: [{ name: "Authorization", value: `Bearer ${secret}` }], notes: [plainSecret] };
  if ((type === "apikey" || type === "key") && secret !== undefined) {
    return {
      headers: [{ name: auth.text("headername", "header", "keyname", "name") ?? "X-API-Key", value: secret }],
      notes: [plainSecret],
    };
  }
  return {
    headers: [],
    notes: [choice(`It signed in by “${type}”. Store what it needs as a secret of the workspace and name it in a header.`)],
  };
}

const plainSecret = choice("A key stands in its headers. Store it as a secret of the workspace and write {{ secrets.name }} there.");

function withQuery(url: string, pairs: readonly Pair[]): string {
  if (pairs.length === 0) return url;
  const text = pairs
    .map(({ name, value }) => `${encodeURIComponent(name)}=${/\{\{/.test(value) ? value : encodeURIComponent(value)}`)
    .join("&");
  return `${url}${url.includes("?") ? "&" : "?"}${text}`;
}

const bodyMethods = ["POST", "PUT", "PATCH", "DELETE"];

function readBody(settings: RawReader): Raw {
  const body = settings.take("body", "payload", "payloadtemplate", "bodytemplate", "data", "json");
  if (body === undefined) return { type: "none" };
  return { type: "json", json: typeof body === "string" ? body : JSON.stringify(body, null, 2) };
}

/** Values that are kept of the answer. Where they were written on the contact, a step behind it must do that here. */
function readMapping(settings: RawReader): { fields: Raw[]; notes: Note[] } {
  const pairs = readPairs(
    settings,
    "responsemapping",
    "responsemappings",
    "responsefields",
    "mappings",
    "mapping",
    "fieldmappings",
    "outputmapping",
  );
  const list = settings.list(
    "responsemapping",
    "responsemappings",
    "responsefields",
    "mappings",
    "mapping",
    "fieldmappings",
    "outputmapping",
  );
  const wanted = list
    ? list.flatMap((item) => {
        const one = readRaw(isRecord(item) ? item : {});
        const path = one.text("path", "jsonpath", "responsepath", "source", "from");
        const name = one.text("name", "field", "contactfield", "target", "variable", "to", "key");
        return path === undefined || name === undefined ? [] : [{ name, path }];
      })
    : pairs.map(({ name, value }) => ({ name, path: value }));
  const fields = wanted.map(
    ({ name, path }): Raw => ({ name: customKey(name) ?? name, path: path.replace(/^\$\.?/, "").replace(/\[(\d+)\]/g, ".$1") }),
  );
  const told = fields.map(({ name }) => String(name)).join(", ");
  const message = `Parts of the answer (${told}) were written on the contact. Here later steps read them as steps.….${fields[0]?.name}; give the step a data key, and put an Update contact behind it.`;
  return { fields, notes: fields.length === 0 ? [] : [choice(message)] };
}

export const translateCall: Translate = (settings) => {
  const url = settings.text("url", "endpoint", "webhookurl", "apiurl", "address");
  if (url === undefined) return undefined;
  const method = (settings.text("method", "httpmethod", "requestmethod") ?? "POST").toUpperCase();
  const given = readPairs(settings, "headers", "header");
  const auth = readAuth(settings);
  const query = readPairs(settings, "query", "queryparams", "params", "parameters", "queryparameters");
  const body = bodyMethods.includes(method) ? readBody(settings) : { type: "none" };
  const { fields, notes } = readMapping(settings);
  const isJson = given.every(({ name }) => foldKey(name) !== "contenttype");
  const headers = [...(isJson ? given : given.filter(({ name }) => foldKey(name) !== "contenttype")), ...auth.headers];
  const retries = settings.take("retries", "maxretries", "retrycount");
  return step("webhook", { method, url: withQuery(url, query), headers, body, ...(fields.length > 0 && { fields }) }, [
    ...auth.notes,
    ...notes,
    ...(retries === undefined ? [] : [withoutEffect("How often the call is repeated. Here that is set with the step.")]),
  ]);
};
