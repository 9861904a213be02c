// Starts Brightline's web app.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import '../../widget/styles.css'
// oxlint-disable-next-line import/no-unassigned-import -- the same
import '../../widget/repositories.css'
import { App } from './App.tsx'

const root = document.getElementById('brightline')
if (root === null) throw new Error('index.html has no element with the id brightline')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
