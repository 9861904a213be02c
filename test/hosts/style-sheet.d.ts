// What the build writes as the type of a style sheet: an import of it brings nothing.
// eslint-disable-next-line unicorn/require-module-specifiers -- it is what makes the file a module
export {}
