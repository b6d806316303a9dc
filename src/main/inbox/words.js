// @ts-check

/** Every word of the page, in one place for translation. Text of agents and users never passes through here. */

/** @param {number} n @param {string} one @param {string} many */
const plural = (n, one, many) => `${n.toLocaleString()} ${n === 1 ? one : many}`;

/** @param {number} bytes */
function bytes(bytes) {
  if (bytes < 1024) return plural(bytes, 'byte', 'bytes');
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** @param {number} n */
const two = n => String(n).padStart(2, '0');

/** @param {number} ms */
function duration(ms) {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  if (hours > 0) return `${hours} h ${two(minutes % 60)} min`;
  return `${minutes}:${two(seconds % 60)}`;
}

/** @type {Record<string, string>} */
const warnings = {
  bidi: 'Characters that turn the direction of text. They are shown as marked escapes, and turn nothing here.',
  invisible: 'Invisible characters. They are shown as marked escapes.',
  ansi: 'Terminal control sequences. They are shown as marked escapes; in a terminal they could hide or repaint text.',
  unchecked: 'The service’s warnings on this action could not be read here. Look closely.',
  oversize: 'More text than anybody reads to the end. Long values are folded; look at what is folded before you approve.',
};

/** @type {Record<string, string>} */
const warningsShort = { bidi: 'turns direction', invisible: 'invisible characters', ansi: 'terminal codes', oversize: 'very long', unchecked: 'not checked' };

/** @type {Record<string, string>} */
const done = { approve: 'Approved', reject: 'Rejected', edit: 'Edited', respond: 'Answered' };

/** @type {Record<string, string>} */
const ends = {
  decided: 'Decided',
  expired: 'Expired: nobody decided in time',
  cancelled: 'Withdrawn: the job was ended or replaced',
  gone: 'This action no longer waits',
};

/** @type {Record<string, string>} */
const outcomes = { decided: 'Decided', expired: 'Expired', aborted: 'Aborted', replaced: 'Replaced', malformed: 'Unreadable' };

/** @type {Record<string, string>} */
const statuses = { running: 'Running', requires_action: 'Waits for a person', complete: 'Complete', error: 'Failed', aborted: 'Aborted' };

/** @type {Record<string, (problem: import('./service.js').Problem) => string>} */
const refusals = {
  'invalid-request': problem => `The service could not read the request: ${problem.detail}`,
  'unauthorized': () => 'You are not signed in, or your key is no longer in force.',
  'forbidden': () => 'You may not do this. If you think you should, ask whoever hands out the roles.',
  'no-such-job': () => 'There is no such job (any more).',
  'not-waiting': problem => `The job no longer waits for anything. It is now: ${statuses[problem.jobStatus] ?? problem.jobStatus}.`,
  'already-decided': () => 'Somebody else was first. Your decision was not taken.',
  'approval-expired': () => 'The deadline has passed. Your decision was not taken, and the job was ended.',
  'action-closed': problem => `This action is closed (${outcomes[problem.outcome] ?? problem.outcome}). Your decision was not taken.`,
  'stale-action': () => 'The job now waits for another action. Your decision was not taken.',
  'undecided': () => 'Every call needs a decision. Nothing was taken.',
  'decision-not-allowed': () => 'This kind of decision is not offered here. Nothing was taken.',
  'scope-not-offered': () => 'This approval cannot be remembered: the policy or the agent’s operator does not offer it. Approve it only this once. Nothing was taken yet.',
  'duplicate-decision': () => 'A call was decided twice. Nothing was taken.',
  'invalid-decision': problem => `The decision does not fit what was asked: ${problem.detail} Nothing was taken.`,
  'edit-denied': problem => `The policy denies the call as you edited it: ${problem.detail} Nothing was taken; the prompt stays open.`,
  'arguments-changed': () => 'The arguments are not the ones that you were shown. Nothing was taken. Reload the page before you decide.',
  'generation-mismatch': () => 'The job has started anew meanwhile.',
  'already-settled': problem => `The job has already ended. It is: ${statuses[problem.jobStatus] ?? problem.jobStatus}.`,
  'no-such-grant': () => 'This grant no longer holds.',
  'no-such-resolution': () => 'There is no such record. A new one is there within seconds.',
  'policy-changed': problem => `Somebody else changed the policy meanwhile; version ${problem.currentVersion} is in force now. Nothing was changed. Load it, and make your change again.`,
  'precondition-required': () => 'The policy has been changed before; load it first.',
  'payload-too-large': () => 'That is more than the service takes.',
  'too-many-requests': () => 'Too many requests. Wait a moment.',
  'store-unavailable': () => 'The service cannot reach its store at the moment.',
  'store-readonly': () => 'The service’s store takes no changes at the moment.',
  'archive-unavailable': () => 'The archive cannot be reached. Jobs and decisions are not affected.',
  'overloaded': () => 'The service is overloaded. Wait a moment.',
  'outcome-unknown': () => 'The service cannot confirm yet whether that was done.',
  'shutting-down': () => 'The service is shutting down or restarting.',
};

export const words = {
  product: 'Holdpoint',
  skip: 'Skip to content',
  pages: 'Pages',
  /** @type {Record<string, string>} */
  pageNames: { inbox: 'Inbox', history: 'History', audit: 'Audit', grants: 'Grants', policy: 'Policy', jobs: 'Job' },
  noSuchPage: 'There is no such page',
  loading: 'Loading…',
  tryAgain: 'Try again',
  close: 'Close',
  roundsNumbers: 'This browser rounds long numbers. Use a newer one (from 2025 on) before you decide anything with numbers in it.',

  // Signing in
  signInTitle: 'Sign in',
  signInHint: 'Agents stop here and wait for a person. Sign in to see what waits for you.',
  signInAgain: 'Sign in again',
  signInAgainHint: 'Your sign-in has ended. What you have typed is still there.',
  signInElsewhere: 'Sign in with your organisation',
  orWithKey: 'Or with an access key:',
  accessKey: 'Access key',
  keyHint: 'It is sent to this service only, and never stored in this browser’s storage or in an address.',
  keyUnknown: 'This key is not known here, or no longer in force.',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  signOut: 'Sign out',
  stillSignedIn: 'You are still signed in: the service could not be told. Try again, or close the browser.',
  nothingForYou: 'With your roles there is nothing to see here.',

  // Inbox
  inbox: 'Inbox',
  /** @param {number} n @param {boolean} more */
  count: (n, more) => `${n.toLocaleString()}${more ? '+' : ''}`,
  live: 'Live',
  reconnecting: 'The connection to the service is broken; it is being tried again. What you see may be out of date.',
  listAsOf: 'The list is of',
  search: 'Search',
  searchHint: 'Search tool, user, agent, text',
  tool: 'Tool',
  allTools: 'All tools',
  sort: 'Sort',
  sorts: { deadline: 'Deadline first', newest: 'Newest first', oldest: 'Oldest first' },
  waitingActions: 'Actions that wait',
  nothingWaits: 'Nothing waits for you.',
  nothingWaitsHint: 'When an agent asks, it appears here at once; you need not reload.',
  nothingFits: 'Nothing that waits fits.',
  nothingFitsHint: 'Change the search or the tool.',
  moreWait: 'More waits than is shown. It comes up as these are decided.',
  arrived: 'A new action waits.',
  pickOne: 'Pick an action to see what an agent wants to do.',
  forUser: 'for',
  deadline: 'Deadline',
  noDeadline: 'no deadline was set',
  question: 'Question',
  /** @param {number} n */
  andOthers: n => `and ${plural(n, 'other call', 'other calls')}`,
  /** @param {string} warning */
  warning: warning => warnings[warning] ?? warning,
  /** @param {string} warning */
  warningShort: warning => warningsShort[warning] ?? warning,

  // Times
  /** @param {number} ms */
  ago: ms => ms < 10_000 ? 'just now' : ms < 60_000 ? `${Math.floor(ms / 10_000) * 10} s ago` : ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min ago` : `${duration(ms)} ago`,
  /** @param {number} ms */
  left: ms => ms <= 0 ? 'past its deadline' : `${duration(ms)} left`,

  // One action
  backToInbox: 'Back to the inbox',
  action: 'Action',
  user: 'User',
  agent: 'Agent',
  job: 'Job',
  asked: 'Asked',
  argumentsAsReceived: 'Arguments as received',
  rawJson: 'Raw JSON',
  copy: 'Copy',
  copied: 'Copied',
  digest: 'SHA-256 of the arguments:',
  aliases: 'Also known as:',
  agentsWords: 'In the agent’s own words – not checked by anybody',
  policySays: 'Policy:',
  /** @param {number} i @param {number} n */
  callOf: (i, n) => `Call ${i} of ${n}:`,
  noArguments: 'No arguments',
  emptyObject: 'empty object',
  emptyList: 'empty list',
  emptyText: 'empty text',
  emptyName: 'empty name',
  text: 'text',
  number: 'number',
  /** @param {unknown} value */
  typeOf: value => value === null ? 'null' : typeof value === 'boolean' ? 'yes or no' : typeof value,
  /** @param {number} n */
  listOf: n => plural(n, 'item', 'items'),
  /** @param {number} n */
  objectOf: n => plural(n, 'member', 'members'),
  /** @param {number} n */
  folded: n => ` … ${plural(n, 'character', 'characters')} folded … `,
  /** @param {number} n */
  showMoreOf: n => `Show ${n.toLocaleString()} more characters`,
  /** @param {number} n */
  showMoreMembers: n => `Show ${n.toLocaleString()} more`,
  fold: 'Show less',
  /** @param {number} characters @param {number} size */
  size: (characters, size) => `${characters.toLocaleString()} characters, ${bytes(size)}`,
  sha256: 'SHA-256',

  // Characters without a glyph
  tagCharacter: 'tag character (invisible)',
  /** @param {string} hex */
  character: hex => `U+${hex}`,
  lookalike: 'letter of another script that looks like a Latin one',
  /** @param {number} n */
  moreNewlines: n => `${n.toLocaleString()} more \\n`,
  /** @type {Record<number, string>} */
  characters: {
    0x00: 'null', 0x09: 'tab', 0x0a: 'line feed', 0x0d: 'carriage return', 0x1b: 'escape (begins a terminal code)', 0x7f: 'delete', 0xa0: 'no-break space',
    0xad: 'soft hyphen', 0x61c: 'Arabic letter mark', 0x200b: 'zero width space', 0x200c: 'zero width non-joiner', 0x200d: 'zero width joiner',
    0x200e: 'left-to-right mark', 0x200f: 'right-to-left mark', 0x2028: 'line separator', 0x2029: 'paragraph separator', 0x202a: 'left-to-right embedding',
    0x202b: 'right-to-left embedding', 0x202c: 'end of embedding or override', 0x202d: 'left-to-right override', 0x202e: 'right-to-left override',
    0x2060: 'word joiner', 0x2066: 'left-to-right isolate', 0x2067: 'right-to-left isolate', 0x2068: 'first strong isolate', 0x2069: 'end of isolate',
    0xfeff: 'byte order mark (invisible)',
  },

  // Deciding
  /** @param {string} tool */
  decisionFor: tool => `Decision for ${tool}`,
  approve: 'Approve',
  reject: 'Reject',
  edit: 'Edit',
  respond: 'Respond',
  pressAgainToApprove: 'Press again to approve',
  pressAgainToSend: 'Press again to send',
  reason: 'Reason (the agent sees it; may be left empty)',
  sendRejection: 'Send rejection',
  editedArguments: 'Edited arguments (JSON)',
  sendEdit: 'Run with these arguments',
  responseText: 'Your answer, which the agent gets in place of the tool’s result',
  sendResponse: 'Send answer',
  approvalHolds: 'The approval holds',
  scopes: { once: 'only this once', session: 'for this conversation', always: 'always for this user' },
  scopeMeans: 'From now on every call of',
  /** @param {'session' | 'always'} scope */
  scopeFor: scope => scope === 'session' ? 'in the conversation' : 'in every conversation of the user',
  scopeWhatever: ' runs without asking, whatever its arguments, until the grant expires or is revoked. A rule that denies it still wins.',
  dangers: {
    edit: 'This approves the arguments as the agent sent them, without your edit.',
    always: 'This lets every later call of the tool run without asking.',
    warnings: 'There are warnings on this action. Have you looked at what is marked?',
    /** @param {number} n */
    several: n => `This approves ${n} calls at once.`,
    policy: 'From this moment on agents are held to these rules.',
    revoke: 'Later calls will be asked about again.',
    abort: 'The job ends, and what waits is withdrawn.',
  },
  wholeBatch: 'All calls of this action',
  /** @param {number} n @param {number} of */
  decidedOf: (n, of) => `${n} of ${of} decided`,
  approveAll: 'Approve all',
  rejectAll: 'Reject all',
  /** @param {number} n */
  sendDecisions: n => `Send ${plural(n, 'decision', 'decisions')}`,
  sending: 'Sending…',
  notConfirmed: 'Not confirmed yet. The same decision is being sent again.',
  /** @param {number} n */
  sendingAgain: n => `Not confirmed yet. The same decision is being sent again (attempt ${n + 1}). It counts once only.`,
  mayBeTaken: 'It may or may not have been taken. Sending the same again is safe: it counts once only.',
  sendSameAgain: 'Send the same again',
  youDecided: 'Your decision was taken',
  taken: 'Your decision was taken.',
  decidedAt: 'Taken',
  decidedBy: 'Decided by',
  by: 'by',
  answer: 'Answer',
  /** @param {string} how */
  ended: how => ends[how] ?? how,
  /** @param {string} kind */
  done: kind => done[kind] ?? kind,
  /** @param {string} outcome */
  outcome: outcome => outcomes[outcome] ?? outcome,
  /** @param {string} status */
  status: status => statuses[status] ?? status,
  /** @param {'session' | 'always'} scope */
  remembered: scope => scope === 'session' ? 'Remembered for this conversation:' : 'Remembered for all conversations of this user:',
  /** @param {string} reason */
  notRemembered: reason => `The approval holds this once and is not remembered: ${{ 'grants-full': 'as many are remembered as may be.',
    'store-unavailable': 'it could not be stored.', 'decided-before': 'it was decided before.' }[reason] ?? reason}`,
  seeGrants: 'See grants',
  nextOne: 'Next action',
  youHadWritten: 'You had written:',
  followJob: 'Follow the job',
  jobMovedOn: 'The job has moved on to another action.',

  // Editing
  notAnObject: 'Arguments must be a JSON object.',
  /** @param {string} message */
  notJson: message => `This is not JSON: ${message}`,
  fitsSchema: 'This fits the schema.',
  noSchema: 'This is a JSON object. The agent gave no schema for it.',
  unchecked: 'This could not be checked here; the service will.',
  schema: 'Schema',
  startOver: 'Start over from the original',
  whatChanges: 'What changes',
  nothingChanged: 'Nothing is changed yet.',
  /** @param {number} n */
  sameLines: n => `${plural(n, 'line', 'lines')} the same`,
  signs: { same: ' ', gone: '−', new: '+' },

  // Questions
  agentAsks: 'The agent asks. The words are the agent’s own.',
  pickSeveral: 'Pick as many as you like.',
  orOwnWords: 'Or in your own words',
  yourAnswer: 'Your answer',
  /** @param {number} n */
  sendAnswer: n => n === 1 ? 'Send answer' : 'Send answers',

  // Beside an action, and the page of a job
  whatAgentDid: 'What the agent is doing',
  events: 'Events',
  data: 'Data',
  noStream: 'The job’s events are not there any more.',
  lines: { connecting: 'Connecting…', live: 'Live', broken: 'Reconnecting…', over: 'The job has ended; this is all of it.', refused: 'The events cannot be shown.' },
  /** @param {string} event */
  jobEvent: event => /** @type {Record<string, string>} */ ({
    'job.created': 'Job started', 'job.paused': 'Waits for a person', 'job.resumed': 'Decided', 'job.claimed': 'Taken up again', 'job.completed': 'Completed',
    'job.failed': 'Failed', 'job.aborted': 'Aborted', 'job.expired': 'Expired', 'job.replaced': 'Replaced by a new start', 'job.snapshot': 'Earlier events are not shown',
  })[event] ?? event,
  byWorker: 'by worker',
  earlier: 'Earlier decisions on this tool for this user',
  noneEarlier: 'None on record.',
  earlierForbidden: 'Only auditors and admins see decisions on the jobs of others.',
  earlierUnknown: 'The record cannot be read at the moment.',

  jobGone: 'This job ended a while ago, or never was. What is on record of it stands below.',
  conversation: 'Conversation',
  whoDecided: 'Who decided what',
  state: 'State',
  started: 'Started',
  endedAt: 'Ended',
  continuation: 'After the decision',
  /** @type {Record<string, string>} */
  continuations: { open: 'waits for a worker', claimed: 'taken up by' },
  decideIt: 'Decide what waits',
  abort: 'Abort the job',
  pressAgainToAbort: 'Press again to abort',

  // Lists
  showMore: 'Show more',
  applyFilter: 'Show',
  clearFilter: 'Clear',
  any: 'Any',
  from: 'From',
  until: 'Until',
  toolExactly: 'Tool (exact name)',
  nothingFound: 'Nothing fits.',
  when: 'When',
  who: 'Who',
  what: 'What',

  // History
  history: 'History',
  historyHint: 'Jobs that have ended, the newest first.',
  howItEnded: 'How it ended',
  content: 'Content',
  /** @param {number} n */
  eventCount: n => plural(n, 'event', 'events'),

  // Audit
  audit: 'Audit',
  auditHint: 'Every end of a prompt, every refused try and every changed rule, the newest first. The records form a chain: whoever changes one breaks it.',
  verify: 'Verify the chain',
  verifying: 'Verifying…',
  /** @param {any} verdict */
  sound: verdict => `Sound: ${plural(verdict.checked, 'record', 'records')} checked${verdict.afterSeq > 0 ? `, after number ${verdict.afterSeq}` : ''}; ${verdict.signedUpTo > 0 ? `signed up to number ${verdict.signedUpTo}.` : 'not signed.'}`,
  /** @param {any} verdict */
  broken: verdict => `Broken at number ${verdict.firstBroken.seq} (${verdict.firstBroken.fault}): ${verdict.firstBroken.detail}. ${plural(verdict.checked, 'record', 'records')} before it are sound.`,
  export: 'Export to a file',
  /** @param {number} size */
  exporting: size => `${bytes(size)} so far…`,
  exported: 'Exported. Verify the file offline with “verify FILE”.',
  exportCutOff: 'The export broke off before its last line, so nothing was saved. Try again.',
  kindOfRecord: 'Kind of record',
  /** @type {Record<string, string>} */
  recordKinds: { '': 'Ends of prompts', attempt: 'Refused tries', policy: 'Changes of the policy', grant: 'Grants', erasure: 'Erasures', checkpoint: 'Signatures' },
  decidedBySubject: 'Decided or tried by',
  decision: 'Decision',
  /** @type {Record<string, string>} */
  decisionKinds: { '': 'Any', approve: 'Approved', reject: 'Rejected', edit: 'Edited', respond: 'Answered' },
  seq: 'No.',
  refusedTry: 'Refused',
  /** @type {Record<string, string>} */
  tries: { resolve: 'tried to decide', 'change-policy': 'tried to change the policy', 'revoke-grant': 'tried to revoke a grant' },
  /** @type {Record<string, string>} */
  grantChanges: { given: 'Remembered:', revoked: 'Revoked:' },
  /** @param {number} before @param {number} after */
  policyChanged: (before, after) => `Policy ${before} → ${after}`,
  /** @param {number} n */
  erased: n => `Erased the content of ${plural(n, 'record', 'records')}`,
  /** @param {number} n */
  signedUpTo: n => `Signed up to number ${n} with key`,
  answered: 'Answered',
  record: 'Record',
  backToAudit: 'Back to the audit',
  contentErased: 'Its content was erased.',

  // Policy
  policy: 'Policy',
  policyHint: 'What agents may run at once (allow), what never (deny), and what a person is asked about (ask). Simulate a change before you put it in force.',
  policyDocument: 'Policy document (JSON)',
  /** @param {string} version */
  version: version => version === '0' ? 'the configured default' : `version ${version}`,
  simulate: 'Simulate',
  simulateOver: 'newest calls',
  loadAgain: 'Load what is in force',
  putInForce: 'Put in force',
  pressAgainToPut: 'Press again to put it in force',
  policyInForce: 'The policy is in force.',
  simulation: 'Simulation',
  /** @param {any} result */
  simulated: result => result.replayed === 0 ? 'No calls have been judged yet, so there is nothing to compare.'
    : `Of the newest ${plural(result.replayed, 'call', 'calls')}, ${result.changed.toLocaleString()} would have had another outcome.`,
  before: 'Then',
  after: 'With this policy',
  /** @type {Record<string, string>} */
  judged: { allow: 'Allowed', deny: 'Denied', ask: 'Asked' },
  /** @param {string} mode */
  byMode: mode => `by mode ${mode}`,
  byGrant: 'by a grant',
  byNothing: 'no rule spoke of it',

  // Grants
  grants: 'Grants',
  grantsHint: 'Approvals that are remembered: calls of exactly this tool run without asking, whatever their arguments, unless a rule denies them.',
  noGrants: 'Nothing is remembered.',
  holdsFor: 'Holds for',
  givenBy: 'Given by',
  expires: 'Expires',
  uses: 'Uses',
  lastUsed: 'last',
  never: 'never',
  inConversation: 'conversation',
  inAllConversations: 'all conversations',
  decisionItCameFrom: 'The decision that it came from',
  revoke: 'Revoke',
  pressAgainToRevoke: 'Press again to revoke',
  revoked: 'Revoked.',

  // Notices
  notify: 'Notify me',
  notifyHint: 'A notification when something new waits, and a count in the tab’s title.',
  onlyInTitle: 'The browser shows no notifications for this page; the tab’s title counts.',
  waitsForYou: 'An agent waits for you',

  // Keys
  keys: 'Keys',
  keyList: /** @type {[string, string][]} */ ([['J', 'next action'], ['K', 'previous action'], ['A', 'approve'], ['R', 'reject'], ['E', 'edit'], ['?', 'this list']]),
  useKeys: 'Use single keys',
  /** @param {string[]} keys */
  keysHere: keys => keys.length === 1 ? `Key ${keys[0]} acts on this call` : `Keys ${keys.join(', ')} act on this call`,

  refusals: {
    unreachable: 'The service does not answer. Check the network; nothing you see is newer than the last answer.',
    /** @param {import('./service.js').Problem} problem */
    other: problem => `${problem.title}. ${problem.detail}`,
    /** @param {number} status */
    status: status => `The service answered with status ${status}.`,
    bySlug: refusals,
  },
};
