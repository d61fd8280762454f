-- The sends of a flow of which somebody has sent to the rest, so that a press of the last hour is found among all sends of a flow.
create index flow_sends_healed on public.flow_sends (workspace_id, flow_id) where healing is not null;
