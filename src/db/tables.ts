import type { Generated } from 'kysely'
import type { People } from './people.ts'

/** Milliseconds since 1970; what every time of ours is stored as. */
type Time = number
/** JSON as text. */
type Json = string

/** Every table of both databases. Every table of a workspace has `workspace_id`, and queries take it first. */
export type Tables = People & {
  workspaces: {
    id: string
    name: string
    created_at: Time
    created_by: string | null
    /** The workflow that is started when an execution fails, unless its own workflow names another. */
    on_failure: string | null
    /** How many of its executions may be queued or running at once; null for what the installation allows. */
    quota: number | null
  }
  members: { workspace_id: string; user_id: string; role: string; joined_at: Time }
  invitations: {
    id: string
    workspace_id: string
    email: string
    role: string
    /** SHA-256 of the token in the link, in hex. */
    token_hash: string
    invited_by: string | null
    created_at: Time
    expires_at: Time
    accepted_at: Time | null
    revoked_at: Time | null
  }
  api_keys: {
    id: string
    workspace_id: string
    user_id: string
    name: string
    role: string
    /** The first characters, to be recognised by. */
    start: string
    /** SHA-256 of the key, in hex. */
    hash: string
    created_at: Time
    expires_at: Time | null
    used_at: Time | null
    revoked_at: Time | null
    /** How many executions may be started with it in a minute, and run at once; null for what the installation allows. */
    starts_per_minute: number | null
    at_once: number | null
  }
  audit: {
    id: string
    workspace_id: string | null
    at: Time
    actor_id: string | null
    actor: string
    via: string
    action: string
    target_id: string | null
    target: string | null
    details: Json
    address: string | null
    agent: string | null
  }
  credentials: {
    id: string
    workspace_id: string
    name: string
    kind: string
    /** The names of the values, so that they can be listed without opening them. */
    fields: Json
    /** The master key that wrapped the data key. */
    key_id: string
    wrapped_key: string
    sealed: string
    created_at: Time
    created_by: string | null
    updated_at: Time
  }
  files: {
    id: string
    workspace_id: string
    /** `uploads` or `generated`; `arriving` while its bytes are not there yet, hidden from everybody. */
    bucket: string
    name: string
    type: string
    size: number
    hash: string
    created_at: Time
    created_by: string | null
  }
  /** Answers to requests with an Idempotency-Key, sealed with a key made from it. */
  answers: {
    caller: string
    key_hash: string
    request_hash: string
    status: number | null
    sealed: string | null
    created_at: Time
  }
  /** Folders of things of one kind: `workflows`, `prompts`. */
  folders: { id: string; workspace_id: string; kind: string; name: string; parent_id: string | null; created_at: Time }
  workflows: {
    id: string
    workspace_id: string
    folder_id: string | null
    name: string
    description: string
    draft: Json
    /** Raised by every change of the draft. */
    rev: number
    /** The number of the version that triggers start. */
    live: number | null
    /** Do its triggers start it? */
    active: number
    archived_at: Time | null
    /** How many nodes the draft has, and the ways to start it: lists show them without reading drafts. */
    nodes: Generated<number>
    starts: Generated<Json>
    /** What the live version is called as a tool; no two that are not archived are called alike. */
    tool: Generated<string | null>
    created_at: Time
    created_by: string | null
    updated_at: Time
    updated_by: string | null
  }
  /** What executions run: published versions, and, without a number, snapshots of drafts. Never changed. */
  workflow_versions: {
    id: string
    workspace_id: string
    workflow_id: string
    number: number | null
    /** SHA-256 of the workflow, in hex. */
    hash: string
    document: Json
    note: string
    created_at: Time
    created_by: string | null
  }
  triggers: {
    id: string
    workspace_id: string
    workflow_id: string
    node_id: string
    /** The word for it: `webhook`, `schedule`, `event`, `manual`, `api`. */
    kind: string
    block: string
    block_version: number
    /** How its definition says that it wakes: `hand`, `call`, `time`, `event`. */
    wakes: string
    enabled: number
    /** The last part of a webhook's address. */
    key: string | null
    /** Those of the node in the live version. */
    params: Json
    /** The credential of its node. */
    credential: string | null
    /** The time zone of its workflow. */
    zone: string
    /** Since when it is awake as it is; null while it sleeps. */
    armed_at: Time | null
    /** The next time that is planned, and when somebody has to look at it: later by what chance adds, or where others go first. */
    slot_at: Time | null
    due_at: Time | null
    /** Failures in a row, and since when and why it pauses because of them. */
    failures: number
    paused_at: Time | null
    paused_why: string | null
    /** The live version has no such node any more; its ledger is still read. */
    gone_at: Time | null
    created_at: Time
    last_at: Time | null
  }
  /** The ledger of triggers: every time that came and every call, and what became of it. */
  fires: {
    trigger_id: string
    id: string
    at: Time
    /** The time that was planned. */
    slot_at: Time | null
    /** `fired`, `late`, `waiting`, `skipped`, `refused`, `duplicate`. */
    outcome: string
    /** A code and a sentence, where it did not simply start. */
    why: Json | null
    execution_id: string | null
    /** Who called and how. */
    call: Json | null
    /** What it would have started with, so that it can still be done. */
    input: Json | null
    /** How many this line stands for. */
    times: number
  }
  /** What happened in a workspace, until everybody who listens was started. */
  happenings: {
    id: string
    workspace_id: string
    name: string
    data: Json
    at: Time
    /** How many executions in a row led to it. */
    depth: number
    cause: string | null
    open: number
  }
  /** Addresses that wait for one call to show what it looks like. */
  rehearsals: {
    key: string
    workspace_id: string
    workflow_id: string
    node_id: string
    created_at: Time
    until: Time
    heard_at: Time | null
    heard: Json | null
  }
  /** How executions stand; what happened to them is in `journal`. */
  executions: {
    id: string
    workspace_id: string
    workflow_id: string
    version_id: string
    version: number | null
    status: string
    /** `manual`, `api`, `webhook`, `schedule`, `event`, `workflow`, `retry`, `fork`. */
    start: string
    trigger_id: string | null
    /** The trigger node it began at. */
    node_id: string
    /** The execution that waits for it, or started it. */
    parent_id: string | null
    parent_path: string | null
    depth: number
    /** 0 interactive, 1 normal, 2 bulk. */
    lane: number
    forked_from: string | null
    created_at: Time
    started_at: Time | null
    ended_at: Time | null
    /** The last segment of the journal. */
    seq: number
    /** Raised by every claim; a write under an older one changes nothing. */
    epoch: number
    owner: string | null
    lease_until: Time | null
    /** When somebody has to look at it; null for never. */
    due_at: Time | null
    /** Counts what was sent to it, so that an owner that lets go knows whether it has heard everything. */
    signals: number
    /** How often an owner died since something was done. */
    deaths: number
    cancelled_by: string | null
    total: number
    done: number
    at_node: string | null
    failure: Json | null
    bytes: number
    /** The person who started it, and the key it was done with; null for triggers. */
    user_id: string | null
    key_id: string | null
  }
  /** What happened, the only truth: one row for all events of one write. */
  journal: { execution_id: string; seq: number; events: Json }
  /** What executions wait for. Heard once, then taken into the journal by the owner. */
  waits: {
    id: string
    workspace_id: string
    execution_id: string
    path: string
    kind: string
    until: Time | null
    /** The secret part of the address of a callback, hashed. */
    token: string | null
    ask: Json
    child_id: string | null
    created_at: Time
    heard_at: Time | null
    heard: Json | null
    taken: number
    remind_at: Time | null
    /** How often those who are asked were written to: when it was asked, and once more. */
    told: number
  }
  /** Calls of webhooks that are taken once, by the hash of what is the same in repeated ones. */
  hook_calls: { trigger_id: string; key_hash: string; execution_id: string; at: Time }
  /** What nodes with a cache have put out, by the hash of what they were given. */
  kept_outputs: { workspace_id: string; hash: string; outlet: string; output: string; at: Time; until: Time }
  /** Large values that journals refer to by hash. */
  held_values: { execution_id: string; workspace_id: string; hash: string; bytes: number }
  /** What people say that models cost: dollars for a million tokens. */
  model_prices: {
    workspace_id: string
    model: string
    input: number
    output: number
    cached: number | null
    as_of: Time
    set_by: string | null
  }
  /** What was said under a key, for executions that come later. `place` is a workflow, or empty for the whole workspace. */
  memories: {
    id: string
    workspace_id: string
    place: string
    key: string
    /** `user`, `assistant`, or `summary` of everything before the lines that are kept. */
    role: string
    text: string
    execution_id: string
    at: Time
  }
  /** What models took in a day (in UTC), by everything that is asked about. Nobody and nothing is `''`; money in millionths of a dollar. */
  usage: {
    workspace_id: string
    day: string
    workflow_id: string
    model: string
    user_id: string
    key_id: string
    /** The version of a prompt. */
    prompt: string
    /** `ask`, `embed`, `draw`, `moderate`. */
    kind: string
    calls: number
    input_tokens: number
    output_tokens: number
    cached_tokens: number
    reasoning_tokens: number
    /** What calls took whose price is known, and how many others there were. */
    cost: number
    unpriced: number
  }
  budgets: {
    id: string
    workspace_id: string
    /** `workspace`, `workflow`, `member`, `key`, and of the last three which one. */
    scope: string
    subject_id: string | null
    /** `execution`, `day`, `month`. */
    period: string
    /** The most: in millionths of a dollar, and in tokens read and written. */
    dollars: number | null
    tokens: number | null
    /** What becomes of a call that does not fit: `fail`, `cheaper` with a model, `ask`. */
    way: string
    model: string | null
    created_at: Time
    created_by: string | null
  }
  /** What was taken of a budget in one of its spans: a day, a month, an execution. */
  budget_sums: {
    budget_id: string
    span: string
    at: Time
    spent: number
    tokens: number
    /** What calls that are under way may take. */
    reserved: number
    reserved_tokens: number
    /** Was it told that most of it is used, and that it is used up? */
    warned: number
    exhausted: number
  }
  /** What a call of a model that is under way has reserved of a budget. */
  holds: {
    id: string
    budget_id: string
    workspace_id: string
    span: string
    execution_id: string
    owner: string
    amount: number
    tokens: number
    at: Time
  }
  /** Small facts about the installation. */
  facts: { name: string; value: string }
}
