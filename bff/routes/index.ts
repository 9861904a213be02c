// Every route of the BFF, in one table.
import { showAvatar } from './avatar.ts'
import { forgetConnection, showConnection } from './connection.ts'
import { cancelFlow, finishFlowRoute, showFlow, startFlowRoute } from './flows.ts'
import { showHealth, showReadiness } from './health.ts'
import { launch, showLaunchPage } from './launch.ts'
import { showOpenApi } from './openapi.ts'
import { showRepositories } from './repositories.ts'
import { receiveReturn, showDonePage, showProblem } from './return.ts'
import type { Route } from './route.ts'
import { receiveGitHubWebhook } from './webhook.ts'

export const ROUTES: readonly Route[] = [
  showConnection,
  forgetConnection,
  showAvatar,
  showRepositories,
  startFlowRoute,
  showFlow,
  cancelFlow,
  finishFlowRoute,
  showLaunchPage,
  launch,
  receiveReturn,
  showDonePage,
  showProblem,
  receiveGitHubWebhook,
  showHealth,
  showReadiness,
  showOpenApi,
]
