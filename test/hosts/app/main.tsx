// Starts the host page in a browser: on what the server rendered, if it did.
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import '@connect-github/widget/styles.css'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { showCalls } from './calls.ts'
import { hostPage } from './host-page.tsx'
import { readOptions } from './read-options.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('the page has no root')
const host = hostPage(readOptions(location.search, 'browser'))
showCalls()
if (root.hasChildNodes()) hydrateRoot(root, host)
else createRoot(root).render(host)
