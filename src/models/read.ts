import { APICallError } from '@ai-sdk/provider'
import type { z } from 'zod'

/** Reads an answer of a provider as JSON of this form. What went wrong is told as the packages of the vendors tell it. */
export async function readAnswer<Form extends z.ZodType>(answer: Response, url: string, form: Form): Promise<z.output<Form>> {
  const responseBody = await answer.text()
  const { status: statusCode, statusText } = answer
  const responseHeaders = Object.fromEntries(answer.headers)
  const failed = (message: string) =>
    new APICallError({ message, url, requestBodyValues: {}, statusCode, responseHeaders, responseBody })
  if (!answer.ok) throw failed(statusText)
  try {
    return form.parse(JSON.parse(responseBody))
  } catch {
    throw failed('the answer cannot be read')
  }
}
