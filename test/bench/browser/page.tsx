// The page of a benchmark: the widget alone, in the mode that the address names; or a button that opens a window and nothing else.
import { createRoot } from 'react-dom/client'
import { ConnectGitHub } from '../../../widget/index.ts'

const BareButton = () => (
  <button
    data-cgh-state="not_connected"
    onClick={() => window.open('/bare', 'bare', 'popup,width=980,height=760')}
  >
    Connect GitHub
  </button>
)

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
const mode = location.search === '?redirect' ? 'redirect' : 'popup'
createRoot(root).render(location.search === '?bare' ? <BareButton /> : <ConnectGitHub mode={mode} />)
