import i18next, { type TFunction } from 'i18next'
import { Failure } from '../api.ts'

/** What went wrong, in the reader's language; what we have no words for is told in the server's. */
export function tell(error: unknown, t: TFunction): string {
  if (!(error instanceof Failure)) return t('errors.unknown')
  if (error.code === 'request.too_many' && error.retryAfter) return t('errors.wait', { count: error.retryAfter })
  const key = `errors.${error.code}`
  const words = i18next.exists(key) ? i18next.t(key as 'errors.unknown') : [error.message, error.advice].filter(Boolean).join(' ')
  if (error.code === 'request.invalid' && error.details.length > 0)
    return `${words} ${error.details.map(({ path, message }) => `${path}: ${message}`).join('; ')}`
  return error.status >= 500 && error.requestId ? `${words} (${error.requestId})` : words
}
