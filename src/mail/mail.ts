/** A mail for one person. `link` is the one address in it that matters. */
export type Letter = { to: string; subject: string; text: string; link: string }

/** Sends mail, or, where no mail server is set, prints the link in the log. */
export type Mail = { readonly configured: boolean; send(letter: Letter): Promise<void>; close(): Promise<void> }
