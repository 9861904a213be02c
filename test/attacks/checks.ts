// The checks that stop attacks in more than one theme, each with the edits that take it out of the BFF's source.
import type { Check } from './attack.ts'

export const FLOW_COOKIE_ON_RETURN: Check = {
  name: 'the flow cookie on the return',
  edits: [{ file: 'flows/handle-return.ts', from: '  checkBrowser(runtime, flow, arrival)\n', to: '' }],
}

export const SAME_PERSON_ON_RETURN: Check = {
  name: 'the comparison of the person on the return',
  edits: [
    {
      file: 'flows/handle-return.ts',
      from: 'const refused = await refuseOtherPerson(runtime, flow, person, arrival)',
      to: 'const refused = undefined',
    },
  ],
}

/** How an account switch is noticed when the return cannot show a token. */
export const SAME_PERSON_IN_BROWSER: Check = {
  name: 'the look at the flows of the browser with every token',
  edits: [
    {
      file: 'app.ts',
      from: '  if (person !== null) await noticePerson(runtime, ctx.req, person, ctx.state.requestId)\n',
      to: '',
    },
  ],
}

export const FLOW_OWNER: Check = {
  name: 'the tenant and user in looking up a flow',
  edits: [
    {
      file: 'flows/finish-flow.ts',
      from: `const flow = await runtime.storage.findFlow(identity.tenantId, flowId)
  if (flow === undefined || flow.userId !== identity.userId) throw`,
      to: `const flow = await runtime.storage.findFlowById(flowId)
  if (flow === undefined) throw`,
    },
  ],
}

export const LAUNCH_OWNER: Check = {
  name: 'the tenant and user in launching a flow',
  edits: [
    {
      file: 'routes/launchable.ts',
      from: `const flow = await runtime.storage.findFlow(identity.tenantId, flowId)
  return flow?.userId === identity.userId ? flow : undefined`,
      to: 'return runtime.storage.findFlowById(flowId)',
    },
    {
      file: 'routes/launch-shortcut.ts',
      from: ' || findPersonProblem(flow, person) !== undefined',
      to: '',
    },
  ],
}

export const LAUNCH_COOKIE: Check = {
  name: 'the flow cookie in launching a flow',
  edits: [
    {
      file: 'routes/launch.ts',
      from: '  if (needsCookie && !hasFlowCookie(flow, runtime.secrets, ctx.req)) return waitForCookie(runtime, flow)\n',
      to: '',
    },
    {
      file: 'routes/launch-shortcut.ts',
      from: 'if (hasFlowCookie(flow, runtime.secrets, ctx.req)) return',
      to: 'return',
    },
  ],
}

export const PROOF_OF_OWNERSHIP: Check = {
  name: 'the proof of ownership',
  edits: [
    {
      file: 'delivery/bind-installation.ts',
      from: 'if (deps.ownership !== null && attempt.proof === null) {',
      to: 'if (deps.ownership === undefined) {',
    },
  ],
}

export const OTHER_TENANTS_CLAIM: Check = {
  name: 'the look at what other tenants hold',
  edits: [
    {
      file: 'storage/sqlite-returns.ts',
      from: 'const obstacle = claims.findObstacle(tenantId, organization, installation.index)',
      to: 'const obstacle = undefined',
    },
  ],
}
