// What TypeScript has to know of the style sheet: that a bundler knows what to do with it.
declare module '@connect-github/widget/styles.css'
