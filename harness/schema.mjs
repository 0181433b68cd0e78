// Builds Drizzle tables and their DDL from the tables that Better Auth requires for its options and plugins.

import { bigint, boolean, doublePrecision, getTableConfig, jsonb, pgSchema, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/**
 * Returns Drizzle tables by model name.
 * `models` is the result of Better Auth's `getAuthTables`; `namespace` is a Postgres schema, or undefined for the default one.
 */
export function drizzleTables(models, namespace) {
  const table = namespace ? pgSchema(namespace).table : pgTable;
  const tables = {};
  for (const { modelName, fields } of inOrder(models)) {
    const columns = { id: text("id").primaryKey() };
    for (const [key, field] of Object.entries(fields)) {
      const name = field.fieldName || key;
      columns[name] = constrain(column(name, field), field, tables);
    }
    tables[modelName] = table(modelName, columns);
  }
  return tables;
}

/** Returns `create … if not exists` statements for the tables, in an order that satisfies their references. */
export function ddl(tables, namespace) {
  const statements = namespace ? [`create schema if not exists "${namespace}"`] : [];
  for (const table of Object.values(tables)) statements.push(createTable(table));
  return statements;
}

function createTable(table) {
  const { name, schema, columns, foreignKeys } = getTableConfig(table);
  const lines = columns.map((c) =>
    [`"${c.name}" ${c.getSQLType()}`, c.primary && "primary key", !c.primary && c.notNull && "not null", c.isUnique && "unique"]
      .filter(Boolean)
      .join(" "),
  );
  for (const key of foreignKeys) {
    const { columns: from, foreignTable, foreignColumns: to } = key.reference();
    lines.push(`foreign key ("${from[0].name}") references ${qualified(getTableConfig(foreignTable))} ("${to[0].name}") on delete cascade`);
  }
  return `create table if not exists ${qualified({ name, schema })} (${lines.join(", ")})`;
}

function qualified({ name, schema }) {
  return schema ? `"${schema}"."${name}"` : `"${name}"`;
}

function column(name, { type, bigint: big }) {
  switch (type) {
    case "number":
      return big ? bigint(name, { mode: "number" }) : doublePrecision(name);
    case "boolean":
      return boolean(name);
    case "date":
      return timestamp(name, { withTimezone: true, precision: 3 });
    case "json":
    case "string[]":
    case "number[]":
      return jsonb(name);
    default:
      return text(name); // "string", and a list of allowed strings
  }
}

function constrain(built, field, tables) {
  let column = built;
  if (field.required !== false) column = column.notNull();
  if (field.unique) column = column.unique();
  const target = field.references && tables[field.references.model];
  if (target) column = column.references(() => target[field.references.field], { onDelete: "cascade" });
  return column;
}

function inOrder(models) {
  return Object.values(models).sort((a, b) => (a.order ?? Infinity) - (b.order ?? Infinity) || 0);
}
