// The root layout: a server component, with the widget's styles.
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import '@connect-github/widget/styles.css'

export const metadata = { title: 'Next host' }

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
