// The host page as a root, in StrictMode unless it is asked not to be. Apart from the components, which hot reload replaces.
import { StrictMode, type ReactNode } from 'react'
import { SettingsPage } from './SettingsPage.tsx'
import type { HostOptions } from './read-options.ts'

/** To be rendered as the root itself: below anything else, React does not mount twice what StrictMode holds. */
export const hostPage = (options: HostOptions): ReactNode =>
  options.strict ? (
    <StrictMode>
      <SettingsPage options={options} />
    </StrictMode>
  ) : (
    <SettingsPage options={options} />
  )
