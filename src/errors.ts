/** The catalogue of everything that can go wrong and reach a person: code -> status, title, advice. */
type Row = { status: number; title: string; advice: string }

const row = (status: number, title: string, advice: string): Row => ({ status, title, advice })

/** One row per failure. A code is forever: programs rely on it. `docs/reference/errors.md` is printed from here. */
export const catalogue = {
  'request.invalid': row(400, 'The request is not valid.', 'See `details`: each entry names a path and what is wrong there.'),
  'request.bad_json': row(
    400,
    'The body is not JSON that can be accepted.',
    'Send one JSON value in UTF-8; the message says what stands in the way.',
  ),
  'request.bad_multipart': row(400, 'The upload is broken.', 'Send one complete multipart/form-data body with a boundary.'),
  'request.too_large': row(413, 'The body is too large.', 'Send less, or raise the limit named in the message.'),
  'request.wrong_type': row(415, 'This kind of body is not accepted here.', 'Set Content-Type to the one named in the message.'),
  'request.too_slow': row(408, 'The request took too long to arrive.', 'Send it again over a better connection.'),
  'request.not_found': row(404, 'There is nothing at this address.', 'Check the address and the method against /api/docs.'),
  'request.wrong_origin': row(403, 'The request came from another site.', 'Use an API key, or add the site to CORS_ORIGINS.'),
  'request.too_many': row(429, 'Too many requests.', 'Wait as long as the Retry-After header says.'),
  'request.key_reused': row(409, 'This Idempotency-Key was used for a different request.', 'Use a new key for a new request.'),
  'request.in_doubt': row(
    409,
    'An earlier request with this Idempotency-Key has no answer yet.',
    'Look whether it took effect; use a new key to send it again.',
  ),
  'auth.in_person': row(403, 'An API key may not do this.', 'Sign in as a person.'),
  'auth.required': row(401, 'You are not signed in.', 'Sign in, or send an API key.'),
  'auth.wrong_login': row(401, 'The e-mail or the password is wrong.', 'Try again, or reset the password.'),
  'auth.code_needed': row(
    401,
    'This account asks for a second factor.',
    'Send the six digits of your authenticator, or a recovery code, as `code`.',
  ),
  'auth.wrong_code': row(
    401,
    'The code is wrong or no longer valid.',
    'Take a fresh code from your authenticator, or a recovery code.',
  ),
  'auth.two_factor_off': row(409, 'Two-factor sign-in is not on.', 'Turn it on first.'),
  'auth.two_factor_on': row(409, 'Two-factor sign-in is on already.', 'Turn it off first to use another authenticator.'),
  'auth.wrong_password': row(403, 'The password is wrong.', 'Enter your present password.'),
  'auth.weak_password': row(400, 'The password is too short or too long.', 'Use 10 to 128 characters.'),
  'auth.email_taken': row(409, 'An account with this e-mail exists.', 'Sign in instead, or reset the password.'),
  'auth.email_unverified': row(
    403,
    'The e-mail address is not confirmed yet.',
    'Open the link in the mail that was just sent again.',
  ),
  'auth.bad_token': row(400, 'The link is not valid or has expired.', 'Ask for a new one.'),
  'auth.refused': row(400, 'Signing in was refused.', 'The message says why.'),
  'auth.signup_closed': row(
    403,
    'Registration is by invitation.',
    'Ask a member for an invitation, or set OPEN_SIGNUP=true on the server.',
  ),
  'auth.fresh_needed': row(403, 'This needs a recent sign-in.', 'Sign in again and repeat it.'),
  'role.too_small': row(403, 'Your role does not allow this.', 'Ask an admin of the workspace for a higher role.'),
  'role.too_high': row(403, 'You cannot give a role higher than your own.', 'Choose your own role or a lower one.'),
  'workspace.none': row(403, 'You are not a member of a workspace.', 'Create one, or ask for an invitation.'),
  'workspace.not_found': row(404, 'There is no such workspace, or you are not a member.', 'Check the x-workspace header.'),
  'workspace.creation_closed': row(
    403,
    'Only the owner of this installation can create workspaces.',
    'Ask the owner, or set OPEN_SIGNUP=true.',
  ),
  'member.not_found': row(404, 'There is no such member.', 'Look at the list of members.'),
  'member.exists': row(409, 'This person is already a member.', 'Change the role of the member instead.'),
  'member.last_owner': row(409, 'A workspace needs an owner.', 'Make somebody else the owner first.'),
  'invitation.not_found': row(404, 'There is no such invitation, or it has ended.', 'Ask for a new invitation.'),
  'invitation.other_email': row(
    403,
    'The invitation is for another e-mail address.',
    'Sign in with the address that was invited.',
  ),
  'key.not_found': row(404, 'There is no such API key.', 'Look at the list of keys.'),
  'session.not_found': row(404, 'There is no such session.', 'Look at the list of sessions.'),
  'account.sole_owner': row(
    409,
    'You are the only owner of a workspace with other members.',
    'Make somebody else the owner, or remove the members.',
  ),
  'account.instance_owner': row(
    409,
    'You own this installation and others use it.',
    'Hand it over first: `promptpilot user make-owner EMAIL`.',
  ),
  'credential.not_found': row(404, 'There is no such credential.', 'Look at the list of credentials.'),
  'credential.untestable': row(409, 'This kind of credential cannot be tried by itself.', 'Run a node that uses it.'),
  'credential.unreadable': row(
    500,
    'The credential cannot be decrypted.',
    'Start with the key it was written with; `promptpilot doctor` names it.',
  ),
  'file.not_found': row(404, 'There is no such file.', 'Look at the list of files.'),
  'file.too_large': row(413, 'The file is too large.', 'Send a smaller one, or raise FILE_MAX_BYTES.'),
  'file.missing': row(400, 'No file was sent.', 'Send multipart/form-data with one part that has a file name.'),
  'workflow.not_found': row(404, 'There is no such workflow.', 'Look at the list of workflows.'),
  'workflow.stale': row(
    409,
    'The workflow was changed in the meantime.',
    'Read it again and repeat your change on top; `details` has the present rev.',
  ),
  'workflow.invalid': row(422, 'The workflow has errors.', 'Mend what `details` lists, then publish again.'),
  'workflow.archived': row(409, 'The workflow is archived.', 'Unarchive it first.'),
  'version.not_found': row(404, 'There is no such version of the workflow.', 'Look at the list of versions.'),
  'workflow.not_published': row(409, 'The workflow has no live version.', 'Publish it first.'),
  'workflow.no_trigger': row(
    422,
    'There is no trigger to start at.',
    'Add one, such as “Start by hand”, or name one that is there.',
  ),
  'execution.not_found': row(404, 'There is no such execution.', 'Look at the list of executions.'),
  'execution.bad_input': row(
    400,
    'The input does not fit what the trigger takes.',
    'See `details`: each entry names a place and what is wrong there.',
  ),
  'execution.not_failed': row(409, 'The execution cannot go on.', 'Start it anew with `from: start`.'),
  'execution.does_not_fit': row(
    409,
    'What has happened does not fit the version.',
    'Take the version it had, or start anew; the message names the node.',
  ),
  'execution.backlog': row(503, 'Too much work is waiting.', 'Try again as the Retry-After header says.'),
  'execution.quota': row(
    429,
    'The workspace has too many executions under way.',
    'Try again as the Retry-After header says, or let an admin raise the quota of the workspace.',
  ),
  'execution.at_once': row(429, 'You have too many executions under way.', 'Wait until one of them has ended.'),
  'execution.moved': row(503, 'Another process has taken the execution over.', 'Look at the execution; it goes on there.'),
  'node.not_found': row(404, 'There is no such node.', 'Look at the nodes of the version that ran.'),
  'approval.not_found': row(404, 'There is no such question.', 'Look at the list of approvals.'),
  'approval.decided': row(409, 'It was decided already.', 'Look at the execution.'),
  'approval.not_yours': row(403, 'Somebody else was asked.', 'Ask one of those it names, or an admin.'),
  'approval.bad_fields': row(422, 'The answer is not complete.', 'See `details`: each entry names a field.'),
  'budget.not_found': row(404, 'There is no such budget.', 'Look at the list of budgets.'),
  'callback.not_found': row(404, 'There is no such callback.', 'Check the address.'),
  'callback.over': row(409, 'Nobody waits for this call any more.', 'Look at the execution.'),
  'trigger.not_found': row(404, 'There is no such trigger.', 'Look at the list of triggers.'),
  'trigger.not_a_trigger': row(400, 'The block does not start anything.', 'Take a block of the group `start`.'),
  'trigger.bad_params': row(
    400,
    'The parameters of the trigger cannot be meant.',
    'See `details`: each entry names a field and what is wrong there.',
  ),
  'trigger.asleep': row(409, 'The trigger starts nothing now.', 'Publish and activate its workflow.'),
  'trigger.nothing_kept': row(
    409,
    'Nothing was kept that could be started again.',
    'Send the call again, or start the trigger by hand.',
  ),
  'event.bad_name': row(400, 'An event cannot have this name.', 'Take words with dots between them, such as order.paid.'),
  'event.too_large': row(413, 'The data of the event is too large.', 'Put it into a file, and tell of its id.'),
  'hook.not_found': row(
    404,
    'There is no webhook at this address.',
    'Check the address, and that the workflow is published and active.',
  ),
  'hook.wrong_method': row(405, 'The webhook does not take this method.', 'Use one that the message names.'),
  'hook.refused': row(401, 'The call was not let in.', 'Send the secret the way the trigger asks for.'),
  'hook.not_allowed': row(403, 'Calls from there are not taken.', 'Call from an address or a page that the trigger allows.'),
  'hook.unreadable': row(400, 'The body cannot be read.', 'Send it whole, in the encoding that Content-Encoding names.'),
  'hook.unfit': row(422, 'The body does not fit the schema of the webhook.', 'See `details`: each entry names a place.'),
  'rehearsal.not_found': row(404, 'There is no such test address.', 'Ask for a new one; they are kept for a day.'),
  'trigger.no_secret': row(
    409,
    'The trigger has no credential whose secret could be changed.',
    'Choose a credential of the kind webhook.secret at its node, and publish.',
  ),
  'mcp.wrong_host': row(
    403,
    'MCP is not served under this name.',
    'Call by the address of PUBLIC_URL, or let the operator add the name to MCP_HOSTS.',
  ),
  'mcp.too_large': row(422, 'It is too large to be read at once.', 'Download it from the address that the message names.'),
  'form.not_found': row(404, 'There is no form at this address.', 'Ask whoever gave you the link for a new one.'),
  'form.locked': row(401, 'The form asks for a password.', 'Show the password first; what that answers opens it for an hour.'),
  'form.wrong_password': row(401, 'The password is wrong.', 'Ask whoever gave you the link.'),
  'form.no_files': row(409, 'The form takes no files.', 'Send only what its fields ask for.'),
  'folder.not_found': row(404, 'There is no such folder.', 'Look at the list of folders.'),
  'folder.too_deep': row(409, 'Folders cannot stand that deep in each other.', 'Choose a folder further up.'),
  'folder.in_itself': row(409, 'A folder cannot stand in itself.', 'Choose a folder that is not inside it.'),
  'ai.refused': row(422, 'The model cannot be asked this.', 'The message says what to change, or choose another model.'),
  'ai.busy': row(503, 'The model cannot answer now.', 'Try again as the Retry-After header says, or choose another model.'),
  'ai.too_slow': row(504, 'The model took too long.', 'Ask for less at once, or choose a faster model.'),
  'ai.no_workflow': row(
    502,
    'What the model answered is no workflow.',
    'Say it in other words, ask for less at once, or choose a more capable model.',
  ),
  'block.memory': row(422, 'The value takes too much memory to work on.', 'Take a part of it, or split it first.'),
  'block.not_found': row(404, 'There is no such block.', 'Look at the list of blocks.'),
  'mail.not_sent': row(502, 'The mail could not be sent.', 'Check SMTP_URL; the server log says what the mail server answered.'),
  'mail.none': row(422, 'No mail server is set up.', 'Give the node an SMTP credential, or set SMTP_URL on the server.'),
  'mail.refused': row(422, 'The mail server refused the mail.', 'The message says what the mail server answered.'),
  'mail.later': row(
    503,
    'The mail server cannot take the mail now.',
    'Try again later; the message says what the server answered.',
  ),
  'mail.in_doubt': row(
    502,
    'It is not known whether the mail was sent.',
    'Ask the one it is for before sending it again: the connection broke while it was handed over.',
  ),
  'outbound.blocked': row(
    422,
    'The address is not public and may not be called.',
    'Call a public address, or let the operator add this one to OUTBOUND_ALLOW.',
  ),
  'outbound.bad_url': row(422, 'The address cannot be called.', 'Give a whole address that begins with https:// or http://.'),
  'outbound.bad_request': row(422, 'The request cannot be sent like this.', 'The message names what is wrong with it.'),
  'outbound.unknown_host': row(422, 'No host has this name.', 'Check the spelling of the address.'),
  'outbound.unreachable': row(
    502,
    'The host could not be reached, or hung up.',
    'The message says how far it came; check the address, or try again later.',
  ),
  'outbound.timeout': row(504, 'The host took too long.', 'Try again, or raise the time limit of the call.'),
  'outbound.too_large': row(422, 'The answer is too large.', 'Ask for less, or raise the limit named in the message.'),
  'outbound.too_many_redirects': row(
    422,
    'The host redirects again and again.',
    'Check the address; it may want a cookie or a sign-in.',
  ),
  'outbound.lost_body': row(
    422,
    'The host redirects, and the body cannot be sent a second time.',
    'Call the address it redirects to, which the message names.',
  ),
  'script.failed': row(422, 'The code ended with an error.', 'Correct the code; the message names the error and its line.'),
  'script.syntax': row(422, 'The code cannot be read.', 'Correct the line that the message names.'),
  'script.bad_result': row(
    422,
    'What the code returns is not JSON.',
    'Return only objects, lists, texts, numbers and yes-or-no values.',
  ),
  'script.timeout': row(422, 'The code took too long.', 'Let it do less at once, or raise its time limit.'),
  'script.memory': row(422, 'The code used too much memory.', 'Let it work on less at once, or raise its memory limit.'),
  'script.too_large': row(422, 'The code, its input or its result is too large.', 'Pass on less; keep large values in files.'),
  'script.lost': row(503, 'The process that ran the code was lost.', 'Run it again; the code is not the reason.'),
  'program.not_allowed': row(
    422,
    'The command may not be started on this server.',
    'Let the operator add it to MCP_COMMANDS, as the message shows it.',
  ),
  'program.not_started': row(
    422,
    'The program could not be started.',
    'Install it where the server runs; the message says what is missing.',
  ),
  'program.ended': row(502, 'The program ended before it had answered.', 'The log of the node has what it said.'),
  'program.too_large': row(422, 'The program writes too much.', 'Ask it for less.'),
  'program.busy': row(503, 'Too many programs run already.', 'Try again in a few seconds.'),
  'storage.full': row(
    507,
    'There is no room left on the disk.',
    'Free space in DATA_DIR; nothing that was acknowledged is lost.',
  ),
  'server.stopping': row(503, 'The server is stopping.', 'Try again in a few seconds.'),
  'server.busy': row(503, 'The server has too much to do.', 'Try again as the Retry-After header says.'),
  'server.timeout': row(
    503,
    'The server needed too long for this.',
    'Try again; if it stays so, look at the server log for the request id.',
  ),
  'server.fault': row(500, 'Something went wrong on the server.', 'Look at the server log for the request id.'),
} satisfies Record<string, Row>

/** A code of the catalogue. */
export type Code = keyof typeof catalogue

/** One line of `details`: where it is wrong, and how. */
export type Detail = { path: string; message: string }

type Extra = { message?: string; details?: Detail[]; cause?: unknown; retryAfter?: number }

/** A failure with a code from the catalogue; the only error that reaches a person as it is. */
export class Fault extends Error {
  readonly code: Code
  readonly status: number
  readonly details: Detail[]
  readonly retryAfter: number | undefined

  constructor(code: Code, extra: Extra = {}) {
    super(extra.message ?? catalogue[code].title, extra.cause === undefined ? {} : { cause: extra.cause })
    this.name = 'Fault'
    this.code = code
    this.status = catalogue[code].status
    this.details = extra.details ?? []
    this.retryAfter = extra.retryAfter
  }
}

/** A failure of setting up or starting: its message is for the operator and the process ends with it. */
export class Stop extends Error {
  override readonly name = 'Stop'
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
