/** What went wrong, by code; codes that are missing here say more in the words of the server. */
export const errors = {
  errors: {
    unknown: 'Something went wrong in this page. Reload it and try again.',
    network: 'The server cannot be reached. Check the connection and try again.',
    unreadable: 'The server gave an answer that cannot be read. Reload the page; it may be of an older version.',
    wait_one: 'Too many attempts. Try again in {{count}} second.',
    wait_other: 'Too many attempts. Try again in {{count}} seconds.',
    request: {
      invalid: 'Something that was entered cannot be accepted.',
      too_slow: 'The connection was too slow. Try again.',
      not_found: 'The server does not know this call. Reload the page; it may be of an older version.',
      too_many: 'Too many attempts. Wait a moment and try again.',
      in_doubt: 'It is not certain whether the last attempt took effect. Look first, then try again.',
    },
    auth: {
      required: 'You are not signed in any more.',
      wrong_login: 'The e-mail or the password is wrong.',
      wrong_code: 'The code is wrong or no longer valid. Take a fresh one.',
      two_factor_on: 'Two-factor is on already.',
      two_factor_off: 'Two-factor is not on.',
      wrong_password: 'The password is wrong.',
      weak_password: 'Use 10 to 128 characters.',
      email_taken: 'There is an account with this e-mail already. Sign in instead, or set a new password.',
      email_unverified: 'The e-mail address is not confirmed yet. Open the link in the mail that was just sent again.',
      bad_token: 'The link is not valid or too old. Ask for a new one.',
      signup_closed: 'Registration is by invitation. Ask a member for one.',
      fresh_needed: 'Sign out, sign in again, and repeat this within five minutes.',
    },
    role: {
      too_small: 'Your role does not allow this. Ask an admin of the workspace.',
      too_high: 'You cannot give a role higher than your own.',
    },
    workspace: {
      none: 'You are not a member of a workspace.',
      not_found: 'This workspace is no more, or you are no longer a member.',
      creation_closed: 'Only the owner of this installation can create workspaces.',
    },
    member: {
      not_found: 'This person is no longer a member.',
      exists: 'This person is a member already. Change the role in the list instead.',
      last_owner: 'A workspace needs an owner. Make somebody else the owner first.',
    },
    invitation: {
      not_found: 'This invitation has ended. Ask for a new one.',
      other_email: 'The invitation is for another e-mail address.',
    },
    key: { not_found: 'This key is no more.' },
    session: { not_found: 'This session has ended already.' },
    account: {
      sole_owner: 'You are the only owner of a workspace with other members. Make somebody else the owner first.',
      instance_owner:
        'You own this installation and others use it. Hand it over first, on the server: promptpilot user make-owner EMAIL.',
    },
    credential: {
      not_found: 'This credential is no more.',
      unreadable: 'This credential cannot be decrypted. Ask whoever runs the server.',
    },
    file: { not_found: 'This file is no more.', missing: 'No file was sent.' },
    form: {
      not_found: 'This page is not there any more.',
      locked: 'The password was shown too long ago. Reload the page and enter it again.',
      wrong_password: 'The password is wrong.',
      no_files: 'No files can be sent here.',
    },
    approval: {
      not_found: 'This question is not there any more.',
      decided: 'It was decided already. Look at the execution to see what came of it.',
      not_yours: 'Somebody else was asked. Ask one of those it names, or an admin.',
      bad_fields: 'The answer is not complete. Look at the fields that are marked.',
    },
    execution: {
      quota: 'Too much of this workspace is under way just now. Try again in a moment.',
      not_found: 'This execution is not there. It may have been cleared away after the time that is kept.',
      at_once: 'You have too many executions under way. Wait until one of them has ended.',
      bad_input: 'Something that was entered does not fit.',
      backlog: 'There is too much to do at the moment. Try again in a few seconds.',
    },
    mail: { not_sent: 'The mail could not be sent. The log of the server says why.' },
    storage: { full: 'There is no room left on the disk of the server.' },
    server: {
      stopping: 'The server is restarting. Try again in a few seconds.',
      busy: 'The server has too much to do. Try again in a moment.',
      timeout: 'The server needed too long for this. Try again.',
      fault: 'Something went wrong on the server. Its log says what.',
    },
  },
}
