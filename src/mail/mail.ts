/** A mail for one person. `link` is the one address in it that matters. */
export type Letter = { to: string; subject: string; text: string; link: string }

/** A mail as workflows write it. Addresses may have a name: `Ann <ann@example.org>`. */
export type Parcel = {
  from?: string
  to: string[]
  cc?: string[]
  bcc?: string[]
  replyTo?: string
  subject: string
  text?: string
  html?: string
  attachments?: { name: string; type: string; bytes: AsyncIterable<Uint8Array> }[]
}

/** Who took it: `id` is the Message-ID. */
export type Delivery = { id: string; accepted: string[]; rejected: string[] }

/** Sends mail, or, where no mail server is set, prints the link in the log. */
export type Mail = {
  readonly configured: boolean
  send(letter: Letter): Promise<void>
  /** Sends what a workflow wrote, in the name of the installation; answers for it go to its `from`. */
  deliver(parcel: Parcel, signal?: AbortSignal): Promise<Delivery>
  close(): Promise<void>
}
