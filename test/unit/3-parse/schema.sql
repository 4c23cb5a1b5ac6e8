create schema app;
create type app.status as enum ('open', 'closed');
create domain app.cents as bigint check (value >= 0);
create table app.accounts (
  id int primary key,
  name text not null,
  amount numeric(12, 2),
  status app.status not null default 'open',
  created_at timestamptz not null default now(),
  tags text[],
  big bigint,
  data jsonb,
  due date
);
create table payments (id int generated always as identity primary key, account_id int not null, note text, paid app.cents, unique (account_id, note));
create view open_accounts as select id, name from app.accounts where status = 'open';
create table "Odd Table" ("Some Id" int, "é" text);
create function app.is_open(a_id int) returns boolean language sql stable as $$ select status = 'open' from app.accounts where id = a_id $$;
create function app.due_items(p_day date) returns table (item int, label text) language sql as $$ select id, name from app.accounts where due = p_day $$;
