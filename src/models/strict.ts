/**
 * Whether OpenAI can hold a model to a schema: every object says all it has, and nothing of it is optional. Of any other schema it
 * refuses the whole request, unless it is told that the schema is only a hint.
 */
export function isStrict(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true
  if (Array.isArray(schema)) return schema.every(isStrict)
  const { type, properties, required, additionalProperties } = Object(schema)
  if (type === 'object' || properties !== undefined) {
    const named = Object.keys(properties ?? {})
    const demanded = new Set(Array.isArray(required) ? required : [])
    if (additionalProperties !== false || named.some(name => !demanded.has(name))) return false
  }
  return isStrict(
    Object.entries(schema).flatMap(([key, value]) => (VALUES.has(key) ? [] : MAPS.has(key) ? Object.values(value) : [value])),
  )
}

/** What stands here are schemas by names of people's own. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions'])

/** What stands here is a value, not a schema. */
const VALUES = new Set(['enum', 'const', 'default', 'examples', 'required'])
