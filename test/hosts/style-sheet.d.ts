// What the build writes as the type of a style sheet: an import of it brings nothing.
export {}
