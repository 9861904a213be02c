// Reads Layers' status of a binding: whether it works, and why not.
import type { ReconnectReason } from '../contract.ts'

/** Null when the binding works. Layers may add statuses; whatever is not `active` cannot be used. */
export function reconnectReasonOf(status: string): ReconnectReason | null {
  if (status === 'active') return null
  return status === 'uninstalled' || status === 'suspended' ? status : 'unusable'
}
