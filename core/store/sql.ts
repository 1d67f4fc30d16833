/** What a column or a parameter can hold. Booleans are written as 0 and 1; blobs come back as `Uint8Array`. */
export type SqlValue = null | number | string | Uint8Array

/** A statement and its parameters, kept apart so that no value can become SQL. Made only by the `sql` template. */
export interface Sql {
  readonly text: string
  readonly params: readonly SqlValue[]
}

function isSql(value: SqlValue | boolean | Sql): value is Sql {
  return typeof value === 'object' && value !== null && 'params' in value
}

/** `sql\`SELECT * FROM contact WHERE id = ${id}\``. A nested `sql` fragment is spliced in together with its parameters. */
export function sql(parts: TemplateStringsArray, ...values: readonly (SqlValue | boolean | Sql)[]): Sql {
  let text = parts[0]!
  const params: SqlValue[] = []
  values.forEach((value, i) => {
    if (isSql(value)) {
      text += value.text
      params.push(...value.params)
    } else {
      text += '?'
      params.push(typeof value === 'boolean' ? Number(value) : value)
    }
    text += parts[i + 1]!
  })
  return { text, params }
}
