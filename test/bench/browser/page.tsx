// The page of a benchmark: the widget alone, in the mode that the address names.
import { createRoot } from 'react-dom/client'
import { ConnectGitHub } from '../../../widget/index.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
const mode = location.search === '?redirect' ? 'redirect' : 'popup'
createRoot(root).render(<ConnectGitHub mode={mode} />)
