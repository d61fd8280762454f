-- expand: Earlier code leaves it empty, and starts other flows as they are live. The version in which an approved send starts each of the
-- flows that it starts, directly or through another, by the id of the flow. Null in it: that flow could not be started then.
alter table public.send_approvals add column started_flows jsonb;

-- expand: Earlier code leaves it empty, and so tells every admin. Who is not told, because they asked themselves.
alter table public.notices add column except_user uuid;
-- expand: Only a notice that earlier code does not write is kept from one person more.
alter policy notices_read on public.notices
  using (workspace_id = any (array(select private.member_workspaces()))
    and (to_user is null or to_user = (select private.current_user_id()))
    and (except_user is null or except_user <> (select private.current_user_id()))
    and (not to_admins or workspace_id = any (array(select private.member_workspaces_as('admin')))));
