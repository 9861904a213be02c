// Starts the gallery: first the page is prepared, then the cards are drawn.
import { StrictMode } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import '../../widget/styles.css'
// oxlint-disable-next-line import/no-unassigned-import -- as above
import '../../widget/repositories.css'
import { Brands } from './Brands.tsx'
import { installDoubles } from './browser-doubles.ts'
import { Gallery } from './Gallery.tsx'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { Toolbar } from './Toolbar.tsx'
import { Walk } from './Walk.tsx'
import { installWire } from './wire.ts'

const VIEWS: Readonly<Record<Settings['view'], (props: { settings: Settings }) => ReactNode>> = {
  cases: Gallery,
  walk: Walk,
  brands: Brands,
}

installDoubles()
installWire()
const settings = readSettings(location.search)
const View = VIEWS[settings.view]
const root = document.getElementById('gallery')
if (root === null) throw new Error('index.html has no element with the id gallery')
createRoot(root).render(
  <StrictMode>
    {settings.layout !== 'framed' && <Toolbar settings={settings} />}
    <View settings={settings} />
  </StrictMode>,
)
