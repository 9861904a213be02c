// Bindings: which installation belongs to which Layers organization, and how a binding is shown on the wire.

import type { AccountType, BindingStatus } from '../records.ts'
import type { Installations } from '../github/installations.ts'

/** One per organization (https://developers.layers.com/docs/api/reference/github/register-installation). */
export interface Binding {
  readonly organizationId: string
  readonly installationId: number
  readonly account: { readonly login: string; readonly type: AccountType }
  readonly registeredAt: string
}

/** What GitHub's side says about the installation of a binding now. */
export function getBindingStatus(binding: Binding, installations: Installations): BindingStatus {
  const installation = installations.findById(binding.installationId)
  if (!installation) return 'uninstalled'
  // Unverified: Layers' product page says that it follows suspensions, but names no value for them.
  return installation.suspendedAt === null ? 'active' : 'suspended'
}

/** Unverified: that Layers follows a renamed account. The sandbox asks its GitHub side on every call, so it does. */
export function getBindingAccount(binding: Binding, installations: Installations): Binding['account'] {
  return installations.findById(binding.installationId)?.account ?? binding.account
}

/** The keys of the documented answer, in their documented order. */
export function toWireBinding(binding: Binding, installations: Installations): Record<string, unknown> {
  const { login, type } = getBindingAccount(binding, installations)
  const status = getBindingStatus(binding, installations)
  return {
    installationId: binding.installationId,
    githubAccount: { login, type },
    orgLogin: login,
    status,
    registeredAt: binding.registeredAt,
  }
}
