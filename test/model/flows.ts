import type { FlowGraph } from "#contract/flows.ts";
import { chain, email, graph, node, sms, wait } from "../graphs.ts";

const isNew = node("condition", { branches: [{ id: "new", tests: [{ field: "lead_status", operator: "is", value: "New" }] }] });
const goOn = { onError: "continue" };
const shares = [
  { id: "a", percent: 50 },
  { id: "b", percent: 50 },
];

const count = (id: string) => node("update_contact", { changes: [{ field: "metadata.points", operation: "add", value: 1 }] }, id);
const isCustomer = [{ field: "lead_status", operator: "is", value: "Customer" }];

/** Changes before, between and after messages, a variable that a wait and a crash must not lose, and a goal. */
const effects = graph(
  [
    node("start"),
    count("first"),
    node("set_variable", { name: "mark", value: "set" }),
    sms("marked {{ variables.mark }}", goOn),
    wait(600),
    count("second"),
    email("marked {{ variables.mark }}", goOn),
    node("goal", { tests: isCustomer }),
    count("third"),
  ],
  "start > first",
  "first > set_variable",
  "set_variable > sms",
  "sms > delay",
  "delay > second",
  "second > email",
  "email > goal",
  "goal > third",
);

/** Small flows that together have every way to go on, to wait, to branch and to come back. */
export const flowVariants: readonly FlowGraph[] = [
  chain(node("start"), sms("one"), wait(60), email("two"), node("end")),
  effects,
  chain(node("start"), sms("one", goOn), email("two", goOn), wait(3600), sms("three", goOn, "sms3")),
  graph(
    [node("start"), isNew, sms("for the new"), wait(30), email("for all")],
    "start > condition",
    "condition:new > sms",
    "condition:otherwise > delay",
    "sms > delay",
    "delay > email",
  ),
  graph(
    [node("start"), sms("round", goOn), wait(60), node("go_to", { target: "sms", times: 2, pauseSeconds: 0 }), email("over")],
    "start > sms",
    "sms > delay",
    "delay > go_to",
    "go_to:limit_reached > email",
  ),
  graph(
    [
      node("start"),
      node("split", { shares, draw: "fresh" }),
      sms("a", {}, "a"),
      email("b", {}, "b"),
      node("go_to", { target: "split", times: 1, pauseSeconds: 60 }),
    ],
    "start > split",
    "split:a > a",
    "split:b > b",
    "a > go_to",
    "b:failed > go_to",
  ),
  graph(
    [node("start", { reEntry: { rule: "when_finished" } }), sms("once at a time"), wait(600), sms("later", {}, "later")],
    "start > sms",
    "sms > delay",
    "delay > later",
  ),
  graph(
    [
      node("start"),
      node("wait_until", { tests: isCustomer, limitSeconds: 3600, lookAgainSeconds: 1800 }),
      count("met"),
      sms("became a customer", goOn),
      email("did not", goOn),
    ],
    "start > wait_until",
    "wait_until:met > met",
    "met > sms",
    "wait_until:time_over > email",
  ),
];
