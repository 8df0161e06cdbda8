/** The secret inside the address for an authenticator, for those who type it. */
export const secretOf = (uri: string): string => URL.parse(uri)?.searchParams.get('secret') ?? ''
