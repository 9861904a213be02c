// What can happen to an installation, as told to whoever listens: the webhooks do.

import type { RecordedInstallation } from '../records.ts'
import type { User } from './catalogue.ts'

export type InstallationChange =
  | {
      readonly kind: 'created' | 'deleted' | 'suspend' | 'unsuspend'
      readonly installation: RecordedInstallation
      readonly sender: User
    }
  | {
      readonly kind: 'repositories'
      readonly installation: RecordedInstallation
      readonly before: RecordedInstallation
      readonly sender: User
    }
