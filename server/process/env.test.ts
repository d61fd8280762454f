import { expect, test } from "vitest";
import { EnvError, readEnv, supabaseProject } from "./env.ts";

test("every wrong setting is named at once", () => {
  const read = () =>
    readEnv({
      DATABASE_URL: "mysql://x",
      MASTER_KEY: "short",
      LOG_LEVEL: "loud",
      ENGINE: "cron",
      TRIGGER_SECRET_KEY: "secret",
      TRIGGER_API_URL: "trigger.example.com",
      SMTP_EXTRA_PORTS: "25,smtp",
      METRICS_PORT: "on",
      ALERT_WEBHOOK_URL: "ftp://x",
      OTEL_EXPORTER_OTLP_ENDPOINT: "otel:4318",
      OTEL_TRACES_SAMPLER_ARG: "2",
    });
  expect(read).toThrow(EnvError);
  expect(read).toThrow(
    /DATABASE_URL[\s\S]*MASTER_KEY[\s\S]*ENGINE[\s\S]*TRIGGER_SECRET_KEY[\s\S]*TRIGGER_API_URL[\s\S]*SMTP_EXTRA_PORTS[\s\S]*METRICS_PORT[\s\S]*ALERT_WEBHOOK_URL[\s\S]*OTLP_ENDPOINT[\s\S]*SAMPLER_ARG[\s\S]*LOG_LEVEL/,
  );
});

test("a database of one's own needs a key of one's own", () => {
  expect(() => readEnv({ DATABASE_URL: "postgres://localhost/sluice" })).toThrow(/MASTER_KEY is needed/);
});

test("Trigger.dev needs a database that its runs can reach, and a key: all that is missing is said at once", () => {
  expect(() => readEnv({ ENGINE: "trigger.dev" })).toThrow(/DATABASE_URL is needed[\s\S]*TRIGGER_SECRET_KEY is needed/);
  const url = { DATABASE_URL: "postgres://localhost/sluice", LOG_LEVEL: "loud" };
  expect(() => readEnv({ ENGINE: "trigger.dev", ...url })).toThrow(
    /LOG_LEVEL[\s\S]*MASTER_KEY is needed[\s\S]*TRIGGER_SECRET_KEY is needed/,
  );
});

const anonKey = `${btoa('{"alg":"HS256"}')}.${btoa('{"role":"anon"}')}.x`;
const supabase = { SUPABASE_URL: "https://abcdefgh.supabase.co/", SUPABASE_PUBLISHABLE_KEY: "sb_publishable_abc" };

test("of a Supabase project the address and the publishable key are needed, and one without the other is named", () => {
  expect(() => readEnv({ SUPABASE_URL: supabase.SUPABASE_URL })).toThrow(/SUPABASE_PUBLISHABLE_KEY is needed/);
  expect(() => readEnv({ SUPABASE_PUBLISHABLE_KEY: anonKey })).toThrow(/SUPABASE_URL is needed/);
  expect(() => readEnv({ SUPABASE_JWT_SECRET: "x".repeat(40) })).toThrow(/SUPABASE_URL is needed/);
  expect(() => readEnv({ ...supabase, SUPABASE_URL: "http://abcdefgh.supabase.co" })).toThrow(/https/);
  expect(supabaseProject(readEnv({}))).toBeUndefined();
  expect(supabaseProject(readEnv(supabase))).toMatchObject({ url: "https://abcdefgh.supabase.co", publishableKey: "sb_publishable_abc" });
  expect(supabaseProject(readEnv({ ...supabase, SUPABASE_PUBLISHABLE_KEY: anonKey }))).toBeDefined();
});

test.each(["sb_secret_abc", `${btoa('{"alg":"HS256"}')}.${btoa('{"role":"service_role"}')}.x`, "abc"])(
  "a key that is not for browsers (%s) is refused before any browser gets it",
  (key) => {
    expect(() => readEnv({ ...supabase, SUPABASE_PUBLISHABLE_KEY: key })).toThrow(/must be the publishable key/);
  },
);

test("without settings the defaults hold, and an empty variable counts as absent", () => {
  expect(readEnv({ DATABASE_URL: "", PUBLIC_URL: "" })).toEqual({
    ENGINE: "graphile",
    TRIGGER_API_URL: "https://api.trigger.dev",
    PREVIOUS_MASTER_KEY: [],
    TRUSTED_PROXIES: [],
    ALLOW_PRIVATE_HOSTS: false,
    SMTP_EXTRA_PORTS: [],
    HTTP_EXTRA_PORTS: [],
    PROVIDER_URLS: {},
    METRICS_HOST: "127.0.0.1",
    DRAIN_SECONDS: 0,
    RATE_LIMITS: "on",
    OTEL_SERVICE_NAME: "sluice",
    OTEL_TRACES_SAMPLER_ARG: 1,
    LOG_LEVEL: "warn",
  });
});

test("addresses of providers are read by name, and refused when they are none", () => {
  const read = (PROVIDER_URLS: string) => readEnv({ PROVIDER_URLS }).PROVIDER_URLS;
  expect(read("twilio=http://127.0.0.1:9/, telnyx=https://telnyx.example")).toEqual({
    twilio: "http://127.0.0.1:9",
    telnyx: "https://telnyx.example",
  });
  for (const wrong of ["http://127.0.0.1", "twilio", "twilio=ftp://x", "twilio=http://a=b"])
    expect(() => read(wrong), wrong).toThrow("PROVIDER_URLS");
});

test("a public address loses its trailing slash", () => {
  expect(readEnv({ PUBLIC_URL: "https://sluice.example.com/" }).PUBLIC_URL).toBe("https://sluice.example.com");
});
