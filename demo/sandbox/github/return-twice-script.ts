// The only script of the GitHub side: makes one submission visit the return page from two tabs.

/** Where the first tab asks for the redirect that the second tab gets. */
export const RETURN_TWICE_PATH = '/return-again'

/** Runs in the browser. The form itself goes to a new tab; this tab follows with the ticket. */
export const RETURN_TWICE_SCRIPT = `const form = document.querySelector('form[data-ticket]')
form.addEventListener('submit', (event) => {
  if (event.submitter && event.submitter.value === 'cancel') {
    form.removeAttribute('target')
    return
  }
  const again = ${JSON.stringify(RETURN_TWICE_PATH)} + '?ticket=' + encodeURIComponent(form.dataset.ticket)
  setTimeout(() => location.assign(again))
})
`
