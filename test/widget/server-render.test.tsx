// Server rendering, in plain Node: no window, no document, no request.
import { renderToString } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import { ConnectGitHub } from '../../widget/index.ts'

it('renders the skeleton on a server without a window, a request or a warning', () => {
  expect(typeof window).toBe('undefined')
  const request = vi.fn<typeof fetch>()
  vi.stubGlobal('fetch', request)
  const complain = vi.spyOn(console, 'error')
  const html = renderToString(
    <ConnectGitHub token="secret-token" appearance={{ variables: { accent: 'red' } }} />,
  )
  expect(html).toContain('data-cgh-state="loading"')
  expect(html).not.toContain('style=')
  expect(html).not.toContain('secret-token')
  expect(request).not.toHaveBeenCalled()
  expect(complain).not.toHaveBeenCalled()
})
